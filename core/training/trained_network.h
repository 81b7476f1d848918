#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "core/base/random.h"
#include "core/spec/component.h"
#include "core/training/layer.h"
#include "core/training/parameter_layout.h"
#include "core/training/training_block.h"

namespace engram {

// What a task wants of a network.
struct NetworkShape {
  int64_t inputs = 1;
  int64_t outputs = 1;  // of a head
  int64_t heads = 1;    // readouts that there are; a block says how many count
};

// What a network keeps of one block's way there and back.
template <class Real>
struct NetworkPass {
  std::vector<LayerCourse<Real>> courses;  // of each layer
  Array<Real> outputs;        // (active heads outputs, scored columns)
  Array<Real> output_errors;  // dL/d outputs, likewise
  Array<Real> errors;         // of a stretch of a layer's outputs
  Array<Real> input_errors;   // and of its inputs
};

// Layers, one upon the other, and linear readouts of the last: head k gives
// `outputs` numbers at every scored step, y = W h + b. The network is a
// function of parameters that its caller holds (laid out as `layout` says), so
// that a learner may look at others.
//
// Thread-safe: blocks have passes and gradients of their own.
template <class Real>
class TrainedNetwork {
 public:
  // Of a validated component in the slot `network` of a program.
  TrainedNetwork(const Component& component, NetworkShape shape, uint64_t seed);

  const ParameterLayout& layout() const { return layout_; }
  const NetworkShape& shape() const { return shape_; }
  const std::vector<std::unique_ptr<Layer<Real>>>& layers() const {
    return layers_;
  }
  const Layer<Real>& last() const { return *layers_.back(); }
  bool is_memoryless() const;

  // Sizes a pass for a block; zeroes the errors of outputs.
  void Resize(const TrainingBlock<Real>& block, NetworkPass<Real>& pass) const;
  // The state before the first step, drawn for each trial.
  void DrawState(const TrainingBlock<Real>& block,
                 NetworkPass<Real>& pass) const;
  // Numbers of a sample's state, of all layers, for streams that go on from
  // batch to batch: (state_size, samples).
  int64_t state_size() const;
  void LoadState(const Real* state, NetworkPass<Real>& pass) const;
  void SaveState(const NetworkPass<Real>& pass, Real* state) const;

  void Forward(const Real* parameters, const TrainingBlock<Real>& block,
               NetworkPass<Real>& pass) const;
  // The way back from pass.output_errors: adds dL/d parameters to `gradient`.
  // `add` may add errors of the last layer's activity in steps [begin, end).
  using AddErrors =
      absl::FunctionRef<void(int64_t begin, int64_t end, Real* errors)>;
  void Backward(const Real* parameters, const TrainingBlock<Real>& block,
                NetworkPass<Real>& pass, AddErrors add, Real* gradient) const;

 private:
  void AddLayers(const Component& component, int64_t count);
  const Real* Inputs(size_t layer, int64_t step,
                     const TrainingBlock<Real>& block,
                     const NetworkPass<Real>& pass) const;
  void Read(const Real* parameters, int64_t begin, int64_t end,
            const TrainingBlock<Real>& block, NetworkPass<Real>& pass) const;
  void ReadBack(const Real* parameters, int64_t begin, int64_t end,
                const TrainingBlock<Real>& block, NetworkPass<Real>& pass,
                Real* gradient) const;

  NetworkShape shape_;
  ParameterLayout layout_;
  std::vector<std::unique_ptr<Layer<Real>>> layers_;
  int readout_ = -1, readout_bias_ = -1;
  RandomStream training_state_, test_state_;
};

// The names and shapes of a network's parameters, without making it.
ParameterLayout LayoutOf(const Component& component, NetworkShape shape);
// Parameters as drawn at the start: each matrix by its own distribution.
template <class Real>
void DrawParameters(const ParameterLayout& layout, const Component& program,
                    uint64_t seed, Real* parameters);

}  // namespace engram
