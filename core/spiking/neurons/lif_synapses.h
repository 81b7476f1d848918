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
  // Those `at` units further on, with `in` for inputs.
  SynapseGroup From(int64_t at, const GroupInputs<Real>& in) const {
    return {.step_e = step_e,
            .step_i = step_i,
            .e = e + at,
            .i = i + at,
            .x_e = kIsAlpha ? x_e + at : nullptr,
            .x_i = kIsAlpha ? x_i + at : nullptr,
            .input_e = in[0],
            .input_i = in[1]};
  }

  // Unit k of the group. Where nothing arrives not even 0 is added. All is read
  // before any is written, or the compiler reads it again.
  void Move(int64_t k) {
    const Real next_e = Next(step_e, k, e, x_e, input_e);
    const Real next_i = Next(step_i, k, i, x_i, input_i);
    if constexpr (kIsAlpha) {
      const Real next_x_e = NextRise(step_e, k, x_e, input_e);
      const Real next_x_i = NextRise(step_i, k, x_i, input_i);
      x_e[k] = next_x_e;
      x_i[k] = next_x_i;
    }
    e[k] = next_e;
    i[k] = next_i;
  }

  SynapseStep<Real> step_e, step_i;
  Real *e, *i, *x_e, *x_i;
  const Real *input_e = nullptr, *input_i = nullptr;

 private:
  static Real Next(const SynapseStep<Real>& step, int64_t k, const Real* s,
                   const Real* x, const Real* input) {
    const Real kept = s[k] * step.decay;
    if constexpr (kIsAlpha) return kept + step.share * x[k];
    if constexpr (kIsDriven && !kIsAlpha) return kept + input[k];
    return kept;
  }
  static Real NextRise(const SynapseStep<Real>& step, int64_t k, const Real* x,
                       const Real* input) {
    const Real kept = x[k] * step.decay;
    if constexpr (kIsDriven) return kept + step.jump * input[k];
    return kept;
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

  // Of all units, without inputs.
  template <bool kIsDriven>
  SynapseGroup<Real, kIsAlpha, kIsDriven> All() {
    return {.step_e = step_e,
            .step_i = step_i,
            .e = e.data(),
            .i = i.data(),
            .x_e = x_e.data(),
            .x_i = x_i.data()};
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
