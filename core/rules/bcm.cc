#include "core/rules/bcm.h"

#include "absl/strings/str_cat.h"
#include "core/programs/state_array.h"
#include "core/rules/catalog.h"
#include "core/rules/traces.h"

namespace engram {

template <class Real>
Bcm<Real>::Bcm(const Component& component, const RuleShape& shape)
    : eta_(component.Real("eta")),
      tau_theta_(component.Real("tau_theta")),
      r_0_(static_cast<Real>(component.Real("r_0"))),
      theta_(shape.n_post),
      phi_(shape.n_post) {
  theta_.Fill(static_cast<Real>(component.Real("theta_0")));
}

template <class Real>
void Bcm<Real>::Prepare(const Signals<Real>& s) {
  for (int64_t i = 0; i < phi_.rows(); ++i) {
    const Real r = s.post[static_cast<size_t>(i)];
    phi_[i] = r * (r - theta_[i]);
  }
}

template <class Real>
void Bcm<Real>::AdvanceTraces(const Signals<Real>& s) {
  const Real share = static_cast<Real>(s.dt / tau_theta_);
  for (int64_t i = 0; i < theta_.rows(); ++i) {
    const Real r = s.post[static_cast<size_t>(i)];
    theta_[i] += share * (r * r / r_0_ - theta_[i]);
  }
}

template <class Real>
void Bcm<Real>::VisitState(absl::string_view prefix, StateVisitor& v) {
  v.State(absl::StrCat(prefix, ".threshold"), StateOf(theta_, "1"));
}

RuleRow BcmRow() {
  return RowOfRule<Bcm>(
      {.type = "bcm",
       .summary = "Bienenstock-Cooper-Munro rule: potentiation above a "
                  "threshold that slides with the unit's own activity, "
                  "depression below",
       .equation = "dw_ij/dt = eta r_i (r_i - theta_i) r_j\n"
                   "tau_theta dtheta_i/dt = -theta_i + r_i^2 / r_0",
       .reference = "doi:10.1523/JNEUROSCI.02-01-00032.1982",
       .parameters =
           {LearningRate(),
            Real("tau_theta", "ms", 1000, 0.1, 1e7, "of the threshold"),
            Real("r_0", "1", 0.5, 1e-6, 1e6,
                 "constant rate at which the threshold equals the rate"),
            Real("theta_0", "1", 0.1, 0, 1e6, "threshold at the start")},
       .check =
           [](const Component& self, const Component& root, Faults& faults) {
             CheckTimeConstants(self, root, {"tau_theta"}, faults);
           }},
      {Signal::kRates}, {"threshold"});
}

}  // namespace engram
