#include "core/spiking/neurons/lif_current_exponential.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/base/math.h"
#include "core/base/random.h"
#include "core/programs/state_array.h"
#include "core/spiking/catalog.h"
#include "core/spiking/collect_spikes.h"

namespace engram {
namespace {

// What a current of 1 mV that decays with tau_s adds to v within dt.
double Carried(double tau_s, double tau_m, double dt) {
  const double keep_m = math::Exp(-dt / tau_m);
  if (tau_s == tau_m) return dt / tau_m * keep_m;
  return tau_s / (tau_s - tau_m) * (math::Exp(-dt / tau_s) - keep_m);
}

}  // namespace

template <class Real>
LifCurrentExponential<Real>::LifCurrentExponential(const Component& c,
                                                   const PopulationShape& shape)
    : v_th_(static_cast<Real>(c.Real("v_th"))),
      v_reset_(static_cast<Real>(c.Real("v_reset"))),
      keep_v_(static_cast<Real>(math::Exp(-shape.dt / c.Real("tau_m")))),
      keep_e_(static_cast<Real>(math::Exp(-shape.dt / c.Real("tau_e")))),
      keep_i_(static_cast<Real>(math::Exp(-shape.dt / c.Real("tau_i")))),
      from_e_(static_cast<Real>(
          Carried(c.Real("tau_e"), c.Real("tau_m"), shape.dt))),
      from_i_(static_cast<Real>(
          Carried(c.Real("tau_i"), c.Real("tau_m"), shape.dt))),
      drive_(static_cast<Real>((1 - math::Exp(-shape.dt / c.Real("tau_m"))) *
                               (c.Real("e_l") + c.Real("i_ext")))),
      refractory_steps_(
          static_cast<int32_t>(std::llround(c.Real("t_ref") / shape.dt))),
      v_(shape.units),
      s_e_(shape.units),
      s_i_(shape.units),
      rest_(shape.units) {
  const RandomStream random(shape.seed, c.path, "v0");
  const double low = c.Real("v0_low"), high = c.Real("v0_high");
  for (int64_t k = 0; k < shape.units; ++k) {
    v_[k] = static_cast<Real>(low + (high - low) * random.Uniform(k, 0));
  }
}

template <class Real>
int64_t LifCurrentExponential<Real>::Step(int64_t, int64_t begin, int64_t end,
                                          std::span<const Real* const> inputs,
                                          int32_t* spikes) {
  const Real* __restrict in_e = inputs[0];
  const Real* __restrict in_i = inputs[1];
  Real* __restrict v = v_.data() + begin;
  Real* __restrict s_e = s_e_.data() + begin;
  Real* __restrict s_i = s_i_.data() + begin;
  int32_t* __restrict rest = rest_.data() + begin;
  const int64_t size = end - begin;
  for (int64_t k = 0; k < size; ++k) {
    const Real e = s_e[k] + in_e[k], i = s_i[k] + in_i[k];
    const Real x = drive_ + keep_v_ * v[k] + from_e_ * e + from_i_ * i;
    s_e[k] = keep_e_ * e;
    s_i[k] = keep_i_ * i;
    v[k] = rest[k] > 0 ? v_reset_ : x;
    rest[k] -= rest[k] > 0 ? 1 : 0;
  }
  return CollectSpikes(
      begin, end, spikes, [&](int64_t k) { return v[k] >= v_th_; },
      [&](int64_t k) {
        v[k] = v_reset_;
        rest[k] = refractory_steps_;
      });
}

template <class Real>
void LifCurrentExponential<Real>::VisitState(absl::string_view prefix,
                                             StateVisitor& v) {
  v.State(absl::StrCat(prefix, ".v"), StateOf(v_, "mV"));
  v.State(absl::StrCat(prefix, ".s_e"), StateOf(s_e_, "mV"));
  v.State(absl::StrCat(prefix, ".s_i"), StateOf(s_i_, "mV"));
  v.State(absl::StrCat(prefix, ".rest"), StateOf(rest_, "1"));
}

PopulationRow LifCurrentExponentialRow() {
  return RowOfPopulation<LifCurrentExponential>(
      {.type = "lif_current_exponential",
       .summary = "leaky integrate and fire with exponentially decaying "
                  "currents, integrated exactly",
       .equation = "tau_m v' = E_L - v + s_e + s_i + I\n"
                   "tau_e s_e' = -s_e, tau_i s_i' = -s_i\n"
                   "v >= v_th: v <- v_reset for t_ref",
       .reference = "doi:10.1007/s10827-007-0038-6",
       .parameters =
           {Real("tau_m", "ms", 20, 0.01, 10000, "of the membrane"),
            Real("tau_e", "ms", 5, 0.01, 10000, "of excitatory currents"),
            Real("tau_i", "ms", 10, 0.01, 10000, "of inhibitory currents"),
            Real("e_l", "mV", -49, -1000, 1000, "potential at rest"),
            Real("v_th", "mV", -50, -1000, 1000, "threshold"),
            Real("v_reset", "mV", -60, -1000, 1000, "potential after a spike"),
            Real("t_ref", "ms", 5, 0, 1000, "refractory time"),
            Real("i_ext", "mV", 0, -1e6, 1e6, "constant current times R"),
            Real("v0_low", "mV", -60, -1000, 1000, "smallest v at the start"),
            Real("v0_high", "mV", -50, -1000, 1000,
                 "largest v at the start; between them uniform")}},
      {{"excitatory", "mV", "jump of s_e"},
       {"inhibitory", "mV", "jump of s_i"}},
      {"v", "s_e", "s_i", "rest"});
}

}  // namespace engram
