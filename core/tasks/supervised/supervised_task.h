#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/spec/component.h"
#include "core/spec/component_spec.h"
#include "core/spec/fault.h"
#include "core/training/training_block.h"

namespace engram {

class Inputs;
class Resolver;

// What a curriculum asks of a task just now: the n of each active readout. A
// task without n of its own has one readout, and what stands here says nothing.
struct Stage {
  std::vector<int64_t> n = {0};

  int64_t heads() const { return static_cast<int64_t>(n.size()); }
  int64_t largest() const { return *std::ranges::max_element(n); }
};

struct TaskShape {
  int64_t inputs = 1;
  // Above 0: the one input is no number but says which of so many symbols is
  // there, from 0 on; a layer reads it as a vector that is 1 at one place.
  int64_t symbols = 0;
  int64_t outputs = 1;  // of a readout: classes, or numbers
  bool has_classes = true;
  // Of numbers: the largest one, in the mean over the steps that count, is a
  // choice, which is right or wrong.
  bool has_choice = false;
  // Largest n that a readout may have; 0: the task has no n.
  int64_t largest_n = 0;
  // Samples go on from batch to batch, and with them the network's state.
  bool is_stream = false;

  bool is_judged() const { return has_classes || has_choice; }
};

// Which trial: endless tasks draw each number anew, finite ones keep a table.
struct TrialAddress {
  Part part = Part::kTraining;
  int64_t number = 0;  // of the trial
  int64_t batch = 0;   // of its epoch, from 0
  int64_t sample = 0;  // of its batch
};

// Steps of a batch, the first at which outputs are read, and for how many an
// input lasts.
struct BatchLength {
  int64_t steps = 1;
  int64_t first_scored = 0;
  int64_t hold = 1;
};

// Inputs and the answers that are wanted, drawn trial by trial: a trial is a
// function of seed, part and number. Thread-safe.
class SupervisedTask {
 public:
  virtual ~SupervisedTask() = default;
  virtual const TaskShape& shape() const = 0;
  // All samples of a batch have one length; `batch` counts from the start.
  virtual BatchLength Length(const Stage& stage, Part part,
                             int64_t batch) const = 0;
  // Inputs and targets are 0, weights 1 and all answers judged before.
  virtual void Fill(const Stage& stage, const TrialAddress& address,
                    const TrialView& trial) const = 0;
  // Of a part; 0: endless.
  virtual int64_t trials(Part) const { return 0; }
};

// What a task makes and keeps before its first trial.
struct TaskTable {
  double numbers = 0;  // drawn, or as much work; 2 ns each
  double bytes = 0;
};

// A row of the catalog; exactly one of `make` and `read` is there.
struct SupervisedTaskRow {
  ComponentSpec spec;
  // As the task's own, without making it.
  TaskShape (*shape)(const Component& component) = nullptr;
  // Most steps that a stage with this largest n has.
  int64_t (*most_steps)(const Component& component, int64_t n) = nullptr;
  std::unique_ptr<SupervisedTask> (*make)(const Component& component,
                                          uint64_t seed) = nullptr;
  // Of a task in files: NOT_FOUND or INVALID_ARGUMENT says what a dataset has
  // and what it should have.
  absl::StatusOr<std::unique_ptr<SupervisedTask>> (*read)(
      const Component& component, const Inputs& inputs) = nullptr;
  // Of a task that keeps its trials; null: it draws each anew.
  TaskTable (*table)(const Component& component) = nullptr;
  // Of a task in files: what is wrong with them, as far as the resolver knows
  // them before anything runs.
  void (*check_files)(const Component& component, const Resolver& resolver,
                      Faults& faults) = nullptr;
};

// One line a task.
const std::vector<SupervisedTaskRow>& SupervisedTaskRows();
// Of a validated component; ContractViolation for a task in files.
std::unique_ptr<SupervisedTask> MakeSupervisedTask(const Component& component,
                                                   uint64_t seed);
// Of any.
absl::StatusOr<std::unique_ptr<SupervisedTask>> ReadSupervisedTask(
    const Component& component, uint64_t seed, const Inputs& inputs);
TaskShape ShapeOfTask(const Component& component);
TaskTable TableOfTask(const Component& component);

SupervisedTaskRow AddingRow();
SupervisedTaskRow CopyRow();
SupervisedTaskRow DelayedRecallRow();
SupervisedTaskRow GrammarRow();
SupervisedTaskRow MnistRow();
SupervisedTaskRow NDmsRow();
SupervisedTaskRow NParityRow();
SupervisedTaskRow SequentialDigitsRow();
SupervisedTaskRow TextCorpusRow();
SupervisedTaskRow EiSelectivityRow();
SupervisedTaskRow LatencyCodeRow();
SupervisedTaskRow NoveltySelectivityRow();
SupervisedTaskRow RandmanRow();
SupervisedTaskRow RandomPatternsRow();
SupervisedTaskRow TargetSpikesRow();
SupervisedTaskRow YinYangRow();

}  // namespace engram
