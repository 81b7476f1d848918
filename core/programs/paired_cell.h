#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/base/array.h"
#include "core/programs/state_visitor.h"

namespace engram {

// Potentials of cells that are made to fire at given steps: what a rule on
// potentials reads under a protocol of spikes. A row of cells that know nothing
// of each other, at rest at -70.6 mV until they fire.
//
//   C v' = -g_l (v - e_l) + g_l delta_t exp((v - v_t) / delta_t) - w + z
//   tau_w w' = a (v - e_l) - w,  tau_z z' = -z,  tau_t v_t' = v_rest - v_t
//
// A cell that is made to fire, or that comes above 20 mV by itself, is at 33 mV
// for 2 ms; then v <- -49.6 mV, w <- w + b, z <- 400 pA (the depolarisation
// after a spike), v_t <- -30.4 mV. Presynaptic spikes do not move it: one
// synapse's share is small.
//
// Euler's method for v and w, exact for z and v_t. Threads: one.
//
// Source: Clopath, Buesing, Vasilaki, Gerstner (2010), doi:10.1038/nn.2479.
class PairedCell {
 public:
  PairedCell(int64_t cells, double dt);

  // The potentials of the next step [mV], in which the cells of `fired` begin a
  // spike. Valid until the next call. Allocates nothing.
  std::span<const double> Next(std::span<const int32_t> fired);
  // Names v, w, z, threshold and spike_steps under `prefix`.
  void VisitState(absl::string_view prefix, StateVisitor& v);

 private:
  void Begin(int64_t cell) { left_[cell] = spike_steps_; }
  void Move(int64_t cell);

  const double dt_;
  const int64_t spike_steps_;
  const double keep_z_, keep_threshold_;  // over a step [1]
  Array<double> v_, w_, z_, threshold_;   // [mV], [pA], [pA], [mV]
  Array<int64_t> left_;                   // steps of a spike that are left
  Array<double> shown_;                   // scratch [mV]
};

// As VisitState names them behind its prefix.
std::vector<std::string> ArraysOfPairedCell();

}  // namespace engram
