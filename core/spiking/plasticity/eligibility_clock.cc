#include "core/spiking/plasticity/eligibility_clock.h"

#include <span>
#include <utility>

namespace engram {
namespace {

constexpr double kLongest = 20;  // in tau: exp(20) is 2^29

}  // namespace

EligibilityClock::EligibilityClock(double tau, double dt)
    : dt_(dt),
      lambda_(math::Exp(-dt / tau)),
      longest_(kLongest * tau / dt),
      decay_(tau, dt),
      sum_(1, 0),
      back_(1, 1) {}

void EligibilityClock::Extend(double modulator) {
  modulator_.push_back(modulator);
  back_.push_back(back_.back() / lambda_);
  sum_.push_back(sum_.back() + dt_ * modulator / back_.back());
}

void EligibilityClock::Add(std::span<const double> modulator) {
  for (const double m : modulator) Extend(m);
}

void EligibilityClock::Rebase(int64_t base) {
  modulator_.erase(modulator_.begin(), modulator_.begin() + (base - base_));
  Restore(base);
}

void EligibilityClock::Restore(int64_t base) {
  base_ = base;
  sum_.assign(1, 0);
  back_.assign(1, 1);
  for (const double m : std::exchange(modulator_, {})) Extend(m);
}

}  // namespace engram
