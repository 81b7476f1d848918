// Changes, and who may make them.
#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/match.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/client/cli/verbs_fixture.h"

namespace engram::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

using AccountsVerbsTest = VerbsTest;

TEST_F(AccountsVerbsTest, DeleteNeedsAYes) {
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

TEST_F(AccountsVerbsTest, TagKeepsTheTagsThatAreThereAndTheEtag) {
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

TEST_F(AccountsVerbsTest, LoginStoresATokenThatWorks) {
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

TEST_F(AccountsVerbsTest, LoginTakesTheServerAndRemembersItsAuthority) {
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

TEST_F(AccountsVerbsTest, LoginLinkIsShownToATerminalAlone) {
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

TEST_F(AccountsVerbsTest, AuditShowsWhoDidWhatAndFilters) {
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

}  // namespace
}  // namespace engram::cli
