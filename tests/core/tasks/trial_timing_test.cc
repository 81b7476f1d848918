// How long trials and their periods are.

#include "core/tasks/trials/trial_timing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <utility>

#include "core/spiking/catalog.h"
#include "tests/core/tasks/drawn_trials.h"

namespace engram {
namespace {

using testing::HasSubstr;

TEST(TrialLengthTest, DefaultsGiveSoManySteps) {
  const std::pair<const char*, int64_t> lengths[] = {
      {"perceptual_decision_making", 22},
      {"delay_match_sample", 32},
      {"delay_comparison", 26},
      {"go_nogo", 15},
      {"delay_paired_association", 45},
      {"dual_delay_match_sample", 40},
      {"pulse_decision_making", 250},
      {"anti_reach", 15},
      {"delay_match_sample_distractor_1d", 53},
      {"delay_match_category", 27},
      {"multi_sensory_integration", 11}};
  for (const auto& [type, steps] : lengths) {
    const DrawnTrials trials("{type: " + std::string(type) + "}");
    EXPECT_EQ(trials[0].steps(), steps) << type;
    EXPECT_EQ(trials.task().most_steps(), steps) << type;
  }
}

// With steps of 80 ms, 300 to 600 ms are 3 to 7 steps and 800 to 1500 ms 10 to
// 18; 300 and 500 ms are 3 and 6.
TEST(TrialLengthTest, DrawnDurationsAreRoundedDown) {
  const DrawnTrials trials("{type: interval_discrimination}");
  EXPECT_EQ(trials.task().most_steps(), 3 + 7 + 18 + 7 + 6 + 3);
  std::set<int64_t> stimuli, delays;
  for (int64_t k = 0; k < 1000; ++k) {
    const Trial trial = trials[k];
    const auto steps = [&](const char* period) {
      return trial.At(period).end - trial.At(period).begin;
    };
    stimuli.insert(steps("stim1"));
    delays.insert(steps("delay1"));
    EXPECT_EQ(steps("fixation"), 3);
    EXPECT_EQ(steps("delay2"), 6);
    EXPECT_EQ(AnswerOf(trial), steps("stim1") > steps("stim2") ? 1 : 2);
  }
  EXPECT_EQ(*stimuli.begin(), 3);
  EXPECT_EQ(*stimuli.rbegin(), 7);
  EXPECT_EQ(*delays.begin(), 10);
  EXPECT_EQ(*delays.rbegin(), 18);
}

TEST(TrialLengthTest, NoTrialIsLongerThanPromised) {
  for (const TrialTaskRow& row : TrialTaskRows()) {
    const DrawnTrials trials("{type: " + row.spec.type + "}");
    for (int64_t k = 0; k < 200; ++k) {
      EXPECT_LE(trials[k].steps(), trials.task().most_steps()) << row.spec.type;
    }
  }
}

// Of Exp(600) between 300 and 3000 the mean is 600 + (300 a - 3000 b) / (a - b)
// = 869.7 ms with a = exp(-300 / 600), b = exp(-3000 / 600); it scatters by
// less than 600.
TEST(TruncatedExponentialTest, HasTheMeanOfWhatIsLeft) {
  const ScopedNumericEnvironment environment;
  const auto delay = MakeDistribution(TruncatedExponential(600, 300, 3000));
  std::vector<double> ms(40000);
  delay->Fill(RandomStream(1, "task", "test"), 0, ms);
  double sum = 0;
  for (const double x : ms) {
    EXPECT_GE(x, 300);
    EXPECT_LE(x, 3000);
    sum += x;
  }
  EXPECT_NEAR(sum / 40000, 869.7, 4 * 600 / std::sqrt(40000.0));
}

// Rounded down to 100 ms the delay is 100 k with the probability
// (exp(-k / 6) - exp(-(k + 1) / 6)) / (a - b), k = 3 .. 29.
TEST(ContextDecisionMakingTest, DelaysAreATruncatedExponentialRoundedDown) {
  const double left = std::exp(-0.5) - std::exp(-5.0);
  double mean = 0;
  for (int k = 3; k < 30; ++k) {
    mean += k * (std::exp(-k / 6.0) - std::exp(-(k + 1) / 6.0)) / left;
  }
  const DrawnTrials trials("{type: context_decision_making}");
  double sum = 0;
  int64_t shortest = 100, longest = 0;
  for (int64_t k = 0; k < 10000; ++k) {
    const Period delay = trials[k].At("delay");
    const int64_t steps = delay.end - delay.begin;
    sum += static_cast<double>(steps);
    shortest = std::min(shortest, steps);
    longest = std::max(longest, steps);
  }
  EXPECT_NEAR(sum / 10000, mean, 4 * 6 / 100.0);
  EXPECT_EQ(shortest, 3);
  EXPECT_GE(longest, 25);
  EXPECT_LE(longest, 29);
}

TEST(ChoiceTest, EveryNumberHasTheSameShare) {
  const ScopedNumericEnvironment environment;
  const auto delay = MakeDistribution(OneOf({300, 500, 700, 900}));
  EXPECT_EQ(delay->lowest(), 300);
  EXPECT_EQ(delay->highest(), 900);
  std::vector<double> ms(8000);
  delay->Fill(RandomStream(1, "task", "test"), 0, ms);
  for (const double x : {300, 500, 700, 900}) {
    const double share = static_cast<double>(std::ranges::count(ms, x)) / 8000;
    EXPECT_NEAR(share, 0.25, FourErrors(0.25, 8000));
  }
}

std::string FaultOf(const std::string& yaml) {
  Faults faults;
  ReadTree(yaml, Kind::kSupervisedTask, "task", faults);
  return faults.size() == 1 ? faults[0].Format("tree") : "";
}

TEST(TrialTimingTest, DurationsThatCannotBeAreRefused) {
  const std::string dots = "{type: perceptual_decision_making, ";
  EXPECT_THAT(FaultOf(dots + "delay: {type: uniform, low: -5, high: 5}}"),
              HasSubstr("task.delay: may last -5 ms; wanted at least 0"));
  EXPECT_THAT(FaultOf(dots + "delay: {type: exponential, mean: 1e9}}"),
              HasSubstr("give it an end, as truncated_exponential has"));
  EXPECT_THAT(FaultOf(dots + "decision: 50}"),
              HasSubstr("no step of dt = 100 ms"));
  EXPECT_THAT(FaultOf(dots + "delay: {type: choice, of: []}}"),
              HasSubstr("wanted at least one number"));
  EXPECT_THAT(FaultOf(dots + "delay: {type: truncated_exponential, min: 5, "
                             "max: 5}}"),
              HasSubstr("max = 5 is not above min = 5"));
  EXPECT_THAT(FaultOf(dots + "cohs: []}"), HasSubstr("cohs is empty"));
  EXPECT_THAT(FaultOf("{type: delay_comparison, vpairs: [[10, 18]]}"),
              HasSubstr("the larger one first"));
  EXPECT_THAT(FaultOf("{type: pulse_decision_making, p_pulse: [0.3]}"),
              HasSubstr("has 1 numbers; wanted 2"));
  EXPECT_THAT(FaultOf("{type: evidence_accumulation, steps: 5}"),
              HasSubstr("leaves no step of 5"));
  EXPECT_THAT(FaultOf("{type: match_to_category, T: 1000}"),
              HasSubstr("ends before answers are asked for"));
}

}  // namespace
}  // namespace engram
