#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "core/base/random.h"
#include "core/spec/component.h"
#include "core/spec/component_spec.h"

namespace engram {

// Numbers drawn one by one: weights and delays of synapses, initial values and
// parameters of units.
class Distribution {
 public:
  virtual ~Distribution() = default;
  // out[i] has the address (i, step) of `random`. Thread-safe.
  virtual void Fill(const RandomStream& random, int64_t step,
                    std::span<double> out) const = 0;
  // No number lies outside of [lowest, highest]; infinite where there is no
  // bound. What a network plans its delays from.
  virtual double lowest() const = 0;
  virtual double highest() const = 0;
};

struct DistributionRow {
  ComponentSpec spec;
  std::unique_ptr<Distribution> (*make)(const Component& component) = nullptr;
};

}  // namespace engram
