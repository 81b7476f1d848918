#include "core/spiking/neurons/lif_conductance.h"

#include <algorithm>
#include <numbers>

#include "absl/strings/str_cat.h"
#include "core/programs/state_array.h"
#include "core/spiking/catalog.h"
#include "core/spiking/neurons/initial_values.h"

namespace engram {

template <class Real, bool kIsAlpha>
LifConductance<Real, kIsAlpha>::LifConductance(const Component& c,
                                               const PopulationShape& shape)
    : membrane_(c, shape.dt),
      reversal_e_(static_cast<Real>(c.Real("e_e"))),
      reversal_i_(static_cast<Real>(c.Real("e_i"))),
      leak_(static_cast<Real>(shape.dt / membrane_.tau)),
      gain_(static_cast<Real>(shape.dt / membrane_.capacitance)),
      decay_e_(static_cast<Real>(1 - shape.dt / c.Real("tau_e"))),
      decay_i_(static_cast<Real>(1 - shape.dt / c.Real("tau_i"))),
      jump_e_(static_cast<Real>(std::numbers::e / c.Real("tau_e"))),
      jump_i_(static_cast<Real>(std::numbers::e / c.Real("tau_i"))),
      dt_(static_cast<Real>(shape.dt)),
      v_(InitialPotential<Real>(c, shape)),
      left_(shape.units),
      g_e_(InitialValues<Real>(c, shape, "initial_g_e", 0)),
      g_i_(InitialValues<Real>(c, shape, "initial_g_i", 0)),
      x_e_(kIsAlpha ? shape.units : 0),
      x_i_(kIsAlpha ? shape.units : 0) {}

template <class Real, bool kIsAlpha>
int64_t LifConductance<Real, kIsAlpha>::Step(
    int64_t, int64_t begin, int64_t end, std::span<const Real* const> inputs,
    int32_t* spikes) {
  int64_t fired = 0;
  for (int64_t at = begin; at < end; at += kTile) {
    const int64_t n = std::min(kTile, end - at), k = at - begin;
    Move(at, n, {inputs[0] + k, inputs[1] + k, inputs[2] + k});
    fired += FireLif(v_.data() + at, left_.data() + at, at, n, membrane_,
                     spikes + fired);
  }
  return fired;
}

template <class Real, bool kIsAlpha>
void LifConductance<Real, kIsAlpha>::Move(int64_t begin, int64_t n,
                                          std::array<const Real*, 3> inputs) {
  // What a unit would do if it were not held is found for all: with a choice
  // in the same loop the compiler makes no packets of it.
  std::array<Real, kTile> next;
  const Real* v = v_.data() + begin;
  const Real* g_e = g_e_.data() + begin;
  const Real* g_i = g_i_.data() + begin;
  const Real e_e = reversal_e_, e_i = reversal_i_, leak = leak_, gain = gain_;
  const Real rest = static_cast<Real>(membrane_.rest);
  const Real constant = static_cast<Real>(membrane_.current);
  for (int64_t k = 0; k < n; ++k) {
    next[static_cast<size_t>(k)] =
        v[k] + leak * (rest - v[k]) +
        gain * (g_e[k] * (e_e - v[k]) + g_i[k] * (e_i - v[k]) + constant +
                inputs[2][k]);
  }
  Hold(begin, n, next.data());
  MoveSynapse(begin, n, decay_e_, jump_e_, g_e_.data(), x_e_.data(), inputs[0]);
  MoveSynapse(begin, n, decay_i_, jump_i_, g_i_.data(), x_i_.data(), inputs[1]);
}

template <class Real, bool kIsAlpha>
void LifConductance<Real, kIsAlpha>::Hold(int64_t begin, int64_t n,
                                          const Real* next) {
  Real* __restrict v = v_.data() + begin;
  Real* __restrict left = left_.data() + begin;
  const Real reset = static_cast<Real>(membrane_.reset);
  for (int64_t k = 0; k < n; ++k) {
    const bool is_held = left[k] > 0;
    v[k] = is_held ? reset : next[k];
    left[k] = is_held ? left[k] - 1 : Real{0};
  }
}

template <class Real, bool kIsAlpha>
void LifConductance<Real, kIsAlpha>::MoveSynapse(int64_t begin, int64_t n,
                                                 Real decay, Real jump,
                                                 Real* conductance, Real* rise,
                                                 const Real* input) {
  Real* __restrict g = conductance + begin;
  if constexpr (kIsAlpha) {
    Real* __restrict x = rise + begin;
    const Real dt = dt_;
    for (int64_t k = 0; k < n; ++k) {
      g[k] = decay * g[k] + dt * x[k];
      x[k] = decay * x[k] + jump * input[k];
    }
  } else {
    for (int64_t k = 0; k < n; ++k) g[k] = decay * g[k] + input[k];
  }
}

template <class Real, bool kIsAlpha>
void LifConductance<Real, kIsAlpha>::VisitState(absl::string_view prefix,
                                                StateVisitor& v) {
  v.State(absl::StrCat(prefix, ".v"), StateOf(v_, "mV"));
  v.State(absl::StrCat(prefix, ".refractory"), StateOf(left_, "1"));
  v.State(absl::StrCat(prefix, ".g_e"), StateOf(g_e_, "nS"));
  v.State(absl::StrCat(prefix, ".g_i"), StateOf(g_i_, "nS"));
  if constexpr (kIsAlpha) {
    v.State(absl::StrCat(prefix, ".x_e"), StateOf(x_e_, "nS/ms"));
    v.State(absl::StrCat(prefix, ".x_i"), StateOf(x_i_, "nS/ms"));
  }
}

template class LifConductance<float, false>;
template class LifConductance<double, false>;
template class LifConductance<float, true>;
template class LifConductance<double, true>;

namespace {

std::string Unstable(const Component& c, double dt) {
  for (const char* tau : {"tau_m", "tau_e", "tau_i"}) {
    std::string reason = UnstableFilter(tau, c.Real(tau), dt);
    if (!reason.empty()) return reason;
  }
  return "";
}

const std::vector<Receptor>& Receptors() {
  static const std::vector<Receptor> receptors = {
      {"excitatory", "nS", "peak of the excitatory conductance of an input"},
      {"inhibitory", "nS", "peak of the inhibitory conductance of an input"},
      {"current", "pA", "current for one step"}};
  return receptors;
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
          "conductances go on\nEuler's method",
      .reference = "doi:10.1007/s10827-007-0038-6",
      .parameters = LifParameters({}),
      .slots = {InitialPotentialSlot(),
                InitialSlot("initial_g_e", "g_e at time 0 [nS]; 0 without one"),
                InitialSlot("initial_g_i",
                            "g_i at time 0 [nS]; 0 without one")},
      .check = [](const Component& self, const Component&, Faults& faults) {
        CheckLif(self, faults);
      }};
  for (ParameterSpec& own : std::vector<ParameterSpec>{
           Real("tau_e", "ms", 5, 0.001, 1e5, "of the excitatory conductance"),
           Real("tau_i", "ms", 10, 0.001, 1e5, "of the inhibitory conductance"),
           Real("e_e", "mV", 0, -1000, 1000, "excitatory reversal potential"),
           Real("e_i", "mV", -80, -1000, 1000,
                "inhibitory reversal potential")}) {
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
      Receptors(), {"v", "refractory", "g_e", "g_i"}, Unstable);
}

PopulationRow LifConductanceAlphaRow() {
  return RowOfPopulation<LifConductanceAlpha>(
      Spec("lif_conductance_alpha",
           "leaky integrate-and-fire, conductances that rise to a peak",
           "g' = x - g / tau, x' = -x / tau, x <- x + w e / tau at an input"),
      Receptors(), {"v", "refractory", "g_e", "g_i", "x_e", "x_i"}, Unstable);
}

}  // namespace engram
