#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/base/array.h"
#include "core/programs/state_array.h"
#include "core/spiking/neurons/group_inputs.h"

namespace engram {

// How a synaptic current or conductance s moves over a step in which inputs of
// the sum w arrive:
//
//   exponential: s <- decay s + w
//   alpha:       s <- decay s + share x,  x <- decay x + jump w
template <class Real>
struct SynapseStep {
  Real decay = 0;  // [1]
  Real share = 0;  // [ms]
  Real jump = 0;   // [1/ms]
};

// The synapses of a group of units while it is moved.
template <class Real, bool kIsAlpha, bool kIsDriven>
struct SynapseGroup {
  // Unit k of the group. Where nothing arrives not even 0 is added.
  void Move(int64_t k) {
    Move(step_e, k, e, x_e, input_e);
    Move(step_i, k, i, x_i, input_i);
  }

  SynapseStep<Real> step_e, step_i;
  Real *e, *i, *x_e, *x_i;
  const Real *input_e, *input_i;

 private:
  static void Move(const SynapseStep<Real>& step, int64_t k, Real* s, Real* x,
                   const Real* input) {
    s[k] *= step.decay;
    if constexpr (kIsAlpha) {
      s[k] += step.share * x[k];
      x[k] *= step.decay;
      if constexpr (kIsDriven) x[k] += step.jump * input[k];
    } else if constexpr (kIsDriven) {
      s[k] += input[k];
    }
  }
};

// Excitatory and inhibitory synapses of a population's units.
template <class Real, bool kIsAlpha>
struct LifSynapses {
  LifSynapses(Array<Real> initial_e, Array<Real> initial_i)
      : e(std::move(initial_e)),
        i(std::move(initial_i)),
        x_e(kIsAlpha ? e.rows() : 0),
        x_i(kIsAlpha ? i.rows() : 0) {}

  // Of the units from `at` on; `inputs` are theirs.
  template <bool kIsDriven>
  SynapseGroup<Real, kIsAlpha, kIsDriven> Group(int64_t at,
                                                const GroupInputs<Real>& in) {
    return {.step_e = step_e,
            .step_i = step_i,
            .e = e.data() + at,
            .i = i.data() + at,
            .x_e = kIsAlpha ? x_e.data() + at : nullptr,
            .x_i = kIsAlpha ? x_i.data() + at : nullptr,
            .input_e = in[0],
            .input_i = in[1]};
  }

  // As `prefix`.g_e where `name` is "g".
  void VisitState(absl::string_view prefix, absl::string_view name,
                  const std::string& unit, StateVisitor& v) {
    v.State(absl::StrCat(prefix, ".", name, "_e"), StateOf(e, unit));
    v.State(absl::StrCat(prefix, ".", name, "_i"), StateOf(i, unit));
    if constexpr (kIsAlpha) {
      v.State(absl::StrCat(prefix, ".x_e"), StateOf(x_e, unit + "/ms"));
      v.State(absl::StrCat(prefix, ".x_i"), StateOf(x_i, unit + "/ms"));
    }
  }

  SynapseStep<Real> step_e, step_i;
  Array<Real> e, i;      // [pA] or [nS]
  Array<Real> x_e, x_i;  // of alpha synapses
};

}  // namespace engram
