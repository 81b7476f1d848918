#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "core/spiking/collect_spikes.h"

namespace engram {

// What the receptors of a group of units take in at a step: zeros where
// nothing ever arrives.
template <class Real>
class GroupInputs {
 public:
  // Of the units from `at` on, counted from the first that `inputs` are for.
  GroupInputs(std::span<const Real* const> inputs, int64_t at)
      : inputs_(inputs), at_(at) {}

  const Real* operator[](size_t receptor) const {
    const Real* all = inputs_[receptor];
    return all == nullptr ? kNothing.data() : all + at_;
  }

  // Whether anything may arrive at any receptor.
  static bool Any(std::span<const Real* const> inputs) {
    return std::ranges::any_of(inputs,
                               [](const Real* r) { return r != nullptr; });
  }

 private:
  alignas(64) static constexpr std::array<Real, kSpikeGroup> kNothing{};

  std::span<const Real* const> inputs_;
  int64_t at_;
};

}  // namespace engram
