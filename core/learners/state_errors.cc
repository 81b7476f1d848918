#include "core/learners/state_errors.h"

#include <algorithm>

#include "core/base/contract.h"
#include "core/learners/learner.h"

namespace engram {
namespace {

// Adds errors of the last layer's activity in a step.
template <class Real>
void AddActivityErrors(const TrainedNetwork<Real>& network,
                       const Loss<Real>& loss, const TrainingBlock<Real>& block,
                       int64_t step, NetworkPass<Real>& pass) {
  const double total = ActivityOf(network, block);
  bool reads_counts = false;
  for (const auto& term : loss) {
    reads_counts |= term->reads_counts();
    if (!term->reads_activity()) continue;
    term->Activity(network.LastOutputs(pass, step, step + 1), total,
                   pass.errors.data());
  }
  if (!reads_counts) return;
  for (int64_t i = 0; i < network.last().units() * block.samples; ++i) {
    pass.errors[i] += pass.count_errors[i];
  }
}

}  // namespace

template <class Real>
void BackwardByStep(const TrainedNetwork<Real>& network, const Loss<Real>& loss,
                    const Real* parameters, const TrainingBlock<Real>& block,
                    NetworkPass<Real>& pass, SeeErrors<Real> see) {
  ENGRAM_EXPECT(!pass.keeps_states());
  const auto& layers = network.layers();
  Array<Real> gradient(network.layout().size());
  network.BeginBackward(block, pass);
  for (size_t l = 0; l < layers.size(); ++l) {
    layers[l]->BeginBackward(pass.courses[l]);
  }
  for (int64_t step = block.steps - 1; step >= 0; --step) {
    network.ReadoutBackward(parameters, step, step + 1, block, pass,
                            gradient.data());
    AddActivityErrors(network, loss, block, step, pass);
    for (size_t l = layers.size(); l-- > 0;) {
      see(l, step, pass.errors.data());
      layers[l]->Backward(parameters, network.Inputs(l, step, block, pass),
                          step, step + 1, pass.errors.data(), pass.courses[l],
                          gradient.data(),
                          l > 0 ? pass.input_errors.data() : nullptr);
      if (l > 0) std::swap(pass.errors, pass.input_errors);
    }
  }
}

template <class Real>
void GetStateErrors(const Layer<Real>& layer, const LayerCourse<Real>& course,
                    int64_t step, const Real* direct,
                    StateErrors<Real>& errors) {
  const auto size = static_cast<size_t>(layer.units() * course.samples);
  errors.outputs.assign(direct, direct + size);
  for (size_t i = 0; i < size; ++i) {
    errors.outputs[i] += course.output_error[static_cast<int64_t>(i)];
  }
  errors.cells.clear();
  if (!layer.has_output_slopes()) return;
  errors.cells.resize(size);
  layer.OutputSlopes(course, step, errors.cells.data());
  for (size_t i = 0; i < size; ++i) {
    errors.cells[i] = errors.cells[i] * errors.outputs[i] +
                      course.cell_error[static_cast<int64_t>(i)];
  }
}

template void BackwardByStep(const TrainedNetwork<float>&, const Loss<float>&,
                             const float*, const TrainingBlock<float>&,
                             NetworkPass<float>&, SeeErrors<float>);
template void GetStateErrors(const Layer<float>&, const LayerCourse<float>&,
                             int64_t, const float*, StateErrors<float>&);
template void BackwardByStep(const TrainedNetwork<double>&, const Loss<double>&,
                             const double*, const TrainingBlock<double>&,
                             NetworkPass<double>&, SeeErrors<double>);
template void GetStateErrors(const Layer<double>&, const LayerCourse<double>&,
                             int64_t, const double*, StateErrors<double>&);

}  // namespace engram
