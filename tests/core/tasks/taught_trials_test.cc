// Trials as a network is taught them, and tasks that want numbers.

#include "core/tasks/supervised/taught_trials.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <set>
#include <string>

#include "core/training/loss.h"
#include "tests/core/tasks/drawn_trials.h"

namespace engram {
namespace {

TrainingBlock<double> Taught(const std::string& yaml, int64_t samples) {
  const auto task =
      MakeSupervisedTask(Tree(yaml, Kind::kSupervisedTask, "task"), 5);
  const BatchLength length = task->Length({}, Part::kTraining, 0);
  TrainingBlock<double> block;
  block.samples = samples;
  block.steps = length.steps;
  block.first_scored = length.first_scored;
  Resize(task->shape().inputs, task->shape().outputs, block);
  for (int64_t k = 0; k < samples; ++k) {
    task->Fill({}, {.number = k, .sample = k}, ViewOfTrial(block, k));
  }
  return block;
}

// Delays of 300 and 900 ms: 3 + 7 + 3 or 9 + 1 steps.
TEST(TaughtTrialsTest, WhatIsNotAskedCountsLessAndWhatFollowsATrialNothing) {
  const ScopedNumericEnvironment environment;
  const TrainingBlock<double> block = Taught(
      "{type: context_decision_making, delay: {type: choice, of: [300, "
      "900]}, fixation_weight: 0.25}",
      40);
  EXPECT_EQ(block.steps, 20);
  std::set<int64_t> lengths;
  for (int64_t k = 0; k < 40; ++k) {
    const auto at = [&](int64_t t) { return 40 * t + k; };
    int64_t decision = 0;
    while (block.weights[at(decision)] == 0.25) {
      EXPECT_EQ(block.labels(0, at(decision)), 0);
      EXPECT_EQ(block.judged[at(decision)], 0);
      ++decision;
    }
    EXPECT_EQ(block.weights[at(decision)], 1);
    EXPECT_EQ(block.judged[at(decision)], 1);
    EXPECT_GT(block.labels(0, at(decision)), 0);
    for (int64_t t = decision + 1; t < 20; ++t) {
      EXPECT_EQ(block.weights[at(t)], 0);
    }
    lengths.insert(decision + 1);
  }
  EXPECT_EQ(lengths, (std::set<int64_t>{14, 20}));
}

// Three samples, of which one is not judged and one does not count.
TEST(TaughtTrialsTest, OnlyJudgedStepsAreRightOrWrong) {
  TrainingBlock<double> block;
  block.samples = 4;
  block.steps = 1;
  Resize(1, 2, block);
  block.weights[1] = 0;
  block.judged[2] = 0;
  const double outputs[] = {1, 0, 1, 0, 1, 0, 0, 1};
  int64_t right = 0, asked = 0;
  CountRight(block, 2, outputs, {&right, 1}, {&asked, 1});
  EXPECT_EQ(right, 1);
  EXPECT_EQ(asked, 2);
}

// Two steps and three samples: the first is right in the mean though not at its
// second step, the second is wrong, the third asks for nothing.
TEST(TaughtTrialsTest, AChoiceIsTheLargestNumberInTheMean) {
  TrainingBlock<double> block;
  block.samples = 3;
  block.steps = 2;
  Resize(1, 2, block);
  for (int64_t j = 0; j < 6; ++j) {
    block.targets(0, j) = 1;
    block.targets(1, j) = 0.2;
    block.weights[j] = j % 3 == 2 ? 0 : 1;
  }
  const double outputs[] = {3, 0, 0, 1, 9, 0, 1, 2, 0, 1, 9, 0};
  int64_t right = 0, asked = 0;
  CountChoices(block, 2, outputs, {&right, 1}, {&asked, 1});
  EXPECT_EQ(right, 1);
  EXPECT_EQ(asked, 2);
}

TEST(PerceptualDiscriminationTest, AnswersAreWantedFromTheEndOfTheStimulus) {
  const DrawnTrials trials(
      "{type: perceptual_discrimination, stim_noise: 0, coherence: [0.3]}");
  EXPECT_EQ(trials.task().most_steps(), 200);
  for (int64_t k = 0; k < 100; ++k) {
    const Trial trial = trials[k];
    int64_t first = -1, last = -1, counts = 200;
    for (int64_t t = 0; t < 200; ++t) {
      if (trial.observation(0, t) != 0) {
        if (first < 0) first = t;
        last = t;
      }
      if (trial.weight(t) == 1 && counts == 200) counts = t;
    }
    const int64_t better = trial.observation(0, first) > 1 ? 0 : 1;
    EXPECT_DOUBLE_EQ(trial.observation(better, first), 1.3);
    EXPECT_EQ(trial.observation(1 - better, first), 1);
    // At most T / 2 and T / 8 to 3 T / 8.
    EXPECT_LE(first, 101);
    EXPECT_GE(last - first + 1, 24);
    EXPECT_LE(last - first + 1, 75);
    EXPECT_EQ(counts, last + 1);
    // 20 ms in which both should be 0: two steps, as no time is met exactly.
    EXPECT_EQ(trial.wanted(better, counts + 1), 0);
    for (int64_t t = counts + 2; t < 200; ++t) {
      EXPECT_EQ(trial.wanted(better, t), 1);
      EXPECT_EQ(trial.wanted(1 - better, t), 0.2);
      EXPECT_EQ(trial.weight(t), 1);
    }
  }
}

// Its variance is 0.02 sqrt(10) sqrt(10) 0.1^2 = 0.002 in steps of 10 ms; of
// 400 n numbers it scatters by 0.002 sqrt(2 / (400 n)).
TEST(PerceptualDiscriminationTest, NoiseIsThatOfThePackage) {
  const DrawnTrials noisy("{type: perceptual_discrimination}");
  const DrawnTrials plain("{type: perceptual_discrimination, stim_noise: 0}");
  double sum = 0;
  for (int64_t k = 0; k < 50; ++k) {
    const Trial a = noisy[k], b = plain[k];
    for (int64_t t = 0; t < 200; ++t) {
      for (int64_t i = 0; i < 2; ++i) {
        const double x = a.observation(i, t) - b.observation(i, t);
        sum += x * x;
      }
    }
  }
  EXPECT_NEAR(sum / 20000, 0.002, 4 * 0.002 * std::sqrt(2.0 / 20000));
}

TEST(DelayedDiscriminationTest, TheHigherFrequencyIsTheChoice) {
  const DrawnTrials trials("{type: delayed_discrimination, stim_noise: 0}");
  int asked = 0;
  std::set<int64_t> choices;
  for (int64_t k = 0; k < 200; ++k) {
    const Trial trial = trials[k];
    double first = -1, second = -1;
    bool has_paused = false;
    for (int64_t t = 0; t < 200; ++t) {
      const double f = 10 + (trial.observation(0, t) - 0.4) * 24 / 0.8;
      if (trial.observation(0, t) != 0) {
        // The second channel falls as the first one rises.
        EXPECT_NEAR(trial.observation(0, t) + trial.observation(1, t), 1.6,
                    1e-12);
        if (has_paused) second = f;
        if (!has_paused) first = f;
      } else if (first >= 0) {
        has_paused = true;
      }
      if (trial.weight(t) == 0 || first < 0 || second < 0) continue;
      ++asked;
      const int64_t choice = trial.wanted(0, t) == 1 ? 0 : 1;
      EXPECT_EQ(trial.wanted(1 - choice, t), 0.2);
      EXPECT_EQ(choice, first > second ? 0 : 1);
      EXPECT_NEAR(std::abs(first - second), 8, 1e-9);
      choices.insert(choice);
    }
  }
  EXPECT_GT(asked, 500);
  EXPECT_EQ(choices.size(), 2u);
}

// A bump's place is the phase of its first Fourier component; the channels'
// ends are one angle, which adds a little to it.
TEST(MatchToCategoryTest, TheSectorOfTheBumpIsTheCategory) {
  const DrawnTrials trials(
      "{type: match_to_category, N_out: 4, stim_noise: 0}");
  for (int64_t k = 0; k < 200; ++k) {
    const Trial trial = trials[k];
    EXPECT_EQ(trial.observation(3, 19), 0);
    EXPECT_GT(trial.observation(3, 20), 0);
    EXPECT_GT(trial.observation(3, 119), 0);
    EXPECT_EQ(trial.observation(3, 120), 0);
    EXPECT_NEAR(trial.observation(0, 50), trial.observation(15, 50), 1e-12);
    double x = 0, y = 0;
    for (int64_t i = 0; i < 15; ++i) {
      const double angle = 2 * std::numbers::pi * static_cast<double>(i) / 15;
      x += trial.observation(i, 50) * std::cos(angle);
      y += trial.observation(i, 50) * std::sin(angle);
      EXPECT_LE(trial.observation(i, 50), 0.39895);
    }
    double turn = std::atan2(y, x) / (2 * std::numbers::pi);
    turn -= std::floor(turn);
    for (int64_t t = 0; t < 200; ++t) {
      EXPECT_EQ(trial.weight(t), t >= 120 ? 1 : 0);
    }
    const double sector = turn * 4;
    // Too near to a bound for the phase of 15 channels to say.
    if (std::abs(sector - std::round(sector)) < 0.05) continue;
    for (int64_t c = 0; c < 4; ++c) {
      EXPECT_EQ(trial.wanted(c, 150), c == static_cast<int64_t>(sector));
    }
  }
}

TEST(SineGenerationTest, TheInputSetsOneOf51Frequencies) {
  const DrawnTrials trials("{type: sine_generation}");
  std::set<int64_t> seen;
  for (int64_t k = 0; k < 600; ++k) {
    const Trial trial = trials[k];
    const double j = (trial.observation(0, 0) - 0.25) * 51;
    EXPECT_NEAR(j, std::round(j), 1e-9);
    seen.insert(std::lround(j));
    const double omega = 0.1 + 0.5 * std::round(j) / 50;
    EXPECT_EQ(trial.observation(0, 99), trial.observation(0, 0));
    for (int64_t t = 0; t < 100; t += 9) {
      EXPECT_NEAR(trial.wanted(0, t), std::sin(omega * static_cast<double>(t)),
                  1e-12);
    }
  }
  EXPECT_EQ(seen.size(), 51u);
  EXPECT_EQ(*seen.begin(), 0);
  EXPECT_EQ(*seen.rbegin(), 50);
}

TEST(DelayMatchSampleDistractorTest, OneOfThreeTestsIsTheSample) {
  const DrawnTrials trials("{type: delay_match_sample_distractor_1d}");
  std::set<std::string> matches;
  for (int64_t k = 0; k < 60; ++k) {
    const Trial trial = trials[k];
    int same = 0;
    for (const char* test : {"test1", "test2", "test3"}) {
      const int64_t t = trial.At(test).begin;
      double far = 0;
      for (int64_t i = 1; i < 33; ++i) {
        far += std::abs(trial.observation(i, t) -
                        trial.observation(i, trial.At("sample").begin));
      }
      EXPECT_EQ(trial.action(t), far < 1e-9 ? 1 : 0);
      EXPECT_TRUE(trial.is_asked(t));
      same += far < 1e-9 ? 1 : 0;
      if (far < 1e-9) matches.insert(test);
    }
    EXPECT_EQ(same, 1);
  }
  EXPECT_EQ(matches.size(), 3u);
}

// Halves of the ring; with eight channels the phase says which.
TEST(DelayMatchCategoryTest, HalvesOfTheRingAreCompared) {
  const DrawnTrials trials(
      "{type: delay_match_category, sigma: 0, dim_ring: 8}");
  const auto half = [](const Trial& trial, const char* period) {
    double y = 0;
    for (int i = 0; i < 8; ++i) {
      y += SumOf(trial, period, 1 + i) * std::sin(std::numbers::pi * i / 4);
    }
    return y > 0;
  };
  for (int64_t k = 0; k < 200; ++k) {
    const Trial trial = trials[k];
    EXPECT_EQ(AnswerOf(trial),
              half(trial, "sample") == half(trial, "test") ? 1 : 2);
  }
}

// Offers and answers: a drop of a is worth 2.2 of b.
TEST(EconomicDecisionMakingTest, TheOfferWorthMoreIsRight) {
  const DrawnTrials trials("{type: economic_decision_making}");
  std::set<std::pair<double, double>> offers;
  for (int64_t k = 0; k < 300; ++k) {
    const Trial trial = trials[k];
    const int64_t t = trial.At("offer_on").begin;
    const auto shown = [&](int64_t i) { return trial.observation(i, t); };
    EXPECT_EQ(shown(1) + shown(2), 1);
    EXPECT_EQ(shown(1), shown(4));
    EXPECT_EQ(shown(2), shown(3));
    const bool a_is_first = shown(1) == 1;
    const double n_a = shown(a_is_first ? 5 : 6) * 5;
    const double n_b = shown(a_is_first ? 6 : 5) * 5;
    offers.insert({n_b, n_a});
    EXPECT_EQ(AnswerOf(trial), (n_a * 2.2 > n_b) == a_is_first ? 1 : 2);
  }
  EXPECT_EQ(offers.size(), 9u);
}

}  // namespace
}  // namespace engram
