#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/analyses/dynamics/dynamics.h"
#include "core/analyses/structure/eigenvalue_search.h"

namespace engram {

// What the linearised system does near a stationary state; eigenvalues by
// falling real part, then by falling imaginary part, per time constant. Of a
// map, what a step multiplies by, by falling size: those of the Jacobian of
// x + F(x), unstable above 1.
struct Stability {
  std::vector<double> real, imaginary;
  int64_t unstable_dimension = 0;  // eigenvalues along which it leaves

  bool is_stable() const { return unstable_dimension == 0; }
  // The leading eigenvalues are a pair: states near it turn.
  bool is_spiral() const { return !imaginary.empty() && imaginary[0] != 0; }
};

// By the eigenvalues of the Jacobian at p.x, O(n^3). Empty when they are not
// found.
std::optional<Stability> ComputeStability(const Dynamics& dynamics,
                                          DynamicsPoint& p);

// The same in two steps, so that the search may be cut.
void BeginStability(const Dynamics& dynamics, DynamicsPoint& p,
                    EigenvalueSearch& search);
std::optional<Stability> StabilityOf(const EigenvalueSearch& search,
                                     bool is_map);

}  // namespace engram
