#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/array.h"
#include "core/training/layer.h"
#include "core/training/readout.h"
#include "core/training/training_block.h"

namespace engram {

// How much of a block's way there stays for the way back. Activity is held of
// one segment of steps at a time; of the others the state before their first
// step is kept, from which they are gone through again, to the same bits.
struct PassPlan {
  // A multiple of kStepsPerStretch; 0: all steps are one segment.
  int64_t segment_steps = 0;
  bool goes_back = true;  // false: nothing is kept of segments gone through

  // Segments of at least `steps` steps, rounded up to whole stretches.
  static PassPlan Every(int64_t steps) {
    return {.segment_steps = (steps + kStepsPerStretch - 1) / kStepsPerStretch *
                             kStepsPerStretch};
  }
  int64_t SegmentOf(int64_t steps) const {
    return segment_steps == 0 ? steps : std::min(segment_steps, steps);
  }
};

// A way back: errors of steps [errors_from, end), followed to step `until`,
// where the state before counts as given. Before `first_errors` no step has
// any.
struct WayBack {
  int64_t errors_from = 0;
  int64_t end = 0;
  int64_t until = 0;
  int64_t first_errors = 0;
};

// What a learner holds of a block beside arrays; it makes it once.
struct LearnerMemory {
  virtual ~LearnerMemory() = default;
  virtual int64_t bytes() const = 0;
};

// What a network keeps of one block's way there and back.
template <class Real>
struct NetworkPass {
  PassPlan plan;
  std::vector<LayerCourse<Real>> courses;  // of each layer: a segment
  int64_t first_step = 0;                  // of the segment that they hold
  // Before each segment, and after the last: (state_size samples, segments +
  // 1). Empty where all steps are one segment.
  Array<Real> states;
  int64_t last_state = 0;     // column of the state after the last step
  Array<Real> outputs;        // (active heads outputs, scored columns)
  Array<Real> output_errors;  // dL/d outputs, likewise
  Array<Real> errors;         // of a stretch of a layer's outputs
  Array<Real> input_errors;   // and of its inputs
  ReadoutCourse<Real> readout;
  // What a unit of the last layer gave in a trial, summed over its steps, and
  // dL/d that: (units, samples).
  Array<Real> counts;
  Array<Real> count_errors;
  // What a learner holds of the block beside: arrays, or something of its own.
  std::vector<Array<Real>> of_learner;
  std::unique_ptr<LearnerMemory> memory;  // null until a learner wants it

  bool keeps_states() const { return plan.goes_back && plan.segment_steps > 0; }
  // Bytes of all arrays.
  int64_t bytes() const;
};

template <class Real>
int64_t BytesOf(const LayerCourse<Real>& c) {
  const size_t numbers = c.outputs.size() + c.cells.size() + c.gates.size() +
                         c.errors.size() + c.derived.size() + c.panels.size() +
                         c.output_error.size() + c.cell_error.size() +
                         c.carried.size() + c.carried_error.size();
  return static_cast<int64_t>(numbers * sizeof(Real) +
                              c.active.size() * sizeof(int32_t) +
                              c.active_columns.size() * sizeof(uint16_t));
}

template <class Real>
int64_t NetworkPass<Real>::bytes() const {
  size_t numbers = states.size() + outputs.size() + output_errors.size() +
                   errors.size() + input_errors.size() + counts.size() +
                   count_errors.size() + readout.drives.size() +
                   readout.carried.size() + readout.panels.size();
  for (const Array<Real>& array : of_learner) numbers += array.size();
  auto sum = static_cast<int64_t>(numbers * sizeof(Real) +
                                  readout.peaks.size() * sizeof(int32_t));
  for (const LayerCourse<Real>& course : courses) sum += BytesOf(course);
  return sum + (memory == nullptr ? 0 : memory->bytes());
}

}  // namespace engram
