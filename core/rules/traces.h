#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/array.h"
#include "core/spec/component.h"
#include "core/spec/fault.h"

namespace engram {

// value += share (target - value): an Euler step of a low-pass filter, with
// share = dt / tau.
template <class Real>
void Relax(double share, std::span<const Real> target, Array<Real>& value) {
  const Real part = static_cast<Real>(share);
  const Real* __restrict to = target.data();
  Real* __restrict v = value.data();
  const int64_t n = value.rows();
  for (int64_t i = 0; i < n; ++i) v[i] += part * (to[i] - v[i]);
}

// Euler steps of a trace need a time constant of at least the network's step:
// adds a fault for each of `names` that is shorter than the parameter `dt` of
// the tree's network, or of the program where there is no network.
void CheckTimeConstants(const Component& self, const Component& root,
                        const std::vector<std::string>& names, Faults& faults);

}  // namespace engram
