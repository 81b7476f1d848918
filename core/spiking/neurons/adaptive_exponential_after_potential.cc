#include "core/spiking/neurons/adaptive_exponential_after_potential.h"

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

template <class Real>
AdaptiveExponentialAfterPotential<Real>::AdaptiveExponentialAfterPotential(
    const Component& c, const PopulationShape& shape)
    : delta_t_(c.Real("delta_t")),
      v_(InitialPotential<Real>(c, shape)),
      w_(shape.units),
      z_(shape.units),
      threshold_(shape.units),
      i_e_(shape.units),
      i_i_(shape.units),
      left_(shape.units) {
  const auto real = [&](const char* name) {
    return static_cast<Real>(c.Real(name));
  };
  const auto keep = [&](const char* tau) {
    return static_cast<Real>(math::Exp(-shape.dt / c.Real(tau)));
  };
  g_l_ = real("g_l");
  e_l_ = real("e_l");
  reset_ = real("v_reset");
  peak_ = real("v_peak");
  spike_ = real("v_spike");
  current_ = real("current");
  threshold_rest_ = real("v_t_rest");
  threshold_spike_ = real("v_t_spike");
  a_ = real("a");
  b_ = real("b");
  z_spike_ = real("z_spike");
  gain_ = static_cast<Real>(shape.dt / c.Real("c_m"));
  share_w_ = static_cast<Real>(shape.dt / c.Real("tau_w"));
  keep_z_ = keep("tau_z");
  keep_threshold_ = keep("tau_t");
  keep_e_ = keep("tau_e");
  keep_i_ = keep("tau_i");
  spike_steps_ = static_cast<Real>(
      std::max(1.0, std::round(c.Real("t_spike") / shape.dt)));
  threshold_.Fill(threshold_rest_);
}

template <class Real>
int64_t AdaptiveExponentialAfterPotential<Real>::Step(
    int64_t, int64_t begin, int64_t end, std::span<const Real* const> inputs,
    int32_t* spikes) {
  for (int64_t from = begin; from < end; from += kSpikeGroup) {
    const GroupInputs<Real> in(inputs, from - begin);
    Move(from, std::min(kSpikeGroup, end - from), in[0], in[1], in[2]);
  }
  const Real* const v = v_.data() + begin;
  const Real* const left = left_.data() + begin;
  return CollectSpikes(
      begin, end, spikes,
      [&](int64_t k) { return left[k] == 0 && v[k] >= peak_; },
      [&](int64_t k) {
        v_[begin + k] = spike_;
        left_[begin + k] = spike_steps_;
      });
}

template <class Real>
void AdaptiveExponentialAfterPotential<Real>::Spikelets(const Real* v,
                                                        const Real* threshold,
                                                        int64_t n,
                                                        double* out) const {
  for (int64_t k = 0; k < n; ++k) {
    const Real below = v[k] < peak_ ? v[k] : peak_;
    out[k] = static_cast<double>(below - threshold[k]) / delta_t_;
  }
  const std::span<double> all(out, static_cast<size_t>(n));
  math::Exp(all, all);
  for (int64_t k = 0; k < n; ++k) out[k] *= delta_t_;
}

template <class Real>
void AdaptiveExponentialAfterPotential<Real>::Move(int64_t begin, int64_t n,
                                                   const Real* input_e,
                                                   const Real* input_i,
                                                   const Real* current) {
  Real* __restrict v = v_.data() + begin;
  Real* __restrict w = w_.data() + begin;
  Real* __restrict z = z_.data() + begin;
  Real* __restrict threshold = threshold_.data() + begin;
  Real* __restrict i_e = i_e_.data() + begin;
  Real* __restrict i_i = i_i_.data() + begin;
  Real* __restrict left = left_.data() + begin;
  for (int64_t k = 0; k < n; ++k) {
    z[k] *= keep_z_;
    threshold[k] =
        threshold_rest_ + keep_threshold_ * (threshold[k] - threshold_rest_);
  }
  alignas(64) double spikelet[kSpikeGroup];
  Spikelets(v, threshold, n, spikelet);
  for (int64_t k = 0; k < n; ++k) {
    const Real leak = g_l_ * (e_l_ - v[k] + static_cast<Real>(spikelet[k]));
    const Real sum =
        leak - w[k] + z[k] + (i_e[k] + i_i[k] + current_ + current[k]);
    const Real next = v[k] + gain_ * sum;
    const Real next_w = w[k] + share_w_ * (a_ * (v[k] - e_l_) - w[k]);
    const bool is_spike = left[k] > 0, ends = left[k] == 1;
    v[k] = ends ? reset_ : is_spike ? spike_ : next;
    w[k] = ends ? w[k] + b_ : is_spike ? w[k] : next_w;
    z[k] = ends ? z_spike_ : z[k];
    threshold[k] = ends ? threshold_spike_ : threshold[k];
    left[k] = is_spike ? left[k] - 1 : Real{0};
    i_e[k] = keep_e_ * i_e[k] + input_e[k];
    i_i[k] = keep_i_ * i_i[k] + input_i[k];
  }
}

