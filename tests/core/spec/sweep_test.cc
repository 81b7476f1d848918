#include "core/spec/sweep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/random.h"
#include "core/spec/real_text.h"
#include "tests/core/spec/test_catalog.h"

namespace engram {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

std::string Swept(const std::string& axes) {
  return absl::StrCat(
      "experiment:\n"
      "  type: sequence_learning\n"
      "  rule: {type: hebbian}\n"
      "  analyses: [{type: weight_structure}, {type: recall}]\n"
      "seed: 1\n"
      "sweep:\n",
      axes);
}

std::vector<double> Reals(const Experiment& e, const std::string& slot,
                          const std::string& parameter) {
  std::vector<double> values;
  for (int64_t i = 0; i < e.run_count(); ++i) {
    values.push_back(e.At(i).tree.Slot(slot).Real(parameter));
  }
  return values;
}

TEST(SweepTest, WithoutAxesThereIsOneRun) {
  const Experiment e = MustParse(SmallText("seed: 4\n"));
  EXPECT_EQ(e.run_count(), 1);
  EXPECT_TRUE(e.axes().empty());
  EXPECT_TRUE(e.At(0).varying.empty());
}

TEST(SweepTest, OrdersAxesByPathWithSeedLastAndTheFirstSlowest) {
  const Experiment e = MustParse(
      Swept("  seed: [5, 3]\n"
            "  task.items: [5, 10]\n"
            "  experiment.rule: [{type: hebbian}, {type: stdp_rate}]\n"));
  EXPECT_THAT(e.axes(),
              ElementsAre("experiment.rule", "experiment.task.items", "seed"));
  ASSERT_EQ(e.run_count(), 8);
  const Point point = e.At(5);
  EXPECT_EQ(point.number, 5);
  EXPECT_EQ(point.seed, 3u);
  EXPECT_EQ(point.tree.Slot("rule").type, "stdp_rate");
  EXPECT_EQ(point.tree.Slot("task").Integer("items"), 5);
  EXPECT_THAT(point.varying,
              ElementsAre(Pair("experiment.rule.type", Value("stdp_rate")),
                          Pair("experiment.task.items", Value(5)),
                          Pair("seed", Value(3))));
}

TEST(SweepTest, AListedComponentReplacesTheWholeOne) {
  const Experiment e = MustParse(
      "experiment:\n"
      "  type: sequence_learning\n"
      "  rule: {type: stdp_rate, a_minus: 3}\n"
      "sweep:\n"
      "  experiment.rule: [{type: stdp_rate, tau_plus: 10}]\n");
  EXPECT_EQ(e.At(0).tree.Slot("rule").Real("a_minus"), 0.5);
  EXPECT_EQ(e.At(0).tree.Slot("rule").Real("tau_plus"), 10);
}

TEST(SweepTest, ShowsInWhatComponentsOfOneTypeDiffer) {
  const Experiment e = MustParse(
      Swept("  rule: [{type: hebbian}, {type: stdp_rate, a_minus: 0.3}, "
            "{type: stdp_rate, a_minus: 0.5}]\n"));
  EXPECT_THAT(e.At(0).varying,
              ElementsAre(Pair("experiment.rule.type", Value("hebbian"))));
  EXPECT_THAT(e.At(1).varying,
              ElementsAre(Pair("experiment.rule.type", Value("stdp_rate")),
                          Pair("experiment.rule.a_minus", Value(0.3))));
}

TEST(SweepTest, LinearLogarithmicAndRangeAxes) {
  EXPECT_THAT(Reals(MustParse(Swept("  network.gain: {linear: [0, 1], points: "
                                    "4}\n")),
                    "network", "gain"),
              ElementsAre(0, 0.333333333333, 0.666666666667, 1));
  EXPECT_THAT(Reals(MustParse(Swept("  network.tau: {log: [5 ms, 0.5 s], "
                                    "points: 3}\n")),
                    "network", "tau"),
              ElementsAre(5, 50, 500));
  EXPECT_THAT(Reals(MustParse(Swept("  rule.eta: 0..1\n")), "rule", "eta"),
              ElementsAre(0, 1));
  const Experiment counted = MustParse(Swept("  repetitions: 2..4\n"));
  EXPECT_EQ(counted.run_count(), 3);
  EXPECT_EQ(counted.At(2).tree.Integer("repetitions"), 4);
}

TEST(SweepTest, RandomAxesComeFromPhiloxWithTheSweepSeed) {
  const std::string axis =
      "  network.tau: {random: [10 ms, 20 ms], points: 5}\n";
  const std::vector<double> values =
      Reals(MustParse(Swept(axis)), "network", "tau");
  const RandomStream stream(0, "experiment.network.tau", "sweep");
  for (size_t i = 0; i < values.size(); ++i) {
    const double share = stream.Uniform(static_cast<int64_t>(i), 0);
    EXPECT_EQ(values[i], RoundTo12Digits(10 + 10 * share));
  }
  const std::vector<double> others =
      Reals(MustParse(Swept(axis) + "sweep_seed: 1\n"), "network", "tau");
  EXPECT_NE(values, others);
}

TEST(SweepTest, AGroupIsDrawnTogether) {
  const Experiment e = MustParse(
      Swept("  network.tau: {random: [10, 20], points: 6, group: g}\n"
            "  network.gain: {random: [0, 1], points: 6, group: g}\n"));
  EXPECT_EQ(e.run_count(), 6);
  EXPECT_EQ(e.axes().size(), 2u);
  EXPECT_EQ(e.At(3).varying.size(), 2u);
  EXPECT_THAT(FaultLines(Swept(
                  "  network.tau: {random: [10, 20], points: 6, group: g}\n"
                  "  network.gain: {random: [0, 1], points: 7, group: g}\n")),
              ElementsAre(HasSubstr("varies together")));
}

TEST(SweepTest, ALatinAxisHasOneValueInEachStratum) {
  constexpr int kPoints = 50;
  std::vector<double> values =
      Reals(MustParse(Swept("  network.gain: {random: [0, 5], points: 50, "
                            "latin: true}\n")),
            "network", "gain");
  std::ranges::sort(values);
  for (int i = 0; i < kPoints; ++i) {
    EXPECT_GE(values[static_cast<size_t>(i)], 0.1 * i);
    EXPECT_LE(values[static_cast<size_t>(i)], 0.1 * (i + 1));
  }
}

TEST(SweepTest, WholeNumbersAreDrawnFromBothEndsOn) {
  const Experiment e =
      MustParse(Swept("  repetitions: {random: [1, 3], points: 100}\n"));
  std::set<int64_t> drawn;
  for (int64_t i = 0; i < e.run_count(); ++i) {
    drawn.insert(e.At(i).tree.Integer("repetitions"));
  }
  EXPECT_THAT(drawn, ElementsAre(1, 2, 3));
}

TEST(SweepTest, ZipSetsSeveralPathsAsOneAxis) {
  const Experiment e = MustParse(Swept(
      "  zip:\n"
      "    - {network.tau: 50 ms, task: {type: item_sequence, items: 5}}\n"
      "    - {network.tau: 70 ms, task: {type: item_sequence, items: 4}}"
      "\n  seed: 1..3\n"));
  EXPECT_EQ(e.run_count(), 6);
  EXPECT_EQ(e.At(4).tree.Slot("network").Real("tau"), 70);
  EXPECT_EQ(e.At(4).tree.Slot("task").Integer("items"), 4);
  EXPECT_EQ(e.At(4).seed, 2u);
  EXPECT_THAT(FaultLines(Swept("  zip:\n    - {network.tau: 50}\n"
                               "    - {network.gain: 1}\n")),
              ElementsAre(HasSubstr("9: sweep.zip: every item of zip sets the "
                                    "same paths")));
}

TEST(SweepTest, TheRootIsAnAxisLikeAnyOther) {
  const Experiment e = MustParse(
      "experiment: {type: sequence_learning, rule: {type: hebbian}}\n"
      "sweep:\n"
      "  experiment:\n"
      "    - {type: sequence_learning, rule: {type: hebbian}}\n"
      "    - {type: sequence_learning, rule: {type: slow, tau_plus: 2}}\n"
      "  experiment.network.units: [10, 20]\n");
  ASSERT_EQ(e.run_count(), 4);
  EXPECT_EQ(e.At(3).tree.Slot("rule").type, "slow");
  EXPECT_EQ(e.At(3).tree.Slot("network").Integer("units"), 20);
  EXPECT_THAT(e.At(3).varying,
              ElementsAre(Pair("experiment.rule.type", Value("slow")),
                          Pair("experiment.network.units", Value(20))));
}

TEST(SweepTest, AnAxisInsideASweptComponentTakesItsUnitFromThere) {
  const Experiment e =
      MustParse(Swept("  rule: [{type: stdp_rate}, {type: slow}]\n"
                      "  rule.tau_plus: [20 ms, 30 ms]\n"));
  EXPECT_EQ(e.At(1).tree.Slot("rule").Real("tau_plus"), 30.0);
  EXPECT_EQ(e.At(2).tree.Slot("rule").Real("tau_plus"), 0.02);
  EXPECT_EQ(e.At(2).tree.Slot("rule").type, "slow");
}

TEST(SweepTest, AnAxisThatOneComponentDoesNotHaveIsAFault) {
  EXPECT_THAT(FaultLines(Swept("  rule: [{type: stdp_rate}, {type: hebbian}]\n"
                               "  rule.a_minus: [0.1, 0.2]\n")),
              ElementsAre(HasSubstr("8: experiment.rule.a_minus: hebbian has "
                                    "no parameter a_minus")));
}

TEST(SweepTest, PathsNameListItemsByNameTypeOrNumber) {
  for (const char* item : {"recall", "1"}) {
    const Experiment e = MustParse(Swept(
        absl::StrCat("  experiment.analyses.", item, ".threshold: [0.2]\n")));
    EXPECT_EQ(e.At(0).tree.Slots("analyses")[1].Real("threshold"), 0.2);
  }
  EXPECT_THAT(FaultLines(Swept("  analyses.recal.threshold: [0.2]\n")),
              ElementsAre(HasSubstr("did you mean recall?")));
  EXPECT_THAT(FaultLines(Swept("  analyses.recall.threshold: [0.2]\n"
                               "  analyses.1.threshold: [0.3]\n")),
              ElementsAre(HasSubstr("the sweep sets this twice, also as")));
}

TEST(SweepTest, AnOptionalSlotCanBeEmptyAtSomePoints) {
  const Experiment e =
      MustParse(Swept("  second_rule: [null, {type: hebbian}]\n"));
  EXPECT_EQ(e.At(0).tree.Find("second_rule"), nullptr);
  EXPECT_EQ(e.At(1).tree.Slot("second_rule").type, "hebbian");
  EXPECT_EQ(e.At(0).varying[0].second, Value("none"));
}

TEST(SweepTest, RunsAxisMakesARunOfEachMatch) {
  const Experiment e = MustParse(
      Swept("  network.initial: {runs: tag = trained, item: weights@final}\n"));
  ASSERT_EQ(e.run_count(), 2);
  EXPECT_EQ(e.At(1).tree.Slot("network").Text("initial"),
            "sha256:of-k7m2q9xw4p/1/weights@final");
  EXPECT_EQ(e.At(1).varying[0].second, Value("k7m2q9xw4p/1/weights@final"));
  EXPECT_THAT(FaultLines(Swept("  network.initial: {runs: tag = none, item: "
                               "weights@final}\n")),
              ElementsAre(HasSubstr("no run matches")));
}

TEST(SweepTest, FaultsNameTheLineOfTheValue) {
  EXPECT_THAT(FaultLines(Swept("  network.tau:\n"
                               "    - 10 ms\n"
                               "    - -1 ms\n"
                               "    - 5 mV\n"
                               "  rule:\n"
                               "    - {type: hebbian}\n"
                               "    - {type: hebbian, etta: 3}\n")),
              ElementsAre(HasSubstr("9: experiment.network.tau: tau = -1"),
                          HasSubstr("10: experiment.network.tau: \"5 mV\""),
                          HasSubstr("13: experiment.rule.etta: hebbian has")));
}

TEST(SweepTest, ChecksCombinationsThatNoAxisHasByItself) {
  EXPECT_THAT(FaultLines(Swept("  task.items:\n"
                               "    - 5\n"
                               "    - 10\n"
                               "  network.units: [10, 15]\n")),
              ElementsAre("9: experiment.task.items: 10 items do not divide 15 "
                          "units"));
}

TEST(SweepTest, RefusesWhatIsNoAxis) {
  EXPECT_THAT(FaultLines(Swept("  rule: {type: hebbian}\n")),
              ElementsAre(HasSubstr("put the component into a list")));
  EXPECT_THAT(FaultLines(Swept("  rule.type: [hebbian]\n")),
              ElementsAre(HasSubstr("sweep the whole component")));
  EXPECT_THAT(FaultLines(Swept("  rule.eta: []\n")),
              ElementsAre(HasSubstr("empty list")));
  EXPECT_THAT(FaultLines(Swept("  rule.eta: {log: [0, 1], points: 3}\n")),
              ElementsAre(HasSubstr("two ends above 0")));
  EXPECT_THAT(FaultLines(Swept("  rule.eta: {log: [0.1, 1], pionts: 3}\n")),
              ElementsAre(HasSubstr("did you mean points?"),
                          HasSubstr("needs points")));
  EXPECT_THAT(FaultLines(Swept("  rule.etta: [1]\n")),
              ElementsAre(HasSubstr("7: experiment.rule.etta: hebbian has no "
                                    "parameter etta; did you mean eta?")));
  EXPECT_THAT(FaultLines(Swept("  seed: 5..1\n")),
              ElementsAre(HasSubstr("the range 5..1 is empty")));
  EXPECT_THAT(FaultLines(SmallText("sweep: [1]\n")),
              ElementsAre(HasSubstr("takes a map")));
}

TEST(SweepTest, AtMostAHundredThousandRuns) {
  EXPECT_THAT(FaultLines(Swept("  seed: 1..9223372036854775807\n")),
              ElementsAre(HasSubstr("more than 100000 values")));
  EXPECT_THAT(FaultLines(Swept("  seed: 1..1000\n  repetitions: 1..101\n")),
              ElementsAre(HasSubstr("more than 100000 runs")));
}

TEST(SweepTest, AtMostSixtyFourPaths) {
  std::string axes;
  for (int i = 0; i < 65; ++i) {
    absl::StrAppend(&axes, "  rule.x", i, ": [1]\n");
  }
  EXPECT_THAT(FaultLines(Swept(axes)),
              ::testing::Contains(HasSubstr("the sweep sets 65 paths; at most "
                                            "64")));
}

// A tree that is copied for each value would take minutes here.
TEST(SweepTest, ManyComponentsBesideALongListAreReadAtOnce) {
  std::string text =
      "experiment:\n  type: sequence_learning\n  rule: {type: hebbian}\n"
      "  network: {type: rate_rnn, delays: [1";
  for (int i = 0; i < 20000; ++i) text += ",1";
  text += "]}\nsweep:\n  rule: [{type: hebbian}";
  for (int i = 0; i < 2000; ++i) text += ",{type: slow, tau_plus: 1}";
  EXPECT_EQ(MustParse(text + "]\n").run_count(), 2001);
}

// Each point is checked, for the program has a check of its own.
TEST(SweepTest, AHundredThousandPointsAreAccepted) {
  const Experiment e =
      MustParse(Swept("  network.gain: {linear: [0, 1], points: 1000}\n"
                      "  network.tau: {linear: [1, 2], points: 100}\n"));
  EXPECT_EQ(e.run_count(), 100000);
  EXPECT_EQ(e.At(99999).tree.Slot("network").Real("tau"), 2);
  EXPECT_EQ(MustParse(Swept("  seed: 0..99999\n")).At(99999).seed, 99999u);
}

}  // namespace
}  // namespace engram
