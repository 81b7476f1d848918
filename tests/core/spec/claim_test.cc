#include "core/spec/claim.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/spec/experiment.h"
#include "core/spec/sweep_names.h"
#include "tests/core/spec/test_catalog.h"

namespace engram {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

RunOutcome RunOf(const std::string& rule, std::optional<double> length) {
  RunOutcome run;
  run.varying = {{"experiment.rule.type", rule}};
  run.succeeded = true;
  run.values["length"] = length;
  return run;
}

std::vector<RunOutcome> Runs() {
  return {RunOf("stdp", 10), RunOf("stdp", 8), RunOf("stdp", 9),
          RunOf("hebb", 2), RunOf("hebb", 4)};
}

Claim Of(const std::string& rule) {
  Claim claim;
  claim.value = "length";
  claim.where = {{"experiment.rule.type", rule}};
  return claim;
}

double Measured(const Claim& claim) {
  return Evaluate(claim, Runs()).measured.value_or(-1);
}

TEST(EvaluateTest, ReducesTheGroup) {
  Claim claim = Of("stdp");
  EXPECT_EQ(Measured(claim), 9);
  EXPECT_EQ(Evaluate(claim, Runs()).runs, 3);
  claim.reduce = Claim::Reduce::kMinimum;
  EXPECT_EQ(Measured(claim), 8);
  claim.reduce = Claim::Reduce::kMaximum;
  EXPECT_EQ(Measured(claim), 10);
  claim.reduce = Claim::Reduce::kFraction;
  claim.fraction_at_least = 9;
  EXPECT_EQ(Measured(claim), 2.0 / 3);
  claim = Of("hebb");
  claim.reduce = Claim::Reduce::kMedian;
  EXPECT_EQ(Measured(claim), 3);
  claim.where.clear();
  EXPECT_EQ(Measured(claim), 8);
}

TEST(EvaluateTest, ComparesWithAnotherGroup) {
  Claim claim = Of("stdp");
  claim.against_where = Of("hebb").where;
  claim.against = Claim::Against::kDifference;
  EXPECT_EQ(Measured(claim), 6);
  claim.against = Claim::Against::kRatio;
  EXPECT_EQ(Measured(claim), 3);
}

TEST(EvaluateTest, HoldsOrFailsAtTheBound) {
  Claim claim = Of("stdp");  // mean 9
  const auto outcome = [&](Claim::Expect expect, double low, double high) {
    claim.expect = expect;
    claim.low = low;
    claim.high = high;
    return Evaluate(claim, Runs()).outcome;
  };
  EXPECT_EQ(outcome(Claim::Expect::kAtLeast, 9, 0), Outcome::kHolds);
  EXPECT_EQ(outcome(Claim::Expect::kAtLeast, 9.1, 0), Outcome::kFails);
  EXPECT_EQ(outcome(Claim::Expect::kAtMost, 9, 0), Outcome::kHolds);
  EXPECT_EQ(outcome(Claim::Expect::kAtMost, 8.9, 0), Outcome::kFails);
  EXPECT_EQ(outcome(Claim::Expect::kWithin, 8, 9), Outcome::kHolds);
  EXPECT_EQ(outcome(Claim::Expect::kWithin, 9.5, 10), Outcome::kFails);
  EXPECT_EQ(outcome(Claim::Expect::kEquals, 9, 0), Outcome::kHolds);
  EXPECT_EQ(outcome(Claim::Expect::kEquals, 9.5, 0), Outcome::kFails);
  claim.tolerance = 0.5;
  EXPECT_EQ(outcome(Claim::Expect::kEquals, 9.5, 0), Outcome::kHolds);
}

TEST(EvaluateTest, IsUndecidedWithAReason) {
  const auto reason = [](const Claim& claim, const RunOutcome& more) {
    std::vector<RunOutcome> runs = Runs();
    runs.push_back(more);
    const ClaimResult result = Evaluate(claim, runs);
    EXPECT_EQ(result.outcome, Outcome::kUndecided);
    EXPECT_FALSE(result.measured.has_value());
    return result.reason;
  };
  EXPECT_EQ(reason(Of("oja"), RunOf("stdp", 1)), "no run is in the group");
  RunOutcome failed = RunOf("stdp", 10);
  failed.succeeded = false;
  EXPECT_EQ(reason(Of("stdp"), failed), "1 of 4 runs did not succeed");
  EXPECT_EQ(reason(Of("stdp"), RunOf("stdp", std::nullopt)),
            "length is absent in 1 of 4 runs");
  Claim ratio = Of("stdp");
  ratio.against = Claim::Against::kRatio;
  ratio.against_where = Of("zero").where;
  EXPECT_THAT(reason(ratio, RunOf("zero", 0)), HasSubstr("denominator of 0"));
}

TEST(ExpectTextTest, ReadsAsASentence) {
  Claim claim;
  claim.low = 0.5;
  claim.high = 0.6;
  claim.expect = Claim::Expect::kWithin;
  EXPECT_EQ(ExpectText(claim), "within 0.5 .. 0.6");
  claim.expect = Claim::Expect::kAtLeast;
  EXPECT_EQ(ExpectText(claim), "at least 0.5");
  claim.expect = Claim::Expect::kEquals;
  EXPECT_EQ(ExpectText(claim), "equals 0.5");
}

// One claim over an experiment with three axes, from line 10 on.
std::string WithClaim(const std::string& claim) {
  return absl::StrCat(
      "experiment:\n"
      "  type: sequence_learning\n"
      "  rule: {type: hebbian}\n"
      "  analyses: [{type: recall}]\n"
      "sweep:\n"
      "  rule: [{type: hebbian}, {type: stdp_rate}]\n"
      "  network.tau: [10 ms, 20 ms]\n"
      "  seed: 1..3\n"
      "claims:\n"
      "  - {that: a claim, ",
      claim, "}\n");
}

Claim Parsed(const std::string& claim) {
  return MustParse(WithClaim(claim)).claims().at(0);
}

TEST(ReadClaimsTest, ReadsEveryPart) {
  const Claim claim = Parsed(
      "value: completion_time, where: {rule.type: stdp_rate, network.tau: 0.02 "
      "s}, reduce: {fraction: {at_least: 0.1 s}}, against: {where: {seed: 2}, "
      "as: ratio}, expect: {equals: 2}, tolerance: 0.1, source: me, published: "
      "about 2");
  EXPECT_EQ(claim.value, "completion_time");
  EXPECT_THAT(claim.where,
              ElementsAre(Pair("experiment.rule.type", Value("stdp_rate")),
                          Pair("experiment.network.tau", Value(20.0))));
  EXPECT_EQ(claim.reduce, Claim::Reduce::kFraction);
  EXPECT_EQ(claim.fraction_at_least, 100.0);
  EXPECT_EQ(claim.against, Claim::Against::kRatio);
  EXPECT_THAT(claim.against_where, ElementsAre(Pair("seed", Value(2))));
  EXPECT_EQ(claim.expect, Claim::Expect::kEquals);
  EXPECT_EQ(claim.low, 2);
  EXPECT_EQ(claim.tolerance, 0.1);
  EXPECT_EQ(claim.published, "about 2");
}

TEST(ReadClaimsTest, WhereMatchesWhatVariesAtAPoint) {
  const Experiment e = MustParse(
      WithClaim("value: sequence_length, where: {rule.type: stdp_rate, "
                "network.tau: 20}, expect: {at_least: 1}"));
  std::vector<RunOutcome> runs;
  for (int64_t i = 0; i < e.run_count(); ++i) {
    runs.push_back({e.At(i).varying, true, {{"sequence_length", 3.0}}});
  }
  EXPECT_EQ(Evaluate(e.claims()[0], runs).runs, 3);
}

TEST(ReadClaimsTest, RefusesWhatTheExperimentDoesNotHave) {
  EXPECT_THAT(FaultLines(WithClaim("value: sequence_lenght, expect: {at_most: "
                                   "1}")),
              ElementsAre(HasSubstr("10: claims.0.value: nothing in the "
                                    "experiment leaves a summary value or "
                                    "series sequence_lenght; did you mean "
                                    "sequence_length?")));
  EXPECT_THAT(FaultLines(WithClaim("value: weight_norm, where: {rule.tipe: a}, "
                                   "expect: {at_most: 1}")),
              ElementsAre(HasSubstr("does not vary in this experiment; did you "
                                    "mean experiment.rule.type?")));
  EXPECT_THAT(FaultLines(WithClaim("value: weight_norm, where: {rule.type: "
                                   "stdp}, expect: {at_most: 1}")),
              ElementsAre(HasSubstr("is never stdp; allowed: hebbian, "
                                    "stdp_rate")));
  EXPECT_THAT(FaultLines(WithClaim("value: weight_norm, where: {seed: 4}, "
                                   "expect: {at_most: 1}")),
              ElementsAre(HasSubstr("seed is never 4")));
}

TEST(ReadClaimsTest, RefusesASeriesWhoseLastPointMayNotBeRecorded) {
  const std::string series =
      WithClaim("value: weight_norm, expect: {at_most: 1}");
  const std::string summary =
      WithClaim("value: sequence_length, expect: {at_most: 1}");
  EXPECT_THAT(
      FaultLines(series + "record: {metrics: every 5 trials}\n"),
      ElementsAre("10: claims.0.value: weight_norm is a series, of which a "
                  "claim takes the last point, and record.metrics may leave it "
                  "out; record metrics: every trial, or claim a summary value: "
                  "completion_time, sequence_length"));
  EXPECT_THAT(FaultLines(series + "record: {metrics: none}\n"),
              ElementsAre(HasSubstr("record.metrics records none; record "
                                    "metrics: every trial")));
  EXPECT_TRUE(FaultLines(series + "record: {metrics: every trial}\n").empty());
  EXPECT_TRUE(FaultLines(summary + "record: {metrics: none}\n").empty());
}

// The tree with an analysis, given as `analysis`, that claims take a value of.
std::vector<std::string> FaultsOfClaimOn(const std::string& analysis,
                                         const std::string& value) {
  return FaultLines(
      SmallText(absl::StrCat("  analyses: [{type: ", analysis,
                             "}]\nrecord: {metrics: none}\nclaims:\n  - {that: "
                             "a claim, value: ",
                             value, ", expect: {at_most: 1}}\n")));
}

TEST(ReadClaimsTest, ValuesGoByTheNameThatIsRecorded) {
  EXPECT_TRUE(FaultsOfClaimOn("recall", "sequence_length").empty());
  EXPECT_TRUE(
      FaultsOfClaimOn("recall, name: early", "early.sequence_length").empty());
  EXPECT_THAT(FaultsOfClaimOn("recall", "recall.sequence_length"),
              ElementsAre(HasSubstr("leaves a summary value or series")));
  EXPECT_THAT(FaultsOfClaimOn("recall, name: early", "sequence_length"),
              ElementsAre(HasSubstr("leaves a summary value or series")));
}

TEST(ReadClaimsTest, ASummaryValueStandsBeforeASeriesOfItsName) {
  EXPECT_TRUE(FaultsOfClaimOn("final_norm", "weight_norm").empty());
  EXPECT_THAT(FaultsOfClaimOn("final_norm, name: last", "weight_norm"),
              ElementsAre(HasSubstr("claim a summary value: "
                                    "last.weight_norm")));
}

TEST(ReadClaimsTest, RefusesWhatIsNoClaim) {
  EXPECT_THAT(FaultLines(WithClaim("value: weight_norm")),
              ElementsAre(HasSubstr("expect is one of")));
  EXPECT_THAT(FaultLines(WithClaim("expect: {at_most: 1}")),
              ElementsAre(HasSubstr("a claim needs value")));
  EXPECT_THAT(FaultLines(WithClaim("value: weight_norm, expect: {within: [2, "
                                   "1]}")),
              ElementsAre(HasSubstr("smaller number comes first")));
  EXPECT_THAT(FaultLines(WithClaim("value: weight_norm, expect: {at_most: 1}, "
                                   "tolerance: 1, reduce: avg, sorce: x")),
              ElementsAre(HasSubstr("did you mean source?"),
                          HasSubstr("reduce is one of"),
                          HasSubstr("only equals has a tolerance")));
}

TEST(OutputNamedTest, CapitalsStandForNames) {
  const std::map<std::string, OutputSpec> outputs = {
      {"rate", {.name = "rate"}},
      {"PROJECTION.weight.PRE.POST", {.name = "weight"}}};
  const auto named = [&](const std::string& name) {
    const OutputSpec* output = OutputNamed(name, outputs);
    return output == nullptr ? "" : output->name;
  };
  EXPECT_EQ(named("rate"), "rate");
  EXPECT_EQ(named("learning.weight.0.12"), "weight");
  for (const char* other : {"", "rates", "learning.weight.0", "learning.v.0.12",
                            "learning.weight..12", "learning.weight.0.12.1"}) {
    EXPECT_EQ(named(other), "") << other;
  }
}

}  // namespace
}  // namespace engram
