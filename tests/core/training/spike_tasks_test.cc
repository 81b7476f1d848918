// What tasks of input spikes promise of their trials.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "core/tasks/supervised/supervised_task.h"
#include "tests/support/experiment_tree.h"

namespace engram {
namespace {

struct Trials {
  Trials(const std::string& yaml, Part part, int64_t samples)
      : task(MakeSupervisedTask(Tree(yaml, Kind::kSupervisedTask, "task"), 5)) {
    const BatchLength length = task->Length({}, part, 0);
    block.samples = samples;
    block.steps = length.steps;
    block.first_scored = length.first_scored;
    Resize(task->shape().inputs, task->shape().outputs, block);
    for (int64_t k = 0; k < samples; ++k) {
      task->Fill({}, {.part = part, .number = k, .sample = k},
                 ViewOfTrial(block, k));
    }
  }
  // Steps at which an input spikes.
  std::vector<int64_t> Spikes(int64_t sample, int64_t input) const {
    std::vector<int64_t> steps;
    for (int64_t t = 0; t < block.steps; ++t) {
      if (block.inputs(input, t * block.samples + sample) == 1) {
        steps.push_back(t);
      }
    }
    return steps;
  }
  int32_t Label(int64_t sample) const {
    return block.labels[block.scored_columns() - block.samples + sample];
  }
  double Count(int64_t sample, int64_t first, int64_t last, int64_t begin,
               int64_t end) const {
    double sum = 0;
    for (int64_t t = begin; t < end; ++t) {
      for (int64_t i = first; i < last; ++i) {
        sum += block.inputs(i, t * block.samples + sample);
      }
    }
    return sum;
  }

