#include "core/rules/homeostatic_scaling.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/programs/state_array.h"
#include "core/rules/catalog.h"
#include "core/rules/scale_weights.h"
#include "core/rules/traces.h"

namespace engram {
namespace {

constexpr double kHz = 1000;  // of one spike a ms

}  // namespace

template <class Real>
HomeostaticScaling<Real>::HomeostaticScaling(const Component& c,
                                             const RuleShape& shape)
    : counts_spikes_(c.type == "homeostatic_scaling_spikes"),
      goal_(c.Real("goal")),
      beta_(c.Real("beta")),
      tau_mean_(c.Real("tau_mean")),
      mean_(shape.n_post),
      factor_(shape.n_post) {
  mean_.Fill(static_cast<Real>(goal_));
}

template <class Real>
void HomeostaticScaling<Real>::Prepare(const Signals<Real>& s) {
  const Real share = static_cast<Real>(s.dt * beta_);
  const Real goal = static_cast<Real>(goal_);
  for (int64_t i = 0; i < mean_.rows(); ++i) {
    factor_[i] = std::max<Real>(1 + share * (goal - mean_[i]), 0);
  }
}

template <class Real>
void HomeostaticScaling<Real>::UpdateTile(const Signals<Real>&,
                                          const WeightTile<Real>& w,
                                          const Limits<Real>& limits) const {
  ScaleRows(w, factor_.data(), limits);
}

template <class Real>
void HomeostaticScaling<Real>::AdvanceTraces(const Signals<Real>& s) {
  if (!counts_spikes_) {
    Relax(s.dt / tau_mean_, s.post, mean_);
    return;
  }
  const Real left = static_cast<Real>(1 - s.dt / tau_mean_);
  const Real spike = static_cast<Real>(kHz / tau_mean_);
  for (int64_t i = 0; i < mean_.rows(); ++i) mean_[i] *= left;
  for (const int32_t unit : s.post_spikes) mean_[unit] += spike;
}

template <class Real>
void HomeostaticScaling<Real>::VisitState(absl::string_view prefix,
                                          StateVisitor& v) {
  v.State(absl::StrCat(prefix, ".mean"),
          StateOf(mean_, counts_spikes_ ? "Hz" : "1"));
}

template class HomeostaticScaling<float>;
template class HomeostaticScaling<double>;

namespace {

PartRow ScalingRow(std::string type, std::string summary, Signal reads,
                   ParameterSpec goal, ParameterSpec beta) {
  return {.spec = {.kind = Kind::kHomeostasis,
                   .type = std::move(type),
                   .summary = std::move(summary),
                   .equation = "dw_ij/dt = beta (goal - m_i) w_ij\n"
                               "tau_mean dm_i/dt = -m_i + r_i, m_i(0) = goal",
                   .reference = "doi:10.1523/JNEUROSCI.20-23-08812.2000",
                   .parameters = {std::move(goal), std::move(beta),
                                  Real("tau_mean", "ms", 2000, 0.1, 1e8,
                                       "of the running mean")},
                   .check =
                       [](const Component& self, const Component& root,
                          Faults& faults) {
                         CheckTimeConstants(self, root, {"tau_mean"}, faults);
                       }},
          .reads = {reads},
          .arrays = {"mean"}};
}

}  // namespace

PartRow HomeostaticScalingRow() {
  return ScalingRow(
      "homeostatic_scaling",
      "scales all weights onto a unit until its mean rate is the goal",
      Signal::kRates, Real("goal", "1", 0.1, 0, 1e6, "mean rate to reach"),
      Real("beta", "1/ms", 1e-4, 0, 1000, "speed, per unit of rate"));
}

PartRow HomeostaticScalingSpikesRow() {
  return ScalingRow(
      "homeostatic_scaling_spikes",
      "scales all weights onto a unit until it fires at the goal on average",
      Signal::kSpikes, Real("goal", "Hz", 5, 0, 1000, "mean rate to reach"),
      Real("beta", "1/ms", 1e-5, 0, 1000, "speed, per Hz"));
}

}  // namespace engram
