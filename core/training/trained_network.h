#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "core/base/random.h"
#include "core/spec/component.h"
#include "core/training/layer.h"
#include "core/training/network_pass.h"
#include "core/training/parameter_layout.h"
#include "core/training/readout.h"
#include "core/training/training_block.h"

namespace engram {

// Layers, one upon the other, and a readout of the last. The network is a
// function of parameters that its caller holds (laid out as `layout` says), so
// that a learner may look at others.
//
// Thread-safe: blocks have passes and gradients of their own.
template <class Real>
class TrainedNetwork {
 public:
  // Of validated components in the slots `network` and `readout` of a program;
  // without the latter it is linear_readout.
  TrainedNetwork(const Component& component, NetworkShape shape, uint64_t seed,
                 const Component* readout = nullptr);

  const ParameterLayout& layout() const { return layout_; }
  const Readout<Real>& readout() const { return *readout_; }
  const NetworkShape& shape() const { return shape_; }
  const std::vector<std::unique_ptr<Layer<Real>>>& layers() const {
    return layers_;
  }
  const Layer<Real>& last() const { return *layers_.back(); }
  bool is_memoryless() const;
  // Which layer it is: "gru", or "layer_2 (gru)" of several.
  const std::string& NameOf(size_t layer) const { return names_[layer]; }

  // Sizes a pass for a block; zeroes the errors of outputs.
  void Resize(const TrainingBlock<Real>& block, NetworkPass<Real>& pass) const;
  // The state before the first step, drawn for each trial, or for a stream that
  // begins anew.
  void DrawState(const TrainingBlock<Real>& block,
                 NetworkPass<Real>& pass) const;
  // Numbers of a sample's state, of all layers, for streams that go on from
  // batch to batch: (state_size, samples).
  int64_t state_size() const;
  void LoadState(const Real* state, NetworkPass<Real>& pass) const;
  // After the last step of a way there.
  void SaveState(const NetworkPass<Real>& pass, Real* state) const;

  void Forward(const Real* parameters, const TrainingBlock<Real>& block,
               NetworkPass<Real>& pass) const;
  // The same, and `after` sees every stretch [begin, end) while the courses
  // hold it.
  using AfterStretch = absl::FunctionRef<void(int64_t begin, int64_t end)>;
  void Forward(const Real* parameters, const TrainingBlock<Real>& block,
               NetworkPass<Real>& pass, AfterStretch after) const;
  // The last layer's outputs in the steps of a stretch that the courses hold.
  std::span<const Real> LastOutputs(const NetworkPass<Real>& pass,
                                    int64_t begin, int64_t end) const;

  // Goes there from the pass's initial state and says what gave the first
  // number that is not finite.
  std::string FindNonFinite(const Real* parameters,
                            const TrainingBlock<Real>& block,
                            NetworkPass<Real>& pass) const;
  // What a layer sees from a step on that the courses hold.
  const Real* Inputs(size_t layer, int64_t step,
                     const TrainingBlock<Real>& block,
                     const NetworkPass<Real>& pass) const;

  // The way back from pass.output_errors begins, through the readout's own
  // memory at once; after it Backward is called for ranges of steps that come
  // in the opposite order and leave none out.
  void BeginBackward(const TrainingBlock<Real>& block,
                     NetworkPass<Real>& pass) const;
  // Adds what the errors of a range's steps are in the parameters to
  // `gradient`. `add` may add errors of the last layer's activity in steps
  // [begin, end).
  using AddErrors =
      absl::FunctionRef<void(int64_t begin, int64_t end, Real* errors)>;
  void Backward(const Real* parameters, const TrainingBlock<Real>& block,
                WayBack way, NetworkPass<Real>& pass, AddErrors add,
                Real* gradient) const;
  // The way back through the readout alone: sets pass.errors, of a stretch.
  void ReadoutBackward(const Real* parameters, int64_t begin, int64_t end,
                       const TrainingBlock<Real>& block,
                       NetworkPass<Real>& pass, Real* gradient) const;

 private:
  void AddLayers(const Component& component, int64_t count);
  void CopyState(const NetworkPass<Real>& pass, bool after, Real* state) const;
  void KeepState(bool after, int64_t column, NetworkPass<Real>& pass) const;
  void MoveStateToStart(NetworkPass<Real>& pass) const;
  // Segments: the courses go on from where they ended, or are gone through
  // again from the state that was kept.
  void BeginSegment(int64_t first, const TrainingBlock<Real>& block,
                    NetworkPass<Real>& pass) const;
  void GoToSegment(const Real* parameters, int64_t step,
                   const TrainingBlock<Real>& block,
                   NetworkPass<Real>& pass) const;
  void ForwardLayers(const Real* parameters, int64_t begin, int64_t end,
                     const TrainingBlock<Real>& block,
                     NetworkPass<Real>& pass) const;
  // `has_errors`: the pass's errors are those of the last layer's outputs.
  void BackwardLayers(const Real* parameters, int64_t begin, int64_t end,
                      const TrainingBlock<Real>& block, bool has_errors,
                      NetworkPass<Real>& pass, Real* gradient) const;
  ActivityStretch<Real> Activity(const Real* parameters, int64_t begin,
                                 int64_t end, const TrainingBlock<Real>& block,
                                 const NetworkPass<Real>& pass) const;

  NetworkShape shape_;
  ParameterLayout layout_;
  std::vector<std::unique_ptr<Layer<Real>>> layers_;
  std::vector<std::string> names_;
  std::unique_ptr<Readout<Real>> readout_;
  RandomStream training_state_, test_state_;
};

// The names and shapes of a network's parameters, without making it.
ParameterLayout LayoutOf(const Component& component, NetworkShape shape,
                         const Component* readout = nullptr);

}  // namespace engram
