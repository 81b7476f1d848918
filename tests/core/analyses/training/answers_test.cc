// A network whose answers are known exactly, and what is found when units are
// taken out, weights disturbed and other questions asked.

#include "core/analyses/training/answers.h"

#include <gtest/gtest.h>

#include "tests/core/analyses/training/hand_made_network.h"

namespace engram {
namespace {

constexpr char kThreeUnits[] = "{type: leaky_rnn, units: 3}";

TEST(QuestionTest, IsAboutTheLargestNThatWasPassedAndIsStillAsked) {
  EXPECT_EQ(QuestionOf({.n = {2, 3, 4}}, 3, 0).n, 3);
  EXPECT_EQ(QuestionOf({.n = {2, 3, 4}}, 3, 0).head, 1);
  EXPECT_EQ(QuestionOf({.n = {5}}, 4, 0).n, 5);
  EXPECT_EQ(QuestionOf({.n = {6, 7, 8}}, 5, 0).n, 6);
  // One that is not asked goes to the last readout.
  EXPECT_EQ(QuestionOf({.n = {2, 3, 4}}, 3, 7).head, 2);
  EXPECT_EQ(QuestionOf({.n = {2, 3, 4}}, 4, 2).head, 0);
}

// Over 10 streams of 1000 bits a share of s scatters by sqrt(s (1 - s) / 10^4):
// 0.005 at one half, 0.0043 at three quarters; relative accuracy is twice
// that. The bounds are five of them.
TEST(AblationTest, EachUnitOfAKnownNetworkIsWorthWhatItComputes) {
  HandMade made(kThreeUnits, "{type: ablation}");
  KnowParityOfTwo(made);
  const FinishedRun& run = made.Run();
  EXPECT_EQ(run["ablation_n"], 2);
  EXPECT_EQ(run["ablation_baseline"], 1);
  // Without a, b is 0 and the answer always "even", right half the time.
  EXPECT_NEAR(run["without_slow"], 0, 0.05);
  // Without c only (1, 1) goes wrong.
  EXPECT_NEAR(run["without_fast"], 0.5, 0.044);
  EXPECT_EQ(run.record.series.at("slow_tau").points[0].second.value(), 1);
  EXPECT_EQ(run.record.series.at("slow_relative_accuracy").points.size(), 1u);
}

TEST(AblationTest, ANetworkThatAnswersByChanceHasNothingToLose) {
  HandMade made(kThreeUnits, "{type: ablation}");
  made.Set("tau", {1, 1, 1});
  const FinishedRun& run = made.Run();
  EXPECT_TRUE(run.is_absent("without_slow"));
  EXPECT_TRUE(run.is_absent("without_fast"));
}

// The margins of the known network's answers are one half. Noise of relative
// strength epsilon on its two weights of 1 has a size of about epsilon each:
// far below one half nothing goes wrong, far above everything does.
TEST(PerturbationTest, SmallNoiseDoesNoHarmAndLargeNoiseDoes) {
  for (const char* of : {"recurrent_weights", "tau"}) {
    HandMade made(kThreeUnits,
                  std::string("{type: perturbation, low: 0.001, high: 1000, "
                              "strengths: 7, steps: 300, of: ") +
                      of + "}");
    KnowParityOfTwo(made);
    const FinishedRun& run = made.Run();
    const auto& points = run.record.series.at("relative_accuracy").points;
    ASSERT_EQ(points.size(), 7u);
    EXPECT_EQ(run["perturbation_baseline"], 1);
    EXPECT_DOUBLE_EQ(points[0].first, 0.001);
    EXPECT_NEAR(points[6].first, 1000, 1e-9);
    EXPECT_EQ(points[0].second.value(), 1) << of;
    EXPECT_EQ(points[1].second.value(), 1) << of;
    EXPECT_LT(points[6].second.value(), 0.5) << of;
    const double half = run["half_strength"];
    EXPECT_GT(half, 0.05) << of;
    EXPECT_LT(half, 20) << of;
  }
}

TEST(PerturbationTest, SynapsesThatAreNotThereStayAway) {
  HandMade made(kThreeUnits, "{type: perturbation, steps: 50, high: 1e6}");
  KnowParityOfTwo(made);
  made.Set("recurrent_weights", std::vector<double>(9));
  const FinishedRun& run = made.Run();
  // y = x - 2 phi(x - 1) - 1/2 answers x, right about the parity of two bits
  // whenever the bit before was 0, whatever the strength.
  const auto& points = run.record.series.at("relative_accuracy").points;
  EXPECT_EQ(points.front().second.is_absent(),
            points.back().second.is_absent());
  EXPECT_NEAR(run["perturbation_baseline"], 0.5, 0.12);
}

// The parity of two bits is that of one if the bit before was 0, and that of
// three if the one before that was 0: half of the time.
TEST(GeneralisationTest, AReadoutForTwoBitsKnowsNothingOfOneOrThree) {
  HandMade made(kThreeUnits,
                "{type: generalisation, share: half, repeats: 20, steps: 500}");
  KnowParityOfTwo(made);
  const FinishedRun& run = made.Run();
  EXPECT_EQ(run["judged_n"], 2);
  EXPECT_EQ(run["judged_accuracy"], 1);
  EXPECT_EQ(run["least_accuracy"], 1);
  EXPECT_EQ(run["longest_accuracy"], 1);
  EXPECT_NEAR(run["smaller_n_accuracy"], 0.5, 0.025);
  EXPECT_NEAR(run["larger_n_accuracy"], 0.5, 0.025);
  EXPECT_EQ(run.record.series.at("length_accuracy").points.size(), 10u);
  EXPECT_EQ(run.record.series.at("n_accuracy").points.size(), 5u);
}

}  // namespace
}  // namespace engram
