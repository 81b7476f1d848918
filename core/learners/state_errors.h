#pragma once

#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "core/training/loss.h"
#include "core/training/trained_network.h"

namespace engram {

// The exact way back of all terms of a loss a step at a time, after ForwardLoss
// of a pass that keeps all steps, for who looks at what flows: `see` is told of
// a layer's step before it goes back. What its course carries then are errors
// of that step's state from later steps, and `direct` dL/d outputs of this one
// (units, samples).
template <class Real>
using SeeErrors =
    absl::FunctionRef<void(size_t layer, int64_t step, const Real* direct)>;
template <class Real>
void BackwardByStep(const TrainedNetwork<Real>& network, const Loss<Real>& loss,
                    const Real* parameters, const TrainingBlock<Real>& block,
                    NetworkPass<Real>& pass, SeeErrors<Real> see);

// dL/dh and, of layers with a memory cell, dL/dc at a step (units, samples),
// the latter through h, too.
template <class Real>
struct StateErrors {
  std::vector<Real> outputs, cells;
};
// Within `see`.
template <class Real>
void GetStateErrors(const Layer<Real>& layer, const LayerCourse<Real>& course,
                    int64_t step, const Real* direct,
                    StateErrors<Real>& errors);

}  // namespace engram
