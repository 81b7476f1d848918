#pragma once

#include <cstdint>
#include <span>

#include "core/base/array.h"
#include "core/base/random.h"

namespace engram {

// What a rate network carries from step to step; a run may hold several (one
// that is trained, one that is probed).
struct RateState {
  explicit RateState(int64_t units)
      : potential(units), rate(units), current(units), noise(units) {}

  Array<double> potential;  // x (n_units) [1]
  Array<double> rate;       // r (n_units) [1]
  Array<double> current;    // scratch
  Array<double> noise;      // scratch
};

// A recurrent network of rate units whose weights are given at each step, so
// that one network serves training, recall and probes. Immutable; Step is
// called from one thread at a time, because it uses the run's threads.
class RateNetwork {
 public:
  virtual ~RateNetwork() = default;
  virtual int64_t units() const = 0;
  virtual double dt() const = 0;  // [ms]
  // W0 (n_units, n_units) [1], zero diagonal.
  virtual const Array<double>& initial_weights() const = 0;
  // Of a sparse network the presynaptic units (n_inputs, n_units), by unit; its
  // other weights are 0 and stay so. Null: every unit projects to every other.
  virtual const Array<int32_t>* inputs() const { return nullptr; }
  // x = 0 and the rates that belong to it.
  virtual void Reset(RateState& s) const = 0;
  // One step with weights w (n_post, n_pre) and external input [1]; noise at
  // address `step`. Allocates nothing.
  virtual void Step(const Array<double>& w, std::span<const double> input,
                    const RandomStream& noise, int64_t step,
                    RateState& s) const = 0;
};

}  // namespace engram
