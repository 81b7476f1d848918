#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/match.h"
#include "client/cli/comparison.h"
#include "client/cli/names.h"
#include "client/cli/spread.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "tests/client/cli/lab.h"

namespace engram::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

std::vector<v1::Run> ThreeRuns() {
  return {ARun(0, v1::RUN_STATE_SUCCEEDED, "hebbian", 1),
          ARun(1, v1::RUN_STATE_SUCCEEDED, "stdp_rate", 10),
          ARun(2, v1::RUN_STATE_SUCCEEDED, "stdp_rate", 9)};
}

// A server that has AnExperiment and ThreeRuns, and takes changes.
class VerbsTest : public testing::Test {
 protected:
  VerbsTest() {
    server_.On<v1::GetExperimentRequest, v1::Experiment>(
        calls::kGetExperiment,
        [](const v1::GetExperimentRequest& request)
            -> absl::StatusOr<v1::Experiment> {
          if (!absl::StartsWith(request.name(), "experiments/k7m2")) {
            return absl::NotFoundError("no experiment " + request.name());
          }
          return AnExperiment();
        });
    server_.On<v1::CreateExperimentRequest, v1::Experiment>(
        calls::kCreateExperiment,
        [](const v1::CreateExperimentRequest&) { return AnExperiment(); });
    server_.On<v1::ListExperimentsRequest, v1::ListExperimentsResponse>(
        calls::kListExperiments, [](const v1::ListExperimentsRequest&) {
          v1::ListExperimentsResponse response;
          *response.add_experiments() = AnExperiment();
          response.set_total_size(1);
          return response;
        });
    server_.On<v1::ListRunsRequest, v1::ListRunsResponse>(
        calls::kListRuns, [](const v1::ListRunsRequest& request) {
          // Two pages, of two runs and of one.
          v1::ListRunsResponse response;
          const auto runs = ThreeRuns();
          if (request.page_token().empty()) {
            *response.add_runs() = runs[0];
            *response.add_runs() = runs[1];
            response.set_next_page_token("more");
          } else {
            *response.add_runs() = runs[2];
          }
          response.set_total_size(3);
          return response;
        });
    server_.On<v1::GetRunRequest, v1::Run>(
        calls::kGetRun, [](const v1::GetRunRequest& request) {
          const std::string number = RunNumber(request.name());
          return ThreeRuns()[static_cast<size_t>(std::stoi(number))];
        });
  }

  // Answers a watch with the end of every run, then DONE.
  void EndRuns(std::vector<v1::Run> runs) {
    server_.OnStream<v1::WatchRequest, v1::WatchResponse>(
        calls::kWatch, [runs](const v1::WatchRequest&) {
          std::vector<v1::WatchResponse> responses(2);
          for (const v1::Run& run : runs) {
            auto* event = responses[0].add_events();
            event->set_parent(run.name());
            *event->mutable_state()->mutable_run() = run;
          }
          responses[0].set_bookmark(17);
          responses[1].set_bookmark(17);
          responses[1].set_end(v1::WatchResponse::END_DONE);
          return responses;
        });
  }

  FakeServer server_;
};

