#include "core/spiking/neurons/adaptive_exponential.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/base/math.h"
#include "core/programs/state_array.h"
#include "core/spiking/catalog.h"
#include "core/spiking/collect_spikes.h"
#include "core/spiking/neurons/group_inputs.h"
#include "core/spiking/neurons/initial_values.h"
#include "core/spiking/neurons/lif_membrane.h"

namespace engram {
namespace {

// Exponentials are computed for so many units at once, on the stack.
constexpr int64_t kChunk = kSpikeGroup;

}  // namespace

template <class Real>
AdaptiveExponential<Real>::AdaptiveExponential(const Component& c,
                                               const PopulationShape& shape)
    : v_t_(c.Real("v_t")),
      delta_t_(c.Real("delta_t")),
      v_(InitialPotential<Real>(c, shape)),
      w_(InitialValues<Real>(c, shape, "initial_w", 0)),
      g_e_(shape.units),
      g_i_(shape.units),
      left_(shape.units) {
  const auto real = [](double x) { return static_cast<Real>(x); };
  g_l_ = real(c.Real("g_l"));
  e_l_ = real(c.Real("e_l"));
  e_e_ = real(c.Real("e_e"));
  e_i_ = real(c.Real("e_i"));
  reset_ = real(c.Real("v_reset"));
  peak_ = real(c.Real("v_peak"));
  current_ = real(c.Real("current"));
  a_ = real(c.Real("a"));
  b_ = real(c.Real("b"));
  gain_ = real(shape.dt / c.Real("c_m"));
  share_w_ = real(shape.dt / c.Real("tau_w"));
  decay_e_ = real(1 - shape.dt / c.Real("tau_e"));
  decay_i_ = real(1 - shape.dt / c.Real("tau_i"));
  refractory_ = real(std::round(c.Real("t_ref") / shape.dt));
}

template <class Real>
int64_t AdaptiveExponential<Real>::Step(int64_t, int64_t begin, int64_t end,
                                        std::span<const Real* const> inputs,
                                        int32_t* spikes) {
  for (int64_t from = begin; from < end; from += kChunk) {
    const GroupInputs<Real> in(inputs, from - begin);
    Move(from, std::min(kChunk, end - from), in[0], in[1], in[2]);
  }
  Real* v = v_.data() + begin;
  return CollectSpikes(
      begin, end, spikes, [&](int64_t k) { return v[k] >= peak_; },
      [&](int64_t k) {
        v[k] = reset_;
        w_[begin + k] += b_;
        left_[begin + k] = refractory_;
      });
}

template <class Real>
void AdaptiveExponential<Real>::Spikelets(const Real* v, int64_t n,
                                          double* out) const {
  for (int64_t k = 0; k < n; ++k) {
    out[k] = (static_cast<double>(v[k]) - v_t_) / delta_t_;
  }
  const std::span<double> all(out, static_cast<size_t>(n));
  math::Exp(all, all);
  for (int64_t k = 0; k < n; ++k) out[k] *= delta_t_;
}

template <class Real>
void AdaptiveExponential<Real>::Move(int64_t begin, int64_t n,
                                     const Real* input_e, const Real* input_i,
                                     const Real* current) {
  Real* __restrict v = v_.data() + begin;
  Real* __restrict w = w_.data() + begin;
  Real* __restrict g_e = g_e_.data() + begin;
  Real* __restrict g_i = g_i_.data() + begin;
  Real* __restrict left = left_.data() + begin;
  alignas(64) double spikelet[kChunk];
  Spikelets(v, n, spikelet);
  for (int64_t k = 0; k < n; ++k) {
    const Real leak = g_l_ * (e_l_ - v[k] + static_cast<Real>(spikelet[k]));
    const Real synaptic = g_e[k] * (e_e_ - v[k]) + g_i[k] * (e_i_ - v[k]);
    const Real next =
        v[k] + gain_ * (leak + synaptic - w[k] + current_ + current[k]);
    w[k] += share_w_ * (a_ * (v[k] - e_l_) - w[k]);
    const bool is_held = left[k] > 0;
    v[k] = is_held ? reset_ : next;
    left[k] = is_held ? left[k] - 1 : Real{0};
    g_e[k] = decay_e_ * g_e[k] + input_e[k];
    g_i[k] = decay_i_ * g_i[k] + input_i[k];
  }
}

template <class Real>
void AdaptiveExponential<Real>::VisitState(absl::string_view prefix,
                                           StateVisitor& v) {
  v.State(absl::StrCat(prefix, ".v"), StateOf(v_, "mV"));
  v.State(absl::StrCat(prefix, ".w"), StateOf(w_, "pA"));
  v.State(absl::StrCat(prefix, ".g_e"), StateOf(g_e_, "nS"));
  v.State(absl::StrCat(prefix, ".g_i"), StateOf(g_i_, "nS"));
  v.State(absl::StrCat(prefix, ".refractory"), StateOf(left_, "1"));
}

template class AdaptiveExponential<float>;
template class AdaptiveExponential<double>;

namespace {

std::string Unstable(const Component& c, double dt) {
  std::string reason =
      UnstableFilter("c_m / g_l", c.Real("c_m") / c.Real("g_l"), dt);
  for (const char* tau : {"tau_w", "tau_e", "tau_i"}) {
    if (reason.empty()) reason = UnstableFilter(tau, c.Real(tau), dt);
  }
  return reason;
}

void Check(const Component& self, const Component&, Faults& faults) {
  const auto fault = [&](const char* name, const char* limit) {
    if (self.Real(name) < self.Real(limit)) return;
    faults.push_back(
        {0, absl::StrCat(self.path, ".", name),
         absl::StrCat(name, " = ", self.Real(name), " mV is not below ", limit,
                      " = ", self.Real(limit), " mV; make it lower")});
  };
  fault("v_reset", "v_peak");
  fault("v_t", "v_peak");
}

std::vector<ParameterSpec> Parameters() {
  return {
      Real("c_m", "pF", 281, 1e-3, 1e6, "capacitance"),
      Real("g_l", "nS", 30, 1e-6, 1e6, "leak conductance"),
      Real("e_l", "mV", -70.6, -1000, 1000, "resting potential"),
      Real("v_t", "mV", -50.4, -1000, 1000, "threshold of the exponential"),
      Real("delta_t", "mV", 2, 0.01, 100, "width of the exponential"),
      Real("a", "nS", 4, -1e6, 1e6, "adaptation by the potential"),
      Real("b", "pA", 80.5, -1e6, 1e6, "adaptation by a spike"),
      Real("tau_w", "ms", 144, 0.01, 1e6, "of the adaptation"),
      Real("v_reset", "mV", -70.6, -1000, 1000, "potential after a spike"),
      Real("v_peak", "mV", 20, -1000, 1000,
           "a unit fires in the step after which v >= v_peak"),
      Real("t_ref", "ms", 0, 0, 1e4, "refractory time, rounded to whole steps"),
      Real("current", "pA", 0, -1e9, 1e9, "constant input"),
      Real("tau_e", "ms", 2.7, 0.001, 1e5, "of the excitatory conductance"),
      Real("tau_i", "ms", 10.5, 0.001, 1e5, "of the inhibitory conductance"),
      Real("e_e", "mV", 0, -1000, 1000, "excitatory reversal potential"),
      Real("e_i", "mV", -75, -1000, 1000, "inhibitory reversal potential")};
}

}  // namespace

PopulationRow AdaptiveExponentialRow() {
  ComponentSpec spec{
      .type = "adaptive_exponential",
      .summary =
          "adaptive exponential integrate-and-fire, conductances that "
          "jump and decay",
      .equation =
          "c_m v' = -g_l (v - e_l) + g_l delta_t exp((v - v_t) / "
          "delta_t) - w - g_e (v - e_e) - g_i (v - e_i) + I\n"
          "tau_w w' = a (v - e_l) - w\n"
          "v >= v_peak: v <- v_reset for t_ref, w <- w + b\n"
          "Euler's method",
      .reference = "doi:10.1152/jn.00686.2005",
      .parameters = Parameters(),
      .slots = {InitialPotentialSlot(),
                InitialSlot("initial_w", "pA",
                            "w at time 0 [pA]; 0 without one")},
      .check = Check};
  return RowOfPopulation<AdaptiveExponential>(
      std::move(spec),
      {{"excitatory", "nS", "jump of the excitatory conductance", "g_e"},
       {"inhibitory", "nS", "jump of the inhibitory conductance", "g_i"},
       {"current", "pA", "current for one step"}},
      {"v", "w", "g_e", "g_i", "refractory"}, Unstable);
}

}  // namespace engram
