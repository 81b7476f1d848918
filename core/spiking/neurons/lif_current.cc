#include "core/spiking/neurons/lif_current.h"

#include <numbers>

#include "absl/strings/str_cat.h"
#include "core/programs/state_array.h"
#include "core/spiking/catalog.h"
#include "core/spiking/neurons/initial_values.h"
#include "core/spiking/neurons/propagators.h"

namespace engram {

template <class Real, bool kIsAlpha>
LifCurrent<Real, kIsAlpha>::Push::Push(double tau, const LifMembrane& membrane,
                                       double dt)
    : by_current(static_cast<Real>(ExponentialResponse(dt, membrane.tau, tau) /
                                   membrane.capacitance)),
      by_rise(static_cast<Real>(AlphaResponse(dt, membrane.tau, tau) /
                                membrane.capacitance)) {}

template <class Real, bool kIsAlpha>
LifCurrent<Real, kIsAlpha>::LifCurrent(const Component& c,
                                       const PopulationShape& shape)
    : membrane_(c, shape.dt),
      push_e_(c.Real("tau_e"), membrane_, shape.dt),
      push_i_(c.Real("tau_i"), membrane_, shape.dt),
      decay_(static_cast<Real>(Decay(shape.dt, membrane_.tau))),
      gain_(static_cast<Real>(ConstantResponse(shape.dt, membrane_.tau) /
                              membrane_.capacitance)),
      v_(InitialPotential<Real>(c, shape)),
      left_(shape.units, membrane_.refractory),
      synapses_(InitialValues<Real>(c, shape, "initial_i_e", 0),
                InitialValues<Real>(c, shape, "initial_i_i", 0)) {
  const auto step_of = [&](double tau) {
    const double decay = Decay(shape.dt, tau);
    return SynapseStep<Real>{.decay = static_cast<Real>(decay),
                             .share = static_cast<Real>(shape.dt * decay),
                             .jump = static_cast<Real>(std::numbers::e / tau)};
  };
  synapses_.step_e = step_of(c.Real("tau_e"));
  synapses_.step_i = step_of(c.Real("tau_i"));
}

template <class Real, bool kIsAlpha>
int64_t LifCurrent<Real, kIsAlpha>::Step(int64_t, int64_t begin, int64_t end,
                                         std::span<const Real* const> inputs,
                                         int32_t* spikes) {
  const bool is_driven = GroupInputs<Real>::Any(inputs);
  return left_.With([&](auto* left) {
    return is_driven ? StepUnits<true>(begin, end, inputs, left, spikes)
                     : StepUnits<false>(begin, end, inputs, left, spikes);
  });
}

template <class Real, bool kIsAlpha>
template <bool kIsDriven, class Count>
int64_t LifCurrent<Real, kIsAlpha>::StepUnits(
    int64_t begin, int64_t end, std::span<const Real* const> inputs,
    Count* counts, int32_t* spikes) {
  const LifConstants<Real> m(membrane_);
  const Push push_e = push_e_, push_i = push_i_;
  const Real decay = decay_, gain = gain_;
  const auto synapses = synapses_.template All<kIsDriven>();
  Real* const potentials = v_.data();
  const auto move = [&](int64_t at, auto size, uint8_t* flags) {
    const int64_t n = size;
    const GroupInputs<Real> in(inputs, at - begin);
    auto i = synapses.From(at, in);
    const Real* current = in[2];
    Real* v = potentials + at;
    Count* left = counts + at;
#pragma GCC ivdep
    for (int64_t k = 0; k < n; ++k) {
      Real constant = m.current;
      if constexpr (kIsDriven) constant += current[k];
      Real next = m.rest + (v[k] - m.rest) * decay +
                  push_e.by_current * i.e[k] + push_i.by_current * i.i[k] +
                  gain * constant;
      if constexpr (kIsAlpha) {
        next += push_e.by_rise * i.x_e[k] + push_i.by_rise * i.x_i[k];
      }
      i.Move(k);
      v[k] = Hold(next, m.reset, left[k]);
      flags[k] = v[k] >= m.threshold ? 1 : 0;
    }
  };
  return StepInGroups(begin, end, spikes, move, [&](int64_t unit) {
    v_[unit] = m.reset;
    counts[unit] = static_cast<Count>(m.refractory);
  });
}

template <class Real, bool kIsAlpha>
void LifCurrent<Real, kIsAlpha>::VisitState(absl::string_view prefix,
                                            StateVisitor& v) {
  v.State(absl::StrCat(prefix, ".v"), StateOf(v_, "mV"));
  v.State(absl::StrCat(prefix, ".refractory"), left_.State());
  synapses_.VisitState(prefix, "i", "pA", v);
}

template class LifCurrent<float, false>;
template class LifCurrent<double, false>;
template class LifCurrent<float, true>;
template class LifCurrent<double, true>;

namespace {

// Inputs of alpha synapses are scaled, and added to what their current rises
// by.
std::vector<Receptor> Receptors(bool is_alpha) {
  return {{"excitatory", "pA", "peak of the excitatory current of an input",
           is_alpha ? "" : "i_e"},
          {"inhibitory", "pA", "peak of the inhibitory current, below 0",
           is_alpha ? "" : "i_i"},
          {"current", "pA", "current for one step"}};
}

ComponentSpec Spec(std::string type, std::string summary, std::string synapse) {
  ComponentSpec spec{
      .type = std::move(type),
      .summary = std::move(summary),
      .equation = "c_m v' = -(c_m / tau_m) (v - e_l) + I_e + I_i + I\n" +
                  std::move(synapse) +
                  "\nv >= v_th: v <- v_reset for t_ref, in which the currents "
                  "go on",
      .reference = "doi:10.1007/s004220050570",
      .parameters = LifParameters({}),
      .slots = {InitialPotentialSlot(),
                InitialSlot("initial_i_e", "pA",
                            "I_e at time 0 [pA]; 0 without one"),
                InitialSlot("initial_i_i", "pA",
                            "I_i at time 0 [pA]; 0 without one")},
      .check = [](const Component& self, const Component&, Faults& faults) {
        CheckLif(self, faults);
      }};
  spec.parameters.push_back(
      Real("tau_e", "ms", 5, 0.001, 1e5, "of the excitatory current"));
  spec.parameters.push_back(
      Real("tau_i", "ms", 10, 0.001, 1e5, "of the inhibitory current"));
  return spec;
}

}  // namespace

PopulationRow LifCurrentExponentialRow() {
  return RowOfPopulation<LifCurrentExponential>(
      Spec("lif_current_exponential",
           "leaky integrate-and-fire, synaptic currents that jump and decay",
           "I' = -I / tau, I <- I + w at an input"),
      Receptors(false), {"v", "refractory", "i_e", "i_i"});
}

PopulationRow LifCurrentAlphaRow() {
  return RowOfPopulation<LifCurrentAlpha>(
      Spec("lif_current_alpha",
           "leaky integrate-and-fire, synaptic currents that rise to a peak",
           "I' = x - I / tau, x' = -x / tau, x <- x + w e / tau at an input"),
      Receptors(true), {"v", "refractory", "i_e", "i_i", "x_e", "x_i"});
}

}  // namespace engram