TEST_F(VerbsTest, ListShowsExperimentsInAlignedColumns) {
  const Outcome outcome = Engram(server_, {"list"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(
      outcome.out,
      "experiment  title                             owner  runs"
      "                tags    submitted\n"
      "k7m2q9xw4p  which rules can store a sequence  ada    2/3 done, 1 failed"
      "  thesis  3 min ago\n");
}

TEST_F(VerbsTest, ListOfAnExperimentGoesThroughAllPages) {
  const Outcome outcome =
      Engram(server_, {"list", "k7m2", "--limit", "0", "-o", "csv", "--columns",
                       "name,experiment.rule.type,"
                       "sequence_length"});
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(outcome.out,
            "name,experiment.rule.type,sequence_length\n"
            "k7m2q9xw4p/0,hebbian,1\n"
            "k7m2q9xw4p/1,stdp_rate,10\n"
            "k7m2q9xw4p/2,stdp_rate,9\n");
  EXPECT_EQ(server_.Requests(calls::kListRuns)[0].parent(), "experiments/k7m2");
}

TEST_F(VerbsTest, NamesAreWhatOtherVerbsTake) {
  EXPECT_EQ(Engram(server_, {"list", "-o", "name"}).out, "k7m2q9xw4p\n");
}

TEST_F(VerbsTest, JsonIsThatOfTheMessages) {
  const Outcome outcome = Engram(server_, {"get", "k7m2/1", "-o", "jsonl"});
  EXPECT_THAT(outcome.out,
              StartsWith("{\"name\":\"experiments/k7m2q9xw4p/runs/1\","));
  EXPECT_THAT(outcome.out, HasSubstr("\"state\":\"RUN_STATE_SUCCEEDED\""));
  EXPECT_THAT(outcome.out,
              HasSubstr("\"summary\":{\"sequence_length\":{\"unit\":\"1\","
                        "\"value\":10}}"));
  EXPECT_THAT(outcome.out, HasSubstr("\"resultHash\":\"\""));
}

TEST_F(VerbsTest, FiltersAddUp) {
  Engram(server_, {"list", "--filter", "a = 1 OR b = 2", "--tag", "thesis",
                   "--state", "FAILED"});
  EXPECT_EQ(server_.Requests(calls::kListExperiments)[0].filter(),
            "(a = 1 OR b = 2) AND tag = thesis AND state IN (FAILED)");
}

TEST_F(VerbsTest, AnUnknownColumnGetsTheNearest) {
  const Outcome outcome = Engram(server_, {"list", "-c", "titel"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("did you mean title?"));
  EXPECT_THAT(outcome.out, IsEmpty());
}

TEST_F(VerbsTest, WhatIsNotThereIsNotFound) {
  const Outcome outcome = Engram(server_, {"get", "zzzz"});
  EXPECT_EQ(outcome.code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("experiments/zzzz"));
}

TEST_F(VerbsTest, SubmitSendsTheTextAndWhatIsChangedInIt) {
  const Outcome outcome =
      Engram(server_,
             {"submit", "-", "--set", "experiment.rule.eta=2e-5", "--sweep",
              "experiment.network.tau=[5 ms, 10 ms]", "--seeds", "1..3",
              "--tag", "a", "--tag", "b", "--priority", "-3"},
             {.input = "name: x\n"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            "k7m2q9xw4p  which rules can store a sequence: 3 runs queued\n"
            "watch it with: engram watch k7m2q9xw4p\n");
  const auto request = server_.Requests(calls::kCreateExperiment)[0];
  EXPECT_EQ(request.source().text(), "name: x\n");
  EXPECT_EQ(request.source().set(0).path(), "experiment.rule.eta");
  EXPECT_EQ(request.source().sweep(0).expression(), "[5 ms, 10 ms]");
  EXPECT_EQ(request.source().seeds(), "1..3");
  EXPECT_THAT(request.tags(), ElementsAre("a", "b"));
  EXPECT_EQ(request.priority(), -3);
  EXPECT_FALSE(request.request_id().empty());
}

TEST_F(VerbsTest, SubmitOfANameTakesThePreset) {
  Engram(server_, {"submit", "flagship"});
  EXPECT_EQ(server_.Requests(calls::kCreateExperiment)[0].source().preset(),
            "flagship");
}

TEST_F(VerbsTest, SubmitOfAFileThatIsNotThereSaysSo) {
  const Outcome outcome = Engram(server_, {"submit", "nothere.yaml"});
  EXPECT_EQ(outcome.code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("no file nothere.yaml"));
}

TEST_F(VerbsTest, SubmitPrintsEveryFaultAndExitsWithTwo) {
  server_.On<v1::CreateExperimentRequest, v1::Experiment>(
      calls::kCreateExperiment,
      [](const v1::CreateExperimentRequest&) -> absl::StatusOr<v1::Experiment> {
        google::rpc::BadRequest bad;
        for (const int line : {9, 4}) {
          auto* violation = bad.add_field_violations();
          violation->set_field("text:" + std::to_string(line) + ":a.b");
          violation->set_description("no such parameter");
        }
        return WithDetails(absl::StatusCode::kInvalidArgument, "2 faults", bad);
      });
  const Outcome outcome =
      Engram(server_, {"submit", "-"}, {.input = "name: x\n"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.err,
            "<stdin>:4: a.b: no such parameter\n"
            "<stdin>:9: a.b: no such parameter\n");
}

TEST_F(VerbsTest, SubmitAndWaitEndsWithTheRuns) {
  EndRuns(ThreeRuns());
  EXPECT_EQ(Engram(server_, {"submit", "flagship", "--wait"}).code, 0);
}

TEST_F(VerbsTest, WatchTellsOfEveryRunThatEnds) {
  auto runs = ThreeRuns();
  runs[2].set_state(v1::RUN_STATE_FAILED);
  runs[2].clear_summary();
  runs[2].mutable_error()->set_message("rates diverge");
  EndRuns(runs);
  const Outcome outcome = Engram(server_, {"watch", "k7m2"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.out,
            "k7m2q9xw4p/0 succeeded (rule.type hebbian, seed 1): "
            "sequence_length 1\n"
            "k7m2q9xw4p/1 succeeded (rule.type stdp_rate, seed 2): "
            "sequence_length 10\n"
            "k7m2q9xw4p/2 failed (rule.type stdp_rate, seed 3): rates "
            "diverge\n"
            "3 of 3 runs ended\n");
}

TEST_F(VerbsTest, WatchDrawsOnATerminal) {
  EndRuns(ThreeRuns());
  const Outcome outcome =
      Engram(server_, {"watch", "k7m2"}, {.terminal = true});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("3 of 3 runs"));
  EXPECT_THAT(outcome.out, HasSubstr("\x1b[?25h"));
}

TEST_F(VerbsTest, WatchGoesOnFromItsBookmarkWhenTheServerIsBack) {
  int calls = 0;
  std::vector<int64_t> from;
  server_.OnStream<v1::WatchRequest, v1::WatchResponse>(
      calls::kWatch,
      [&](const v1::WatchRequest& request)
          -> absl::StatusOr<std::vector<v1::WatchResponse>> {
        from.push_back(request.from_sequence());
        if (++calls == 2) return absl::UnavailableError("starting");
        std::vector<v1::WatchResponse> responses(1);
        if (calls == 1) {
          for (const v1::Run& run : ThreeRuns()) {
            auto* event = responses[0].add_events();
            event->set_parent(run.name());
            *event->mutable_state()->mutable_run() = run;
          }
          responses[0].set_bookmark(41);
          responses[0].set_end(v1::WatchResponse::END_STOPPING);
        } else {
          responses[0].set_bookmark(41);
          responses[0].set_end(v1::WatchResponse::END_DONE);
        }
        return responses;
      });
  const Outcome outcome = Engram(server_, {"watch", "k7m2"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(from, ElementsAre(-1, 41, 41));
  EXPECT_THAT(outcome.err, HasSubstr("the server is back"));
}

TEST_F(VerbsTest, WatchStartsAnewWhenTheServerStopsBeforeABookmark) {
  std::vector<int64_t> from;
  server_.OnStream<v1::WatchRequest, v1::WatchResponse>(
      calls::kWatch,
      [&](const v1::WatchRequest& request)
          -> absl::StatusOr<std::vector<v1::WatchResponse>> {
        from.push_back(request.from_sequence());
        const bool is_first = from.size() == 1;
        std::vector<v1::WatchResponse> responses(1);
        for (const v1::Run& run : ThreeRuns()) {
          auto* event = responses[0].add_events();
          event->set_parent(run.name());
          *event->mutable_state()->mutable_run() = run;
          if (is_first) break;  // the others would have come next
        }
        responses[0].set_bookmark(is_first ? 0 : 41);
        responses[0].set_end(is_first ? v1::WatchResponse::END_STOPPING
                                      : v1::WatchResponse::END_DONE);
        return responses;
      });
  EXPECT_EQ(Engram(server_, {"watch", "k7m2"}).code, 0);
  EXPECT_THAT(from, ElementsAre(-1, -1));
}

TEST_F(VerbsTest, CheckPrintsTheClaimsAndFailsUnlessAllHold) {
  EndRuns(ThreeRuns());
  v1::Experiment experiment = AnExperiment();
  auto* claim = experiment.add_claims();
  claim->set_that("every item is recalled");
  claim->set_source("Kleinfeld (1986)");
  claim->set_expect("equals 10");
  claim->set_measured(10);
  claim->set_outcome(v1::CLAIM_OUTCOME_HOLDS);
  *experiment.add_claims() = *claim;
  auto* second = experiment.mutable_claims(1);
  second->set_that("nothing survives");
  second->set_measured(0.25);
  second->set_outcome(v1::CLAIM_OUTCOME_FAILS);
  const auto answer = [experiment](const auto&) { return experiment; };
  server_.On<v1::CreateExperimentRequest, v1::Experiment>(
      calls::kCreateExperiment, answer);
  server_.On<v1::GetExperimentRequest, v1::Experiment>(calls::kGetExperiment,
                                                       answer);
  const Outcome outcome = Engram(server_, {"check", "flagship"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(
      outcome.out,
      HasSubstr("claim                   source            expected   "
                "published  measured  outcome\n"
                "every item is recalled  Kleinfeld (1986)  equals 10  -       "
                "         10  holds\n"
                "nothing survives        Kleinfeld (1986)  equals 10  -       "
                "       0.25  FAILS\n"
                "\n1 of 2 claims holds\n"));
}

TEST_F(VerbsTest, VerifySaysEqualOrWhatDiffers) {
  v1::Verification verification;
  verification.set_name("experiments/k7m2q9xw4p/runs/1/verifications/1");
  verification.set_outcome(v1::Verification::OUTCOME_PENDING);
  server_.On<v1::VerifyRunRequest, v1::Verification>(
      calls::kVerifyRun, [=](const auto&) { return verification; });
  verification.set_outcome(v1::Verification::OUTCOME_EQUAL);
  verification.set_items_compared(1200);
  server_.On<v1::GetVerificationRequest, v1::Verification>(
      calls::kGetVerification, [=](const auto&) { return verification; });
  Outcome outcome = Engram(server_, {"verify", "k7m2/1"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.out, StartsWith("EQUAL  1,200 items"));
  verification.set_outcome(v1::Verification::OUTCOME_DIFFERENT);
  verification.set_difference("item 17, series weight_norm at trial 4");
  server_.On<v1::GetVerificationRequest, v1::Verification>(
      calls::kGetVerification, [=](const auto&) { return verification; });
  outcome = Engram(server_, {"verify", "k7m2/1"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.out, "DIFFERENT  item 17, series weight_norm at trial 4\n");
}

TEST_F(VerbsTest, MetricsGiveEveryPointAsCsv) {
  server_.On<v1::ListSeriesRequest, v1::ListSeriesResponse>(
      calls::kListSeries, [](const auto&) {
        v1::ListSeriesResponse response;
        for (const char* name : {"weight_norm", "recall"}) {
          response.add_series()->set_name(name);
          response.mutable_series()->rbegin()->set_x("trial");
        }
        return response;
      });
  server_.On<v1::ReadSeriesRequest, v1::ReadSeriesResponse>(
      calls::kReadSeries, [](const v1::ReadSeriesRequest& request) {
        v1::ReadSeriesResponse response;
        const auto from = request.from_index();
        response.add_x(static_cast<double>(from));
        response.add_values(0.5);
        const bool recall = request.series() == "recall";
        if (recall && from == 1) response.add_absent(0);
        if (from == 0) response.set_next_index(1);
        return response;
      });
  const Outcome outcome = Engram(server_, {"metrics", "k7m2/1", "-o", "csv"});
  EXPECT_EQ(outcome.out,
            "trial,weight_norm,recall\n"
            "0,0.5,0.5\n"
            "1,0.5,\n");
  const Outcome unknown = Engram(server_, {"metrics", "k7m2/1", "recal"});
  EXPECT_EQ(unknown.code, 3);
  EXPECT_THAT(unknown.err, HasSubstr("did you mean recall?"));
}

TEST_F(VerbsTest, AnArrayComesAsNpy) {
  server_.OnStream<v1::ReadArrayRequest, v1::ReadArrayResponse>(
      calls::kReadArray, [](const v1::ReadArrayRequest&) {
        std::vector<v1::ReadArrayResponse> responses(2);
        auto* manifest = responses[0].mutable_array()->mutable_manifest();
        manifest->set_type(v1::ELEMENT_TYPE_UINT8);
        manifest->set_order(v1::ARRAY_ORDER_COLUMN_MAJOR);
        manifest->add_shape(2);
        manifest->add_shape(2);
        manifest->set_byte_size(4);
        responses[0].set_data("ab");
        responses[1].set_data("cd");
        return responses;
      });
  const Outcome outcome = Engram(
      server_, {"snapshots", "k7m2/1", "-", "--get", "w@20", "-o", "npy"});
  EXPECT_EQ(outcome.err, "");
  EXPECT_THAT(outcome.out, HasSubstr("'|u1', 'fortran_order': True"));
  EXPECT_EQ(outcome.out.substr(outcome.out.size() - 4), "abcd");
}

TEST_F(VerbsTest, CompareGroupsOverSeeds) {
  const Outcome outcome = Engram(server_, {"compare", "k7m2"});
  EXPECT_EQ(outcome.out,
            "                        1 run        2 runs\n"
            "experiment.rule.type  hebbian     stdp_rate\n"
            "sequence_length             1  9.5 ± 0.7071\n");
}

TEST_F(VerbsTest, CompareSetsRunsSideBySide) {
  const Outcome outcome = Engram(server_, {"compare", "k7m2/0", "k7m2/1"});
  EXPECT_EQ(outcome.out,
            "                      k7m2q9xw4p/0  k7m2q9xw4p/1\n"
            "experiment.rule.type       hebbian     stdp_rate\n"
            "seed                             1             2\n"
            "sequence_length                  1            10\n");
}

TEST_F(VerbsTest, DeleteNeedsAYes) {
  server_.On<v1::DeleteExperimentRequest, v1::DeleteExperimentResponse>(
      calls::kDeleteExperiment,
      [](const auto&) { return v1::DeleteExperimentResponse(); });
  EXPECT_EQ(Engram(server_, {"delete", "k7m2"}).code, 2);
  EXPECT_THAT(server_.Requests(calls::kDeleteExperiment), IsEmpty());
  EXPECT_EQ(
      Engram(server_, {"delete", "k7m2"}, {.input = "n\n", .terminal = true})
          .code,
      0);
  EXPECT_THAT(server_.Requests(calls::kDeleteExperiment), IsEmpty());
  EXPECT_EQ(Engram(server_, {"delete", "k7m2", "--yes"}).out,
            "deleted k7m2q9xw4p\n");
  EXPECT_EQ(server_.Requests(calls::kDeleteExperiment).size(), 1);
}

TEST_F(VerbsTest, TagKeepsTheTagsThatAreThereAndTheEtag) {
  server_.On<v1::UpdateExperimentRequest, v1::Experiment>(
      calls::kUpdateExperiment, [](const v1::UpdateExperimentRequest& request) {
        return request.experiment();
      });
  const Outcome outcome = Engram(server_, {"tag", "k7m2", "figure-3"});
  EXPECT_EQ(outcome.out, "k7m2q9xw4p: thesis figure-3\n");
  const auto request = server_.Requests(calls::kUpdateExperiment)[0];
  EXPECT_EQ(request.experiment().etag(), "7");
  EXPECT_THAT(request.update_mask().paths(), ElementsAre("tags"));
}

TEST_F(VerbsTest, LoginStoresATokenThatWorks) {
  server_.On<v1::WhoAmIRequest, v1::WhoAmIResponse>(
      calls::kWhoAmI, [](const auto&) {
        v1::WhoAmIResponse response;
        response.set_user("users/ada");
        response.set_scope(v1::SCOPE_SUBMITTER);
        return response;
      });
  const std::string home = testing::TempDir() + "/login-home";
  const Outcome outcome = Engram(server_, {"login", "--server", "here:1"},
                                 {.input = " fresh\n", .home = home});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out,
              StartsWith("logged in at here:1 as ada (submitter)\n"));
  EXPECT_EQ(server_.calls()[0].authorization, "Bearer fresh");
  std::ifstream file(home + "/engram/client.yaml");
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  EXPECT_EQ(text, "server: here:1\ntoken: \"fresh\"\n");
  std::filesystem::remove_all(home);
}

TEST_F(VerbsTest, LoginTakesTheServerAndRemembersItsAuthority) {
  server_.On<v1::WhoAmIRequest, v1::WhoAmIResponse>(
      calls::kWhoAmI, [](const auto&) { return v1::WhoAmIResponse(); });
  const std::string home = testing::TempDir() + "/login-ca-home";
  std::filesystem::create_directories(home);
  const std::string ca = home + "/lab-ca.pem";
  std::ofstream(ca) << "-----BEGIN CERTIFICATE-----\n";
  const Outcome outcome =
      Engram(server_, {"login", "lab.example:7070", "--ca", ca},
             {.input = "fresh\n", .home = home});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, StartsWith("logged in at lab.example:7070"));
  std::ifstream file(home + "/engram/client.yaml");
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  EXPECT_THAT(text, HasSubstr("server: lab.example:7070\n"));
  EXPECT_THAT(text, HasSubstr("ca: \"" + ca + "\"\n"));
  std::filesystem::remove_all(home);
}

TEST_F(VerbsTest, LoginLinkIsShownToATerminalAlone) {
  server_.On<v1::CreateLoginLinkRequest, v1::CreateLoginLinkResponse>(
      calls::kCreateLoginLink, [](const auto&) {
        v1::CreateLoginLinkResponse response;
        response.set_url("http://127.0.0.1:7080/login?code=abc");
        response.mutable_expire_time()->set_seconds(
            absl::ToUnixSeconds(Noon() + absl::Minutes(10)));
        return response;
      });
  const Outcome piped = Engram(server_, {"login", "--link"});
  EXPECT_EQ(piped.code, 2);
  EXPECT_THAT(piped.err, HasSubstr("not a terminal"));
  EXPECT_THAT(server_.calls(), IsEmpty());
  const Outcome shown =
      Engram(server_, {"login", "--link"}, {.terminal = true});
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_EQ(shown.out, "http://127.0.0.1:7080/login?code=abc\n");
  EXPECT_THAT(shown.err, HasSubstr("within 10 min"));
}

TEST_F(VerbsTest, AuditShowsWhoDidWhatAndFilters) {
  server_.On<v1::ListAuditEntriesRequest, v1::ListAuditEntriesResponse>(
      calls::kListAuditEntries, [](const auto&) {
        v1::ListAuditEntriesResponse response;
        auto* entry = response.add_entries();
        entry->mutable_time()->set_seconds(absl::ToUnixSeconds(Noon()));
        entry->set_user("users/ada");
        entry->set_token("tokens/3");
        entry->set_method("engram.v1.Experiments.Cancel");
        entry->set_resource("experiments/k7m2q9xw4p\x1b[2J");
        entry->set_outcome("PERMISSION_DENIED");
        entry->set_peer("tls+ipv4:10.0.0.7:40112");
        return response;
      });
  const Outcome outcome =
      Engram(server_, {"admin", "audit", "--user", "ada", "--method", "Cancel",
                       "--since", "7 d", "--until", "2026-01-31"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  for (const char* part : {"ada", "Experiments.Cancel", "PERMISSION_DENIED",
                           "k7m2q9xw4p", "tls+ipv4:10.0.0.7:40112"}) {
    EXPECT_THAT(outcome.out, HasSubstr(part));
  }
  EXPECT_FALSE(absl::StrContains(outcome.out, "\x1b"));
  const auto request = server_.Requests(calls::kListAuditEntries)[0];
  EXPECT_EQ(request.user(), "ada");
  EXPECT_EQ(request.method(), "Cancel");
  EXPECT_EQ(request.from_time().seconds(),
            absl::ToUnixSeconds(Noon() - absl::Hours(7 * 24)));
  EXPECT_EQ(request.until_time().seconds(),
            absl::ToUnixSeconds(Noon() - absl::Hours(12)));
  const Outcome wrong =
      Engram(server_, {"admin", "audit", "--since", "yesterday"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("--since yesterday: takes a day"));
}

TEST_F(VerbsTest, CompletionAsksTheServerForNames) {
  EXPECT_EQ(Engram(server_, {"__complete", "--", "get", "k7"}).out,
            "k7m2q9xw4p\nk7m2q9xw4p/0\nk7m2q9xw4p/1\n");
}

TEST_F(VerbsTest, HelpAndVersionNeedNoServer) {
  FakeServer silent;
  const Outcome help = Engram(silent, {"--help"});
  EXPECT_EQ(help.code, 0);
  for (const char* verb : {"submit", "watch", "check", "admin", "login"}) {
    EXPECT_THAT(help.out, HasSubstr(verb));
  }
  EXPECT_THAT(Engram(silent, {"--version"}).out, StartsWith("engram "));
  EXPECT_EQ(Engram(silent, {}).code, 2);
  const Outcome unknown = Engram(silent, {"sbmit"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("did you mean submit?"));
  EXPECT_THAT(silent.calls(), IsEmpty());
}

TEST_F(VerbsTest, EveryVerbHasAManualPage) {
  const std::string folder = testing::TempDir() + "/engram-man";
  EXPECT_EQ(Engram(server_, {"--man", folder}).code, 0);
  for (const char* page :
       {"engram.1", "engram-submit.1", "engram-admin-tokens-create.1"}) {
    EXPECT_TRUE(std::filesystem::exists(folder + "/" + page)) << page;
  }
  std::filesystem::remove_all(folder);
}

TEST(NamesTest, LongAndShortFormsMeanTheSame) {
  EXPECT_EQ(ShortName("experiments/k7m2q9xw4p/runs/17"), "k7m2q9xw4p/17");
  EXPECT_EQ(ShortName("users/ada"), "ada");
  EXPECT_EQ(FullName("k7m2/17"), "experiments/k7m2/runs/17");
  EXPECT_EQ(FullName("experiments/k7m2"), "experiments/k7m2");
  EXPECT_EQ(ExperimentId("experiments/k7m2/runs/3"), "k7m2");
  EXPECT_TRUE(IsRunName("k7m2/3"));
  EXPECT_FALSE(IsRunName("k7m2"));
}

TEST(NamesTest, PathsAreCutWhereTheyStayDifferent) {
  const auto paths =
      ShortPaths({"experiment.rule.type", "seed", "experiment.net.e.tau",
                  "experiment.net.i.tau"});
  EXPECT_EQ(paths.at("experiment.rule.type"), "rule.type");
  EXPECT_EQ(paths.at("seed"), "seed");
  EXPECT_EQ(paths.at("experiment.net.e.tau"), "e.tau");
}

TEST(SpreadTest, IsOfASample) {
  const Spread spread = SpreadOf({1, 2, 3, 4});
  EXPECT_DOUBLE_EQ(spread.mean, 2.5);
  EXPECT_NEAR(spread.deviation, 1.2909944487, 1e-9);
  EXPECT_EQ(SpreadText(SpreadOf({10})), "10");
  EXPECT_EQ(SpreadText(SpreadOf({10, 10})), "10 ± 0");
}

TEST(ComparisonTest, TreesAreComparedLeafByLeaf) {
  v1::Run a = ARun(0, v1::RUN_STATE_SUCCEEDED, "hebbian", 1);
  v1::Run b = a;
  a.set_tree_json(R"({"experiment":{"rule":{"type":"hebbian"}},"seed":1})");
  b.set_tree_json(
      R"({"experiment":{"rule":{"a_minus":0.5,"type":"stdp_rate"}},"seed":1})");
  const Comparison comparison = CompareRuns({a, b});
  EXPECT_THAT(comparison.parameters,
              ElementsAre("experiment.rule.a_minus", "experiment.rule.type"));
  EXPECT_EQ(comparison.items[0].parameters.at("experiment.rule.a_minus"), "-");
}

}  // namespace
}  // namespace engram::cli
