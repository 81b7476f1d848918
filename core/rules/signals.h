#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "absl/strings/string_view.h"

namespace engram {

// What both sides of a projection show at one step. A projection fills in what
// it gives (see Signal); the rest stays empty, and validation has refused every
// rule that would read it. Spikes of a step are the units that fired in it, in
// ascending order.
template <class Real>
struct Signals {
  std::span<const Real> pre = {};             // r_j (n_pre) [1]
  std::span<const Real> post = {};            // r_i (n_post) [1]
  std::span<const int32_t> pre_spikes = {};   // units j
  std::span<const int32_t> post_spikes = {};  // units i
  std::span<const Real> pre_potential = {};   // (n_pre) [mV]
  std::span<const Real> post_potential = {};  // (n_post) [mV]
  std::span<const Real> modulator = {};       // (1) or (n_post) [1]
  double dt = 0;                              // [ms]
};

// A group of fields of Signals: what a rule reads and a projection gives.
enum class Signal { kRates, kSpikes, kPotentials, kModulator };

absl::string_view SignalName(Signal signal);  // "rates"

}  // namespace engram
