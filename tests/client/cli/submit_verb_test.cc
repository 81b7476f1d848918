// Submitting, and what waits for the end.
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "tests/client/cli/verbs_fixture.h"

namespace engram::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using SubmitVerbTest = VerbsTest;

TEST_F(SubmitVerbTest, SubmitSendsTheTextAndWhatIsChangedInIt) {
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

TEST_F(SubmitVerbTest, SubmitOfANameTakesThePreset) {
  Engram(server_, {"submit", "flagship"});
  EXPECT_EQ(server_.Requests(calls::kCreateExperiment)[0].source().preset(),
            "flagship");
}

TEST_F(SubmitVerbTest, SubmitOfAFileThatIsNotThereSaysSo) {
  const Outcome outcome = Engram(server_, {"submit", "nothere.yaml"});
  EXPECT_EQ(outcome.code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("no file nothere.yaml"));
}

TEST_F(SubmitVerbTest, SubmitOfWhatIsNoTextSaysWhatItIs) {
  const auto refusal = [&](std::string input) {
    const Outcome outcome =
        Engram(server_, {"submit", "-"}, {.input = std::move(input)});
    EXPECT_EQ(outcome.code, 2);
    return outcome.err;
  };
  EXPECT_THAT(refusal(""), HasSubstr("standard input is empty"));
  EXPECT_THAT(refusal("a: 1\nb: \xff\n"),
              HasSubstr("standard input is no text: byte 8 (from 0), in line "
                        "2, is not UTF-8"));
  EXPECT_THAT(refusal(std::string(3 << 20, 'a')),
              HasSubstr("an experiment has at most 1 MiB"));
  const Outcome folder = Engram(server_, {"submit", "/"});
  EXPECT_EQ(folder.code, 2);
  EXPECT_THAT(folder.err, HasSubstr("/ is a folder; wanted a YAML file"));
  const Outcome flag = Engram(server_, {"submit", "-", "--tag", "\xff"});
  EXPECT_EQ(flag.code, 2);
  EXPECT_THAT(flag.err, HasSubstr("argument 4 is not UTF-8"));
  EXPECT_TRUE(server_.Requests(calls::kCreateExperiment).empty());
}

TEST_F(SubmitVerbTest, SubmitPrintsEveryFaultAndExitsWithTwo) {
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

TEST_F(SubmitVerbTest, SubmitAndWaitEndsWithTheRuns) {
  EndRuns(ThreeRuns());
  EXPECT_EQ(Engram(server_, {"submit", "flagship", "--wait"}).code, 0);
}

TEST_F(SubmitVerbTest, SubmitAndWaitSaysWhatFailed) {
  auto runs = ThreeRuns();
  runs[2].set_state(v1::RUN_STATE_FAILED);
  runs[2].clear_summary();
  runs[2].mutable_error()->set_message("rates diverge");
  EndRuns(runs);
  const Outcome outcome = Engram(server_, {"submit", "flagship", "--wait"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.err,
            "engram: k7m2q9xw4p/2 failed (rule.type stdp_rate, seed 3): rates "
            "diverge\n");
}

TEST_F(SubmitVerbTest, WatchTellsOfEveryRunThatEnds) {
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

TEST_F(SubmitVerbTest, WatchDrawsOnATerminal) {
  EndRuns(ThreeRuns());
  const Outcome outcome =
      Engram(server_, {"watch", "k7m2"}, {.terminal = true});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("3 of 3 runs"));
  EXPECT_THAT(outcome.out, HasSubstr("\x1b[?25h"));
}

TEST_F(SubmitVerbTest, WatchGoesOnFromItsBookmarkWhenTheServerIsBack) {
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

TEST_F(SubmitVerbTest, WatchStartsAnewWhenTheServerStopsBeforeABookmark) {
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

}  // namespace
}  // namespace engram::cli
