// What there is: lists, names, filters, and help.
#include <filesystem>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/client/cli/verbs_fixture.h"

namespace engram::cli {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

using ListVerbTest = VerbsTest;

TEST_F(ListVerbTest, ListShowsExperimentsInAlignedColumns) {
  const Outcome outcome = Engram(server_, {"list"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(
      outcome.out,
      "experiment  title                             owner  runs"
      "                tags    submitted\n"
      "k7m2q9xw4p  which rules can store a sequence  ada    2/3 done, 1 failed"
      "  thesis  3 min ago\n");
}

TEST_F(ListVerbTest, ListOfAnExperimentGoesThroughAllPages) {
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

TEST_F(ListVerbTest, NamesAreWhatOtherVerbsTake) {
  EXPECT_EQ(Engram(server_, {"list", "-o", "name"}).out, "k7m2q9xw4p\n");
}

TEST_F(ListVerbTest, JsonIsThatOfTheMessages) {
  const Outcome outcome = Engram(server_, {"get", "k7m2/1", "-o", "jsonl"});
  EXPECT_THAT(outcome.out,
              StartsWith("{\"name\":\"experiments/k7m2q9xw4p/runs/1\","));
  EXPECT_THAT(outcome.out, HasSubstr("\"state\":\"RUN_STATE_SUCCEEDED\""));
  EXPECT_THAT(outcome.out,
              HasSubstr("\"summary\":{\"sequence_length\":{\"unit\":\"1\","
                        "\"value\":10}}"));
  EXPECT_THAT(outcome.out, HasSubstr("\"resultHash\":\"\""));
}

TEST_F(ListVerbTest, FiltersAddUp) {
  Engram(server_, {"list", "--filter", "a = 1 OR b = 2", "--tag", "thesis",
                   "--state", "FAILED"});
  EXPECT_EQ(server_.Requests(calls::kListExperiments)[0].filter(),
            "(a = 1 OR b = 2) AND tag = thesis AND state IN (FAILED)");
}

TEST_F(ListVerbTest, AnUnknownColumnGetsTheNearest) {
  const Outcome outcome = Engram(server_, {"list", "-c", "titel"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("did you mean title?"));
  EXPECT_THAT(outcome.out, IsEmpty());
}

TEST_F(ListVerbTest, WhatIsNotThereIsNotFound) {
  const Outcome outcome = Engram(server_, {"get", "zzzz"});
  EXPECT_EQ(outcome.code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("experiments/zzzz"));
}

TEST_F(ListVerbTest, CompletionAsksTheServerForNames) {
  EXPECT_EQ(Engram(server_, {"__complete", "--", "get", "k7"}).out,
            "k7m2q9xw4p\nk7m2q9xw4p/0\nk7m2q9xw4p/1\n");
}

TEST_F(ListVerbTest, HelpAndVersionNeedNoServer) {
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

TEST_F(ListVerbTest, EveryVerbHasAManualPage) {
  const std::string folder = testing::TempDir() + "/engram-man";
  EXPECT_EQ(Engram(server_, {"--man", folder}).code, 0);
  for (const char* page :
       {"engram.1", "engram-submit.1", "engram-admin-tokens-create.1"}) {
    EXPECT_TRUE(std::filesystem::exists(folder + "/" + page)) << page;
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace engram::cli
