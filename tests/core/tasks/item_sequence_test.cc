#include "core/tasks/item_sequence.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "tests/support/experiment_tree.h"

namespace engram {
namespace {

ItemSequence Task(const std::string& parameters, int64_t units, double dt,
                  uint64_t seed = 1) {
  return ItemSequence(Tree("{type: item_sequence, " + parameters + "}",
                           Kind::kTask, "experiment.task"),
                      seed, units, dt);
}

// The item that is driven at a step, -1 for none; every unit's input is
// checked.
int64_t DrivenItem(const ItemSequence& task, const std::vector<double>& input,
                   double amplitude) {
  int64_t driven = -1;
  std::set<int64_t> on;
  for (size_t i = 0; i < input.size(); ++i) {
    if (input[i] == 0) continue;
    EXPECT_EQ(input[i], amplitude);
    on.insert(static_cast<int64_t>(i));
  }
  for (int64_t k = 0; k < task.items(); ++k) {
    const std::span<const int64_t> units = task.units_of(k);
    if (on == std::set<int64_t>(units.begin(), units.end())) driven = k;
  }
  EXPECT_EQ(driven == -1, on.empty());
  return driven;
}

TEST(ItemSequenceTest, ItemsFollowEachOtherWithoutGapThenSilence) {
  const ItemSequence task = Task(
      "items: 3, units_per_item: 2, item_duration: 2 ms, silence: 1 ms, "
      "amplitude: 1.5",
      8, 0.5);
  ASSERT_EQ(task.trial_steps(), 3 * 4 + 2);
  std::vector<double> input(8, 9.0);
  for (int64_t step = 0; step < task.trial_steps(); ++step) {
    task.TrialInput(step, input);
    EXPECT_EQ(DrivenItem(task, input, 1.5), step < 12 ? step / 4 : -1);
  }
}

TEST(ItemSequenceTest, RecallDrivesTheFirstItemForTheCue) {
  const ItemSequence task = Task(
      "items: 3, units_per_item: 2, cue_duration: 5 ms, recall_duration: 20 ms",
      8, 1);
  ASSERT_EQ(task.recall_steps(), 20);
  std::vector<double> input(8);
  for (int64_t step = 0; step < 20; ++step) {
    task.RecallInput(step, input);
    EXPECT_EQ(DrivenItem(task, input, 2.0), step < 5 ? 0 : -1);
  }
}

TEST(ItemSequenceTest, ItemsShareNoUnitAndTheAssignmentIsRandom) {
  const ItemSequence a = Task("items: 4, units_per_item: 5", 30, 1, 1);
  const ItemSequence b = Task("items: 4, units_per_item: 5", 30, 1, 2);
  std::set<int64_t> units;
  bool differs = false;
  for (int64_t k = 0; k < 4; ++k) {
    for (size_t s = 0; s < 5; ++s) {
      units.insert(a.units_of(k)[s]);
      differs |= a.units_of(k)[s] != b.units_of(k)[s];
    }
  }
  EXPECT_EQ(units.size(), 20u);
  EXPECT_GE(*units.begin(), 0);
  EXPECT_LT(*units.rbegin(), 30);
  EXPECT_TRUE(differs);
}

TEST(ItemSequenceTest, RefusesMoreUnitsThanTheNetworkHasAndEmptyDurations) {
  Faults faults;
  ReadTree(
      "{type: sequence_learning, rule: {type: hebbian}, "
      "task: {type: item_sequence, items: 11, item_duration: 0.2 ms, "
      "cue_duration: 30 ms, recall_duration: 20 ms}}",
      Kind::kProgram, "experiment", faults);
  ASSERT_EQ(faults.size(), 3u);
  std::string all;
  for (const Fault& fault : faults) all += fault.Format("f") + "\n";
  EXPECT_NE(all.find("11 items of 10 units need 110 units"), std::string::npos)
      << all;
  EXPECT_NE(all.find("experiment.task.item_duration"), std::string::npos);
  EXPECT_NE(all.find("experiment.task.cue_duration"), std::string::npos);
}

}  // namespace
}  // namespace engram
