#include "core/spiking/neurons/lif_conductance.h"

#include <array>
#include <numbers>

#include "absl/strings/str_cat.h"
#include "core/base/math.h"
#include "core/programs/state_array.h"
#include "core/spiking/catalog.h"
#include "core/spiking/neurons/initial_values.h"
#include "core/spiking/neurons/propagators.h"

namespace engram {

template <class Real, bool kIsAlpha>
LifConductance<Real, kIsAlpha>::LifConductance(const Component& c,
                                               const PopulationShape& shape)
    : membrane_(c, shape.dt),
      is_exponential_(c.Text("integration") == "exponential_euler"),
      reversal_e_(static_cast<Real>(c.Real("e_e"))),
      reversal_i_(static_cast<Real>(c.Real("e_i"))),
      leak_(static_cast<Real>(shape.dt / membrane_.tau)),
      gain_(static_cast<Real>(shape.dt / membrane_.capacitance)),
      v_(InitialPotential<Real>(c, shape)),
      left_(shape.units, membrane_.refractory),
      synapses_(InitialValues<Real>(c, shape, "initial_g_e", 0),
                InitialValues<Real>(c, shape, "initial_g_i", 0)) {
  const auto step_of = [&](double tau) {
    if (is_exponential_) {
      const double decay = Decay(shape.dt, tau);
      return SynapseStep<Real>{
          .decay = static_cast<Real>(decay),
          .share = static_cast<Real>(shape.dt * decay),
          .jump = static_cast<Real>(std::numbers::e / tau)};
    }
    return SynapseStep<Real>{.decay = static_cast<Real>(1 - shape.dt / tau),
                             .share = static_cast<Real>(shape.dt),
                             .jump = static_cast<Real>(std::numbers::e / tau)};
  };
  synapses_.step_e = step_of(c.Real("tau_e"));
  synapses_.step_i = step_of(c.Real("tau_i"));
}

template <class Real, bool kIsAlpha>
int64_t LifConductance<Real, kIsAlpha>::Step(
    int64_t, int64_t begin, int64_t end, std::span<const Real* const> inputs,
    int32_t* spikes) {
  const bool is_driven = GroupInputs<Real>::Any(inputs);
  return left_.With([&](auto* left) {
    if (is_exponential_) {
      return is_driven
                 ? StepExponentially<true>(begin, end, inputs, left, spikes)
                 : StepExponentially<false>(begin, end, inputs, left, spikes);
    }
    return is_driven ? StepUnits<true>(begin, end, inputs, left, spikes)
                     : StepUnits<false>(begin, end, inputs, left, spikes);
  });
}

template <class Real, bool kIsAlpha>
template <bool kIsDriven, class Count>
int64_t LifConductance<Real, kIsAlpha>::StepUnits(
    int64_t begin, int64_t end, std::span<const Real* const> inputs,
    Count* counts, int32_t* spikes) {
  const LifConstants<Real> m(membrane_);
  const Real e_e = reversal_e_, e_i = reversal_i_, leak = leak_, gain = gain_;
  const auto synapses = synapses_.template All<kIsDriven>();
  Real* const potentials = v_.data();
  const auto move = [&](int64_t at, auto size, uint8_t* flags) {
    const int64_t n = size;
    const GroupInputs<Real> in(inputs, at - begin);
    auto g = synapses.From(at, in);
    const Real* current = in[2];
    Real* v = potentials + at;
    Count* left = counts + at;
#pragma GCC ivdep
    for (int64_t k = 0; k < n; ++k) {
      const Real old = v[k];
      Real drive = g.e[k] * (e_e - old) + g.i[k] * (e_i - old) + m.current;
      if constexpr (kIsDriven) drive += current[k];
      g.Move(k);
      v[k] = Hold(old + leak * (m.rest - old) + gain * drive, m.reset, left[k]);
      flags[k] = v[k] >= m.threshold ? 1 : 0;
    }
  };
  return StepInGroups(begin, end, spikes, move, [&](int64_t unit) {
    v_[unit] = m.reset;
    counts[unit] = static_cast<Count>(m.refractory);
  });
}

template <class Real, bool kIsAlpha>
template <bool kIsDriven, class Count>
int64_t LifConductance<Real, kIsAlpha>::StepExponentially(
    int64_t begin, int64_t end, std::span<const Real* const> inputs,
    Count* counts, int32_t* spikes) {
  const LifConstants<Real> m(membrane_);
  const Real e_e = reversal_e_, e_i = reversal_i_, leak = leak_, gain = gain_;
  const auto synapses = synapses_.template All<kIsDriven>();
  Real* const potentials = v_.data();
  const auto move = [&](int64_t at, auto size, uint8_t* flags) {
    const int64_t n = size;
    const GroupInputs<Real> in(inputs, at - begin);
    auto g = synapses.From(at, in);
    const Real* current = in[2];
    Real* v = potentials + at;
    Count* left = counts + at;
    // exp(-dt g / c_m)
    alignas(64) std::array<double, kSpikeGroup> kept;
    for (int64_t k = 0; k < n; ++k) {
      kept[static_cast<size_t>(k)] = -(leak + gain * (g.e[k] + g.i[k]));
    }
    const std::span<double> all(kept.data(), static_cast<size_t>(n));
    math::Exp(all, all);
    for (int64_t k = 0; k < n; ++k) {
      Real drive = g.e[k] * e_e + g.i[k] * e_i + m.current;
      if constexpr (kIsDriven) drive += current[k];
      const Real target =
          (leak * m.rest + gain * drive) / (leak + gain * (g.e[k] + g.i[k]));
      g.Move(k);
      const Real share = static_cast<Real>(kept[static_cast<size_t>(k)]);
      v[k] = Hold(target + (v[k] - target) * share, m.reset, left[k]);
      flags[k] = v[k] >= m.threshold ? 1 : 0;
    }
  };
  return StepInGroups(begin, end, spikes, move, [&](int64_t unit) {
    v_[unit] = m.reset;
    counts[unit] = static_cast<Count>(m.refractory);
  });
}

template <class Real, bool kIsAlpha>
void LifConductance<Real, kIsAlpha>::VisitState(absl::string_view prefix,
                                                StateVisitor& v) {
  v.State(absl::StrCat(prefix, ".v"), StateOf(v_, "mV"));
  v.State(absl::StrCat(prefix, ".refractory"), left_.State());
  synapses_.VisitState(prefix, "g", "nS", v);
}

template class LifConductance<float, false>;
template class LifConductance<double, false>;
template class LifConductance<float, true>;
template class LifConductance<double, true>;

namespace {

std::string Unstable(const Component& c, double dt) {
  if (c.Text("integration") == "exponential_euler") return "";
  for (const char* tau : {"tau_m", "tau_e", "tau_i"}) {
    std::string reason = UnstableFilter(tau, c.Real(tau), dt);
    if (!reason.empty()) return reason;
  }
  return "";
}

// Inputs of alpha synapses are scaled, and added to the conductance's slope.
std::vector<Receptor> Receptors(bool is_alpha) {
  return {{"excitatory", "nS", "peak of the excitatory conductance of an input",
           is_alpha ? "" : "g_e"},
          {"inhibitory", "nS", "peak of the inhibitory conductance of an input",
           is_alpha ? "" : "g_i"},
          {"current", "pA", "current for one step"}};
}

ComponentSpec Spec(std::string type, std::string summary, std::string synapse) {
  ComponentSpec spec{
      .type = std::move(type),
      .summary = std::move(summary),
      .equation =
          "c_m v' = -(c_m / tau_m) (v - e_l) - g_e (v - e_e) - g_i (v "
          "- e_i) + I\n" +
          std::move(synapse) +
          "\nv >= v_th: v <- v_reset for t_ref, in which the "
          "conductances go on\nEuler's method, or exponential Euler's",
      .reference = "doi:10.1007/s10827-007-0038-6",
      .parameters = LifParameters({}),
      .slots = {InitialPotentialSlot(),
                InitialSlot("initial_g_e", "nS",
                            "g_e at time 0 [nS]; 0 without one"),
                InitialSlot("initial_g_i", "nS",
                            "g_i at time 0 [nS]; 0 without one")},
      .check = [](const Component& self, const Component&, Faults& faults) {
        CheckLif(self, faults);
      }};
  for (ParameterSpec& own : std::vector<ParameterSpec>{
           Real("tau_e", "ms", 5, 0.001, 1e5, "of the excitatory conductance"),
           Real("tau_i", "ms", 10, 0.001, 1e5, "of the inhibitory conductance"),
           Real("e_e", "mV", 0, -1000, 1000, "excitatory reversal potential"),
           Real("e_i", "mV", -80, -1000, 1000, "inhibitory reversal potential"),
           Choice("integration", "euler", {"euler", "exponential_euler"},
                  "exponential_euler: conductances exactly, the potential as "
                  "if they stayed over the step")}) {
    spec.parameters.push_back(std::move(own));
  }
  return spec;
}

}  // namespace

PopulationRow LifConductanceExponentialRow() {
  return RowOfPopulation<LifConductanceExponential>(
      Spec("lif_conductance_exponential",
           "leaky integrate-and-fire, conductances that jump and decay",
           "g' = -g / tau, g <- g + w at an input"),
      Receptors(false), {"v", "refractory", "g_e", "g_i"}, Unstable);
}

PopulationRow LifConductanceAlphaRow() {
  return RowOfPopulation<LifConductanceAlpha>(
      Spec("lif_conductance_alpha",
           "leaky integrate-and-fire, conductances that rise to a peak",
           "g' = x - g / tau, x' = -x / tau, x <- x + w e / tau at an input"),
      Receptors(true), {"v", "refractory", "g_e", "g_i", "x_e", "x_i"},
      Unstable);
}

}  // namespace engram
