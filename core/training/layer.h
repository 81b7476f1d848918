#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/array.h"
#include "core/spec/component.h"
#include "core/spec/component_spec.h"
#include "core/training/parameter_layout.h"
#include "core/training/training_block.h"

namespace engram {

// What a layer keeps of a forward pass for the backward one, for some samples:
// its outputs at every step, and what its kind needs beside them.
template <class Real>
struct LayerCourse {
  int64_t samples = 0;
  int64_t steps = 0;
  int64_t hold = 1;     // steps that an input lasts
  Array<Real> outputs;  // (units, samples (steps + 1)), from the initial state
  Array<Real> cells;    // the same of a memory cell; empty without one
  Array<Real> gates;    // (gate rows, samples steps), or of one stretch alone
  Array<Real> errors;   // (gate rows, samples kStepsPerStretch)
  Array<Real> derived;  // (units, k): what follows from the parameters
  Array<Real> panels;   // weights as products take them; of the parameters too
  // Where few sources are active: those that are, and in which columns of a
  // stretch each is, (1 + samples kStepsPerStretch, sources).
  Array<int32_t> active;
  Array<uint16_t> active_columns;
  // What flows back to the step before: (units, samples).
  Array<Real> output_error;
  Array<Real> cell_error;
  // Of states that stay inside a layer, beside outputs and cells: as the
  // steps so far left them, and what flows back to them.
  Array<Real> carried;  // (units, carried samples)
  Array<Real> carried_error;
};

// Numbers behind the last of a list of active sources that may be written to.
inline constexpr int64_t kActiveSlack = 16;

// Of a layer's storage.
struct LayerStorage {
  int64_t gates = 0;         // rows of drives, a multiple of the units
  bool keeps_gates = false;  // for the backward pass
  bool has_cell = false;
  int64_t carried =
      0;  // states of a unit that are kept for the last step alone
  int64_t derived = 0;
  int64_t panels = 0;   // numbers of packed weights
  int64_t sources = 0;  // of which few are active, or 0
};

// A layer of a trained network: a map from a stack of inputs to a stack of
// outputs, and the exact way back, written by hand and fused over time. It
// holds no numbers: parameters come as the flat store of its network, and
// errors go to one that is laid out alike.
//
// Thread-safe: different blocks have different courses and gradients.
template <class Real>
class Layer {
 public:
  Layer(int64_t inputs, int64_t units, LayerStorage rows)
      : inputs_(inputs), units_(units), rows_(rows) {}
  virtual ~Layer() = default;

  int64_t inputs() const { return inputs_; }
  int64_t units() const { return units_; }
  const LayerStorage& rows() const { return rows_; }
  // The initial state is uniform between 0 and this.
  virtual double initial_state() const { return 0; }
  // Outputs do not depend on those of earlier steps.
  virtual bool is_memoryless() const { return false; }

  // Sizes a course, growing it where needed, for this many steps.
  void Resize(int64_t samples, int64_t steps, LayerCourse<Real>& course) const;

  // Fills what follows from the parameters; before the first stretch.
  virtual void Prepare(const Real* parameters,
                       LayerCourse<Real>& course) const = 0;
  // Steps [begin, end), at most kStepsPerStretch; `inputs` is the stack from
  // step `begin` on.
  virtual void Forward(const Real* parameters, const Real* inputs,
                       int64_t begin, int64_t end,
                       LayerCourse<Real>& course) const = 0;
  // The same steps backwards, after those behind them: `output_errors` holds
  // dL/d outputs but for what comes through later steps, which the course
  // carries; null where that is all, which a memoryless layer is not called
  // for. Adds to `gradient`, and writes dL/d inputs unless that is null.
  virtual void Backward(const Real* parameters, const Real* inputs,
                        int64_t begin, int64_t end, const Real* output_errors,
                        LayerCourse<Real>& course, Real* gradient,
                        Real* input_errors) const = 0;
  // dh/dc of a step's outputs by its memory cells, into `slopes` (units,
  // samples). Of layers that have_output_slopes.
  virtual bool has_output_slopes() const { return false; }
  virtual void OutputSlopes(const LayerCourse<Real>&, int64_t, Real*) const {}
  // Forgets what is carried back: before the last stretch's Backward.
  void BeginBackward(LayerCourse<Real>& course) const {
    course.output_error.Fill(0);
    course.cell_error.Fill(0);
    course.carried_error.Fill(0);
  }

 private:
  int64_t inputs_, units_;
  LayerStorage rows_;
};

// Where a layer stands in its network: it names its parameters in `layout`.
struct LayerPlace {
  int64_t inputs = 0;
  std::string prefix;  // "layer_1."; empty in a network of one layer
  ParameterLayout& layout;
  int64_t symbols = 0;  // above 0: what TaskShape says of them

  // Columns of the weights of inputs.
  int64_t weight_columns() const { return symbols > 0 ? symbols : inputs; }
};

// What may lie under a layer: numbers, or symbols of a task.
enum class LayerInputs { kNumbers, kSymbols, kBoth };

// A row of the catalog: a kind of layer, and how it is made.
struct LayerRow {
  ComponentSpec spec;
  LayerInputs takes = LayerInputs::kNumbers;
  std::unique_ptr<Layer<float>> (*make_single)(const Component& component,
                                               LayerPlace place) = nullptr;
  std::unique_ptr<Layer<double>> (*make_double)(const Component& component,
                                                LayerPlace place) = nullptr;
};

template <template <class> class L>
LayerRow RowOfLayer(ComponentSpec spec,
                    LayerInputs takes = LayerInputs::kNumbers) {
  return {
      .spec = std::move(spec),
      .takes = takes,
      .make_single = [](const Component& c,
                        LayerPlace place) -> std::unique_ptr<Layer<float>> {
        return std::make_unique<L<float>>(c, place);
      },
      .make_double = [](const Component& c,
                        LayerPlace place) -> std::unique_ptr<Layer<double>> {
        return std::make_unique<L<double>>(c, place);
      }};
}

template <class Real>
void Layer<Real>::Resize(int64_t samples, int64_t steps,
                         LayerCourse<Real>& course) const {
  course.samples = samples;
  course.steps = steps;
  GrowTo(course.outputs, units_, samples * (steps + 1));
  if (rows_.has_cell) GrowTo(course.cells, units_, samples * (steps + 1));
  const int64_t stretch = samples * kStepsPerStretch;
  GrowTo(course.gates, rows_.gates,
         rows_.keeps_gates ? samples * steps : stretch);
  GrowTo(course.errors, rows_.gates, stretch);
  if (rows_.derived > 0) GrowTo(course.derived, units_, rows_.derived);
  if (rows_.panels > 0) GrowTo(course.panels, rows_.panels, 1);
  if (rows_.sources > 0) {
    GrowTo(course.active, rows_.sources + kActiveSlack, 1);
    GrowTo(course.active_columns, 1 + stretch, rows_.sources);
  }
  GrowTo(course.output_error, units_, samples);
  if (rows_.has_cell) GrowTo(course.cell_error, units_, samples);
  if (rows_.carried > 0) {
    GrowTo(course.carried, units_, samples * rows_.carried);
    GrowTo(course.carried_error, units_, samples * rows_.carried);
  }
}

}  // namespace engram
