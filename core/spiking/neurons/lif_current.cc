#include "core/spiking/neurons/lif_current.h"

#include <algorithm>
#include <numbers>

#include "absl/strings/str_cat.h"
#include "core/programs/state_array.h"
#include "core/spiking/catalog.h"
#include "core/spiking/neurons/initial_values.h"
#include "core/spiking/neurons/propagators.h"

namespace engram {

template <class Real, bool kIsAlpha>
LifCurrent<Real, kIsAlpha>::Synapse::Synapse(double tau,
                                             const LifMembrane& membrane,
                                             double dt)
    : decay(static_cast<Real>(Decay(dt, tau))),
      to_v(static_cast<Real>(ExponentialResponse(dt, membrane.tau, tau) /
                             membrane.capacitance)),
      rise_to_v(static_cast<Real>(AlphaResponse(dt, membrane.tau, tau) /
                                  membrane.capacitance)),
      rise_to_i(static_cast<Real>(dt * Decay(dt, tau))),
      jump(static_cast<Real>(std::numbers::e / tau)) {}

template <class Real, bool kIsAlpha>
LifCurrent<Real, kIsAlpha>::LifCurrent(const Component& c,
                                       const PopulationShape& shape)
    : membrane_(c, shape.dt),
      excitatory_(c.Real("tau_e"), membrane_, shape.dt),
      inhibitory_(c.Real("tau_i"), membrane_, shape.dt),
      decay_(static_cast<Real>(Decay(shape.dt, membrane_.tau))),
      gain_(static_cast<Real>(ConstantResponse(shape.dt, membrane_.tau) /
                              membrane_.capacitance)),
      v_(InitialPotential<Real>(c, shape)),
      left_(shape.units),
      i_e_(InitialValues<Real>(c, shape, "initial_i_e", 0)),
      i_i_(InitialValues<Real>(c, shape, "initial_i_i", 0)),
      x_e_(kIsAlpha ? shape.units : 0),
      x_i_(kIsAlpha ? shape.units : 0) {}

template <class Real, bool kIsAlpha>
int64_t LifCurrent<Real, kIsAlpha>::Step(int64_t, int64_t begin, int64_t end,
                                         std::span<const Real* const> inputs,
                                         int32_t* spikes) {
  // Few enough units at a time that the next pass finds their numbers near.
  constexpr int64_t kTile = 512;
  int64_t fired = 0;
  for (int64_t at = begin; at < end; at += kTile) {
    const int64_t n = std::min(kTile, end - at), k = at - begin;
    MoveMembrane(at, n, inputs[2] + k);
    MoveSynapse(excitatory_, at, n, i_e_.data(), x_e_.data(), inputs[0] + k);
    MoveSynapse(inhibitory_, at, n, i_i_.data(), x_i_.data(), inputs[1] + k);
    fired += FireLif(v_.data() + at, left_.data() + at, at, n, membrane_,
                     spikes + fired);
  }
  return fired;
}

template <class Real, bool kIsAlpha>
void LifCurrent<Real, kIsAlpha>::MoveMembrane(int64_t begin, int64_t n,
                                              const Real* current) {
  Real* __restrict v = v_.data() + begin;
  Real* __restrict left = left_.data() + begin;
  const Real* i_e = i_e_.data() + begin;
  const Real* i_i = i_i_.data() + begin;
  const Real* x_e = x_e_.data() + (kIsAlpha ? begin : 0);
  const Real* x_i = x_i_.data() + (kIsAlpha ? begin : 0);
  const Synapse e = excitatory_, i = inhibitory_;
  const Real decay = decay_, gain = gain_;
  const Real rest = static_cast<Real>(membrane_.rest);
  const Real reset = static_cast<Real>(membrane_.reset);
  const Real constant = static_cast<Real>(membrane_.current);
  for (int64_t k = 0; k < n; ++k) {
    Real next = rest + (v[k] - rest) * decay + e.to_v * i_e[k] +
                i.to_v * i_i[k] + gain * (constant + current[k]);
    if constexpr (kIsAlpha) {
      next += e.rise_to_v * x_e[k] + i.rise_to_v * x_i[k];
    }
    const bool is_held = left[k] > 0;
    v[k] = is_held ? reset : next;
    left[k] = is_held ? left[k] - 1 : Real{0};
  }
}

template <class Real, bool kIsAlpha>
void LifCurrent<Real, kIsAlpha>::MoveSynapse(const Synapse& s, int64_t begin,
                                             int64_t n, Real* current,
                                             Real* rise, const Real* input) {
  Real* __restrict i = current + begin;
  const Synapse synapse = s;
  if constexpr (kIsAlpha) {
    Real* __restrict x = rise + begin;
    for (int64_t k = 0; k < n; ++k) {
      i[k] = synapse.decay * i[k] + synapse.rise_to_i * x[k];
      x[k] = synapse.decay * x[k] + synapse.jump * input[k];
    }
  } else {
    for (int64_t k = 0; k < n; ++k) {
      i[k] = synapse.decay * i[k] + input[k];
    }
  }
}

template <class Real, bool kIsAlpha>
void LifCurrent<Real, kIsAlpha>::VisitState(absl::string_view prefix,
                                            StateVisitor& v) {
  v.State(absl::StrCat(prefix, ".v"), StateOf(v_, "mV"));
  v.State(absl::StrCat(prefix, ".refractory"), StateOf(left_, "1"));
  v.State(absl::StrCat(prefix, ".i_e"), StateOf(i_e_, "pA"));
  v.State(absl::StrCat(prefix, ".i_i"), StateOf(i_i_, "pA"));
  if constexpr (kIsAlpha) {
    v.State(absl::StrCat(prefix, ".x_e"), StateOf(x_e_, "pA/ms"));
    v.State(absl::StrCat(prefix, ".x_i"), StateOf(x_i_, "pA/ms"));
  }
}

template class LifCurrent<float, false>;
template class LifCurrent<double, false>;
template class LifCurrent<float, true>;
template class LifCurrent<double, true>;

namespace {

const std::vector<Receptor>& Receptors() {
  static const std::vector<Receptor> receptors = {
      {"excitatory", "pA", "peak of the excitatory current of an input"},
      {"inhibitory", "pA", "peak of the inhibitory current, below 0"},
      {"current", "pA", "current for one step"}};
  return receptors;
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
                InitialSlot("initial_i_e", "I_e at time 0 [pA]; 0 without one"),
                InitialSlot("initial_i_i",
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
      Receptors(), {"v", "refractory", "i_e", "i_i"});
}

PopulationRow LifCurrentAlphaRow() {
  return RowOfPopulation<LifCurrentAlpha>(
      Spec("lif_current_alpha",
           "leaky integrate-and-fire, synaptic currents that rise to a peak",
           "I' = x - I / tau, x' = -x / tau, x <- x + w e / tau at an input"),
      Receptors(), {"v", "refractory", "i_e", "i_i", "x_e", "x_i"});
}

}  // namespace engram