  const ScopedNumericEnvironment environment;
  std::unique_ptr<SupervisedTask> task;
  TrainingBlock<double> block;
};

TEST(SpikeTasksTest, AskAtTheLastStepAlone) {
  const Trials trials("{type: ei_selectivity}", Part::kTraining, 3);
  for (int64_t j = 0; j < trials.block.scored_columns(); ++j) {
    EXPECT_EQ(trials.block.weights[j],
              j >= trials.block.scored_columns() - 3 ? 1 : 0);
  }
}

TEST(RandomPatternsTest, TestsShowThePatternsThatWereLearned) {
  const std::string yaml = "{type: random_patterns, patterns: 20}";
  const Trials learned(yaml, Part::kTraining, 20);
  const Trials tested(yaml, Part::kTest, 20);
  EXPECT_TRUE(std::ranges::equal(learned.block.inputs.span(),
                                 tested.block.inputs.span()));
  EXPECT_TRUE(std::ranges::equal(learned.block.labels.span(),
                                 tested.block.labels.span()));
  // 400,000 draws at 0.005: 2000 spikes, give or take 45; five of these.
  double spikes = 0;
  for (const double x : learned.block.inputs.span()) spikes += x;
  EXPECT_NEAR(spikes, 2000, 225);
}

// Channel of the stimulus in steps [begin, end): the one that spikes most. It
// has 10 units of 42 Hz against 2 Hz, so over 150 ms 63 spikes against 3.
int64_t LoudestChannel(const Trials& trials, int64_t sample, bool excites,
                       int64_t begin, int64_t end) {
  int64_t loudest = 0;
  double most = -1;
  for (int64_t c = 0; c < 8; ++c) {
    const int64_t first = 10 * c + (excites ? 0 : 80);
    const double count = trials.Count(sample, first, first + 10, begin, end);
    if (count > most) {
      most = count;
      loudest = c;
    }
  }
  return loudest;
}

TEST(EiSelectivityTest, BothKindsCarryTheStimulusAndHalfOfThemAreClassOne) {
  const Trials trials("{type: ei_selectivity}", Part::kTraining, 200);
  for (int64_t k = 0; k < 200; ++k) {
    const int64_t stimulus = LoudestChannel(trials, k, true, 0, 200);
    EXPECT_EQ(LoudestChannel(trials, k, false, 0, 200), stimulus);
    EXPECT_EQ(trials.Label(k), stimulus < 4 ? 1 : 0);
  }
}

// 20 units of 42 Hz and 140 of 2 Hz for 0.2 s: 168 + 56 spikes a trial. Over
// 200 trials a sum of 44,800 that scatters by 211 (a step holds one spike at
// most, which makes it a little less); five times that.
TEST(EiSelectivityTest, UnitsSpikeAtTheirRates) {
  const Trials trials("{type: ei_selectivity}", Part::kTest, 200);
  double spikes = 0;
  for (const double x : trials.block.inputs.span()) spikes += x;
  EXPECT_NEAR(spikes, 44800, 1055);
}

TEST(NoveltySelectivityTest, ClassOneIsAnotherStimulus) {
  const Trials trials("{type: novelty_selectivity}", Part::kTraining, 400);
  EXPECT_EQ(trials.block.first_scored, 150);
  int novel = 0;
  for (int64_t k = 0; k < 400; ++k) {
    const bool differs = LoudestChannel(trials, k, true, 0, 150) !=
                         LoudestChannel(trials, k, true, 150, 300);
    EXPECT_EQ(trials.Label(k), differs ? 1 : 0);
    novel += trials.Label(k);
  }
  EXPECT_NEAR(novel, 200, 50);  // scatters by 10
}

TEST(YinYangTest, SpikeTimesGiveThePointAndItsClass) {
  const Trials trials("{type: yin_yang, range: 30}", Part::kTest, 600);
  std::vector<int> of_class(3);
  for (int64_t k = 0; k < 600; ++k) {
    ASSERT_EQ(trials.Spikes(k, 4), std::vector<int64_t>{2});
    double v[4];
    for (int64_t i = 0; i < 4; ++i) {
      const std::vector<int64_t> steps = trials.Spikes(k, i);
      ASSERT_EQ(steps.size(), 1u);
      v[i] = (static_cast<double>(steps[0] - 2) + 0.5) / 30;
    }
    EXPECT_NEAR(v[0] + v[2], 1, 1.0 / 30 + 1e-12);
    // Within the disc, up to half a step of either coordinate.
    const double r = std::hypot(v[0] - 0.5, v[1] - 0.5);
    EXPECT_LE(r, 0.5 + 0.024);
    if (std::hypot(v[0] - 0.75, v[1] - 0.5) < 0.07) {
      EXPECT_EQ(trials.Label(k), 2);
    }
    if (v[1] > 0.55 && v[0] < 0.12) {
      EXPECT_EQ(trials.Label(k), 1);
    }
    if (v[1] < 0.45 && v[0] > 0.88) {
      EXPECT_EQ(trials.Label(k), 0);
    }
    ++of_class[static_cast<size_t>(trials.Label(k))];
  }
  // Classes are drawn: 200 each, give or take 11.5; five of these.
  for (const int n : of_class) EXPECT_NEAR(n, 200, 58);
}

TEST(RandmanTest, UnitsSpikeOnceAndReachBothEnds) {
  const Trials trials("{type: randman, classes: 2, units: 4, test_trials: 50}",
                      Part::kTraining, 1600);
  for (int64_t unit = 0; unit < 4; ++unit) {
    std::set<int64_t> steps;
    for (int64_t k = 0; k < 1600; ++k) {
      const std::vector<int64_t> spikes = trials.Spikes(k, unit);
      ASSERT_EQ(spikes.size(), 1u);
      steps.insert(spikes[0]);
      EXPECT_EQ(trials.Label(k), k % 2);
    }
    EXPECT_LE(*steps.begin(), 3);
    EXPECT_GE(*steps.rbegin(), 96);
  }
}

TEST(LatencyCodeTest, BrighterPixelsSpikeSooner) {
  // Without noise and shift every trial of a class is its picture, and the
  // centre of a spot, x near 1, spikes at floor(20 ln(1 / 0.8)) = 4 or later.
  const Trials trials("{type: latency_code, noise: 0, shift: 0, classes: 3}",
                      Part::kTraining, 60);
  std::vector<int64_t> example(3, -1);
  int64_t earliest = 100;
  for (int64_t k = 0; k < 60; ++k) {
    int64_t& first = example[static_cast<size_t>(trials.Label(k))];
    if (first < 0) first = k;
    for (int64_t pixel = 0; pixel < 144; ++pixel) {
      const std::vector<int64_t> spikes = trials.Spikes(k, pixel);
      EXPECT_LE(spikes.size(), 1u);
      EXPECT_EQ(spikes, trials.Spikes(first, pixel));
      if (!spikes.empty()) earliest = std::min(earliest, spikes[0]);
    }
  }
  EXPECT_GE(earliest, 4);
  EXPECT_LE(earliest, 6);
}

}  // namespace
}  // namespace engram
