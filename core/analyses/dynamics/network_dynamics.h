#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/analyses/dynamics/dynamics.h"
#include "core/base/array.h"
#include "core/spec/component.h"

namespace engram {

// The system that a network is with given weights (n_post, n_pre), without
// noise and input from outside; null for a type whose vector field is not
// known here.
std::unique_ptr<Dynamics> DynamicsOfNetwork(const Component& network,
                                            const Array<double>& weights);

// Types of networks that have one.
const std::vector<std::string>& NetworksWithDynamics();

}  // namespace engram
