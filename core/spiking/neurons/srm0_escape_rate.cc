#include "core/spiking/neurons/srm0_escape_rate.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/base/math.h"
#include "core/programs/state_array.h"
#include "core/spiking/catalog.h"
#include "core/spiking/neurons/group_inputs.h"
#include "core/spiking/neurons/initial_values.h"
#include "core/spiking/neurons/propagators.h"

namespace engram {
namespace {

// Units drawn for at once, on the stack.
constexpr int64_t kChunk = kSpikeGroup;

}  // namespace

template <class Real>
Srm0EscapeRate<Real>::Srm0EscapeRate(const Component& c,
                                     const PopulationShape& shape)
    : random_(shape.seed, c.path, "escape"),
      dt_(shape.dt),
      rest_(c.Real("e_l")),
      threshold_(c.Real("v_th")),
      width_(c.Real("delta_u")),
      rho_0_(c.Real("rho_0") * 1e-3),
      eta_0_(c.Real("eta_0")),
      h_(InitialValues<Real>(c, shape, "initial_h", 0)),
      i_s_(shape.units),
      eta_(shape.units),
      left_(shape.units) {
  const auto real = [](double x) { return static_cast<Real>(x); };
  const double tau_m = c.Real("tau_m"), c_m = c.Real("c_m");
  decay_m_ = real(Decay(dt_, tau_m));
  decay_s_ = real(Decay(dt_, c.Real("tau_s")));
  decay_eta_ = real(Decay(dt_, c.Real("tau_eta")));
  from_synapse_ = real(ExponentialResponse(dt_, tau_m, c.Real("tau_s")) / c_m);
  gain_ = real(ConstantResponse(dt_, tau_m) / c_m);
  constant_ = real(c.Real("current"));
  refractory_ = real(std::round(c.Real("t_ref") / dt_));
}

template <class Real>
int64_t Srm0EscapeRate<Real>::Step(int64_t step, int64_t begin, int64_t end,
                                   std::span<const Real* const> inputs,
                                   int32_t* spikes) {
  int64_t fired = 0;
  alignas(64) double fires[kChunk];
  for (int64_t from = begin; from < end; from += kChunk) {
    const int64_t n = std::min(kChunk, end - from);
    const GroupInputs<Real> in(inputs, from - begin);
    Move(from, n, in[0], in[1]);
    Draw(step, from, n, fires);
    for (int64_t k = 0; k < n; ++k) {
      if (left_[from + k] > 0) left_[from + k] -= 1;
      if (fires[k] == 0) continue;
      eta_[from + k] = static_cast<Real>(-eta_0_);
      left_[from + k] = refractory_;
      spikes[fired++] = static_cast<int32_t>(from + k);
    }
  }
  return fired;
}

template <class Real>
void Srm0EscapeRate<Real>::Move(int64_t begin, int64_t n, const Real* input,
                                const Real* current) {
  Real* __restrict h = h_.data() + begin;
  Real* __restrict i_s = i_s_.data() + begin;
  Real* __restrict eta = eta_.data() + begin;
  for (int64_t k = 0; k < n; ++k) {
    h[k] = decay_m_ * h[k] + from_synapse_ * i_s[k] +
           gain_ * (constant_ + current[k]);
    i_s[k] = decay_s_ * i_s[k] + input[k];
    eta[k] *= decay_eta_;
  }
}

template <class Real>
void Srm0EscapeRate<Real>::Draw(int64_t step, int64_t begin, int64_t n,
                                double* fires) const {
  alignas(64) double silence[kChunk];
  const std::span<double> chance(silence, static_cast<size_t>(n));
  const std::span<double> draw(fires, static_cast<size_t>(n));
  for (int64_t k = 0; k < n; ++k) {
    const double v = rest_ + static_cast<double>(h_[begin + k]) +
                     static_cast<double>(eta_[begin + k]);
    silence[k] = (v - threshold_) / width_;
  }
  math::Exp(chance, chance);
  for (double& x : chance) x = -std::min(x, 1e300) * rho_0_ * dt_;
  math::Exp(chance, chance);
  random_.FillFrom(begin, step, draw);
  for (int64_t k = 0; k < n; ++k) {
    fires[k] = left_[begin + k] <= 0 && fires[k] >= silence[k] ? 1 : 0;
  }
}

template <class Real>
void Srm0EscapeRate<Real>::VisitState(absl::string_view prefix,
                                      StateVisitor& v) {
  v.State(absl::StrCat(prefix, ".h"), StateOf(h_, "mV"));
  v.State(absl::StrCat(prefix, ".i_s"), StateOf(i_s_, "pA"));
  v.State(absl::StrCat(prefix, ".eta"), StateOf(eta_, "mV"));
  v.State(absl::StrCat(prefix, ".refractory"), StateOf(left_, "1"));
}

template class Srm0EscapeRate<float>;
template class Srm0EscapeRate<double>;

PopulationRow Srm0EscapeRateRow() {
  ComponentSpec spec{
      .type = "srm0_escape_rate",
      .summary = "spike response model of order zero that fires by chance",
      .equation =
          "v = e_l + h + eta\n"
          "tau_m h' = -h + (tau_m / c_m) (I_s + I), I_s' = -I_s / "
          "tau_s\n"
          "eta = -eta_0 exp(-(t - last spike) / tau_eta)\n"
          "rate = rho_0 exp((v - v_th) / delta_u), 0 for t_ref after a "
          "spike",
      .reference = "doi:10.1017/CBO9781107447615",
      .parameters = {Real("tau_m", "ms", 10, 0.01, 1e6, "of the membrane"),
                     Real("c_m", "pF", 250, 1e-3, 1e6, "capacitance"),
                     Real("tau_s", "ms", 2, 0.001, 1e5,
                          "of the synaptic current"),
                     Real("e_l", "mV", -65, -1000, 1000, "resting potential"),
                     Real("v_th", "mV", -50, -1000, 1000,
                          "potential at which the rate is rho_0"),
                     Real("delta_u", "mV", 2, 0.001, 1000,
                          "potential that raises the rate e times"),
                     Real("rho_0", "Hz", 10, 0, 1e6, "rate at v_th"),
                     Real("eta_0", "mV", 20, -1000, 1000, "drop after a spike"),
                     Real("tau_eta", "ms", 10, 0.01, 1e6,
                          "of the drop's recovery"),
                     Real("t_ref", "ms", 2, 0, 1e4,
                          "refractory time, rounded to whole steps"),
                     Real("current", "pA", 0, -1e9, 1e9, "constant input")},
      .slots = {
          InitialSlot("initial_h", "mV", "h at time 0 [mV]; 0 without one")}};
  return RowOfPopulation<Srm0EscapeRate>(
      std::move(spec),
      {{"input", "pA", "jump of the synaptic current", "i_s"},
       {"current", "pA", "current for one step"}},
      {"h", "i_s", "eta", "refractory"});
}

}  // namespace engram