template <class Real>
void AdaptiveExponentialAfterPotential<Real>::VisitState(
    absl::string_view prefix, StateVisitor& v) {
  v.State(absl::StrCat(prefix, ".v"), StateOf(v_, "mV"));
  v.State(absl::StrCat(prefix, ".w"), StateOf(w_, "pA"));
  v.State(absl::StrCat(prefix, ".z"), StateOf(z_, "pA"));
  v.State(absl::StrCat(prefix, ".threshold"), StateOf(threshold_, "mV"));
  v.State(absl::StrCat(prefix, ".i_e"), StateOf(i_e_, "pA"));
  v.State(absl::StrCat(prefix, ".i_i"), StateOf(i_i_, "pA"));
  v.State(absl::StrCat(prefix, ".spike_steps"), StateOf(left_, "1"));
}

template class AdaptiveExponentialAfterPotential<float>;
template class AdaptiveExponentialAfterPotential<double>;

namespace {

std::string Unstable(const Component& c, double dt) {
  const std::string reason =
      UnstableFilter("c_m / g_l", c.Real("c_m") / c.Real("g_l"), dt);
  return reason.empty() ? UnstableFilter("tau_w", c.Real("tau_w"), dt) : reason;
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
  fault("v_t_rest", "v_peak");
  fault("v_t_spike", "v_peak");
}

std::vector<ParameterSpec> Parameters() {
  return {
      Real("c_m", "pF", 281, 1e-3, 1e6, "capacitance"),
      Real("g_l", "nS", 30, 1e-6, 1e6, "leak conductance"),
      Real("e_l", "mV", -70.6, -1000, 1000, "resting potential"),
      Real("delta_t", "mV", 2, 0.1, 100, "width of the exponential"),
      Real("v_t_rest", "mV", -50.4, -1000, 1000,
           "threshold of the exponential long after a spike"),
      Real("v_t_spike", "mV", -30.4, -1000, 1000, "threshold after a spike"),
      Real("tau_t", "ms", 50, 0.01, 1e6, "of the threshold"),
      Real("a", "nS", 4, -1e6, 1e6, "adaptation by the potential"),
      Real("b", "pA", 80.5, -1e6, 1e6, "adaptation by a spike"),
      Real("tau_w", "ms", 144, 0.01, 1e6, "of the adaptation"),
      Real("z_spike", "pA", 400, -1e6, 1e6,
           "current after a spike, which makes the after-potential"),
      Real("tau_z", "ms", 40, 0.01, 1e6, "of that current"),
      Real("v_peak", "mV", 20, -1000, 1000,
           "a unit fires in the step after which v >= v_peak"),
      Real("v_spike", "mV", 33, -1000, 1000, "potential during a spike"),
      Real("t_spike", "ms", 2, 0, 1000,
           "length of a spike, rounded to whole steps, at least one"),
      Real("v_reset", "mV", -49.6, -1000, 1000, "potential after a spike"),
      Real("current", "pA", 0, -1e9, 1e9, "constant input"),
      Real("tau_e", "ms", 5, 0.001, 1e5, "of the excitatory current"),
      Real("tau_i", "ms", 10, 0.001, 1e5, "of the inhibitory current")};
}

}  // namespace

PopulationRow AdaptiveExponentialAfterPotentialRow() {
  ComponentSpec spec{
      .type = "adaptive_exponential_after_potential",
      .summary =
          "adaptive exponential integrate-and-fire with spikes that "
          "last and an after-potential, currents that jump and decay",
      .equation =
          "c_m v' = -g_l (v - e_l) + g_l delta_t exp((v - v_t) / delta_t) - w "
          "+ z + I_e + I_i + I\n"
          "tau_w w' = a (v - e_l) - w\n"
          "tau_z z' = -z, tau_t v_t' = v_t_rest - v_t\n"
          "v >= v_peak: v <- v_spike for t_spike; then v <- v_reset, w <- w + "
          "b, z <- z_spike, v_t <- v_t_spike\n"
          "Euler's method for v and w",
      .reference = "doi:10.1038/nn.2479",
      .parameters = Parameters(),
      .slots = {InitialPotentialSlot()},
      .check = Check};
  return RowOfPopulation<AdaptiveExponentialAfterPotential>(
      std::move(spec),
      {{"excitatory", "pA", "jump of the excitatory current", "i_e"},
       {"inhibitory", "pA", "jump of the inhibitory current, below 0", "i_i"},
       {"current", "pA", "current for one step"}},
      {"v", "w", "z", "threshold", "i_e", "i_i", "spike_steps"}, Unstable);
}

}  // namespace engram
