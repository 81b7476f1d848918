#pragma once

#include <vector>

#include "core/analyses/dynamics/gain_function.h"
#include "core/analyses/dynamics/rate_dynamics.h"
#include "core/base/array.h"
#include "core/spec/component.h"
#include "core/spec/component_spec.h"

namespace engram {

// theta, t_phi and tau as the rate_rnn network has them.
std::vector<ParameterSpec> RateParameters();
GainFunction LogisticGain(const Component& component);

// Units of one time constant, without input.
std::unique_ptr<Dynamics> EqualUnits(Array<double> coupling,
                                     const Component& component);

}  // namespace engram
