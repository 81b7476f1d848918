#pragma once

#include <cstdint>

#include "core/analyses/training/trained_analysis.h"

namespace engram {

// Trials of the task's last stage that training has not seen, as many side by
// side. The loss of a block of them is the sum of the losses of its trials.
template <class Real>
void FillFreshTrials(const TrainedState<Real>& trained, int64_t samples,
                     TrainingBlock<Real>& block);

// Parameters `trials` and `layer`, and which layer the latter means.
std::vector<ParameterSpec> FreshTrialParameters();
template <class Real>
size_t LayerOf(const TrainedState<Real>& trained, const Component& analysis);
// The kind of layer that this is, of a layer that there is.
std::string TypeOfLayer(const Component& analysis, const Component& root);
std::string RefuseLayer(const Component& analysis, const Component& root);

}  // namespace engram
