#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/spiking/plasticity/decay_table.h"

namespace engram {

// What a modulator has done to an eligibility trace between two steps. A trace
// that is e after step a, and left alone, changes its weight by e G(a, b) until
// after step b:
//
//   G(a, b) = sum over k in (a, b] of dt M(k) lambda^(k - a)
//
// lambda = exp(-dt / tau). Sums run from a base that follows the network, so
// that powers of lambda stay within 2^30 of each other.
class EligibilityClock {
 public:
  EligibilityClock(double tau, double dt);

  // Values of the modulator at the next steps.
  void Add(std::span<const double> modulator);
  // Whether all traces should be brought up to date, so that Rebase can follow.
  bool is_long() const {
    return static_cast<double>(modulator_.size()) > longest_;
  }
  // No trace is older than after step `base`.
  void Rebase(int64_t base);

  double G(int64_t a, int64_t b) const {
    const size_t i = Index(a);
    return back_[i] * (sum_[Index(b)] - sum_[i]);
  }
  // dt M(k) [1]
  double GainAt(int64_t k) const { return dt_ * modulator_[Index(k) - 1]; }
  double Decay(int64_t steps) const { return decay_(steps); }

  int64_t base() const { return base_; }
  std::vector<double>& modulator() { return modulator_; }
  // After a visitor has set `modulator`.
  void Restore(int64_t base);

 private:
  size_t Index(int64_t step) const { return static_cast<size_t>(step - base_); }
  void Extend(double modulator);

  double dt_, lambda_;
  double longest_;  // [steps]
  DecayTable<double> decay_;
  int64_t base_ = -1;
  std::vector<double> modulator_;   // of the steps after base [1/ms]
  std::vector<double> sum_, back_;  // from base on: G(base, .), lambda^-n
};

}  // namespace engram
