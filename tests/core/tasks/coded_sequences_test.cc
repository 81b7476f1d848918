#include "core/tasks/coded_sequences.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/base/statistics.h"
#include "tests/support/experiment_tree.h"

namespace engram {
namespace {

CodedSequences Task(const std::string& parameters, int64_t units = 200) {
  return CodedSequences(Tree("{type: coded_sequences" + parameters + "}",
                             Kind::kTask, "experiment.task"),
                        1, units, 1.0);
}

std::vector<double> InputAt(const CodedSequences& task, int64_t step,
                            int64_t units = 200) {
  std::vector<double> input(static_cast<size_t>(units));
  task.TrialInput(step, input);
  return input;
}

// The sample correlation of two codes of n units has a standard error of
// (1 - c^2) / sqrt(n).
TEST(CodedSequencesTest, CodesHaveTheirCorrelation) {
  for (const char* c : {"0", "0.25", "0.5"}) {
    const CodedSequences task = Task(std::string(", correlation: ") + c, 5000);
    const double expected = std::stod(c);
    for (int64_t k = 1; k < task.items(); ++k) {
      EXPECT_NEAR(
          *statistics::Correlation(task.codes().col(0), task.codes().col(k)),
          expected, 5 / std::sqrt(5000.0));
      EXPECT_NEAR(*statistics::Variance(task.codes().col(k)), 1,
                  5 * std::sqrt(2 / 5000.0));
    }
  }
}

TEST(CodedSequencesTest, ABinaryItemDrivesTheUnitsOfItsLargestCode) {
  const CodedSequences task = Task(", units_per_item: 15, amplitude: 3");
  const std::vector<double> input =
      InputAt(task, 250);  // item 3 of 100 ms each
  EXPECT_EQ(std::ranges::count(input, 3.0), 15);
  EXPECT_EQ(std::ranges::count(input, 0.0), 185);
  double smallest_of_item = 1e9;
  for (int64_t unit : task.units_of(2)) {
    EXPECT_EQ(input[static_cast<size_t>(unit)], 3);
    smallest_of_item = std::min(smallest_of_item, task.codes()(unit, 2));
  }
  for (int64_t unit = 0; unit < 200; ++unit) {
    if (input[static_cast<size_t>(unit)] > 0) continue;
    EXPECT_LT(task.codes()(unit, 2), smallest_of_item);
  }
}

TEST(CodedSequencesTest, AGaussianItemDrivesEveryUnitByItsCode) {
  const CodedSequences task = Task(", code: gaussian, amplitude: 0.5");
  const std::vector<double> input = InputAt(task, 99);
  for (int64_t unit = 0; unit < 200; ++unit) {
    EXPECT_EQ(input[static_cast<size_t>(unit)], 0.5 * task.codes()(unit, 0));
  }
}

TEST(CodedSequencesTest, SequencesComeOneAfterTheOtherWithSilence) {
  const CodedSequences task =
      Task(", sequences: 2, items: 3, item_duration: 10, silence: 20");
  EXPECT_EQ(task.items(), 6);
  EXPECT_EQ(task.trial_steps(), 100);
  const auto item_at = [&](int64_t step) -> int64_t {
    const std::vector<double> input = InputAt(task, step);
    for (int64_t k = 0; k < 6; ++k) {
      if (std::ranges::all_of(task.units_of(k), [&](int64_t unit) {
            return input[static_cast<size_t>(unit)] > 0;
          })) {
        return k;
      }
    }
    return -1;
  };
  EXPECT_EQ(item_at(0), 0);
  EXPECT_EQ(item_at(29), 2);
  EXPECT_EQ(item_at(30), -1);
  EXPECT_EQ(item_at(49), -1);
  EXPECT_EQ(item_at(50), 3);
  EXPECT_EQ(item_at(79), 5);
  EXPECT_EQ(item_at(99), -1);
  EXPECT_EQ(task.successor(1), 2);
  EXPECT_EQ(task.successor(2), std::nullopt);
  EXPECT_EQ(task.successor(3), 4);
}

TEST(CodedSequencesTest, AnyItemOfAnySequenceIsTheCue) {
  const CodedSequences task =
      Task(", sequences: 2, items: 4, cue_sequence: 2, cue_item: 3");
  EXPECT_EQ(task.cued_item(), 6);
  std::vector<double> input(200);
  task.RecallInput(0, input);
  for (int64_t unit : task.units_of(6)) {
    EXPECT_EQ(input[static_cast<size_t>(unit)], 2);
  }
  task.RecallInput(50, input);
  EXPECT_EQ(std::ranges::count(input, 0.0), 200);
}

TEST(CodedSequencesTest, WithoutACueNothingIsDriven) {
  const CodedSequences task = Task(", cue_duration: 0");
  EXPECT_EQ(task.cued_item(), std::nullopt);
  std::vector<double> input(200, 7.0);
  task.RecallInput(0, input);
  EXPECT_EQ(std::ranges::count(input, 0.0), 200);
}

TEST(CodedSequencesTest, ASharedItemIsOneItemWithSeveralSuccessors) {
  // A B C D E and F G C H I.
  const CodedSequences task =
      Task(", sequences: 2, items: 5, shared_item: 3, cue_sequence: 2");
  EXPECT_EQ(task.items(), 9);
  EXPECT_EQ(task.successors(2), (std::vector<int64_t>{3, 7}));
  EXPECT_EQ(task.successor(2), 7);
  EXPECT_EQ(task.successor(1), 2);
  EXPECT_EQ(task.successor(6), 2);
  EXPECT_EQ(task.successors(7), (std::vector<int64_t>{8}));
  EXPECT_EQ(task.cued_item(), 5);
}

std::vector<std::string> FaultPaths(const std::string& task) {
  Faults faults;
  ReadTree(
      "{type: sequence_learning, rule: {type: hebbian}, task: {type: "
      "coded_sequences, " +
          task + "}}",
      Kind::kProgram, "experiment", faults);
  std::vector<std::string> paths;
  for (const Fault& fault : faults) paths.push_back(fault.path);
  return paths;
}

TEST(CodedSequencesTest, RefusesWhatDoesNotFit) {
  using Paths = std::vector<std::string>;
  EXPECT_EQ(FaultPaths("cue_sequence: 2"),
            Paths{"experiment.task.cue_sequence"});
  EXPECT_EQ(FaultPaths("cue_item: 11"), Paths{"experiment.task.cue_item"});
  EXPECT_EQ(FaultPaths("shared_item: 2"), Paths{"experiment.task.shared_item"});
  EXPECT_EQ(FaultPaths("units_per_item: 101"),
            Paths{"experiment.task.units_per_item"});
  EXPECT_EQ(FaultPaths("cue_duration: 2000"),
            Paths{"experiment.task.cue_duration"});
  EXPECT_EQ(FaultPaths("item_duration: 0.01"),
            Paths{"experiment.task.item_duration"});
}

}  // namespace
}  // namespace engram
