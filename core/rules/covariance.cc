#include "core/rules/covariance.h"

#include "absl/strings/str_cat.h"
#include "core/programs/state_array.h"
#include "core/rules/catalog.h"
#include "core/rules/traces.h"

namespace engram {

template <class Real>
Covariance<Real>::Covariance(const Component& component, const RuleShape& shape)
    : eta_(component.Real("eta")),
      tau_mean_(component.Real("tau_mean")),
      mean_pre_(shape.n_pre),
      mean_post_(shape.n_post),
      post_(shape.n_post) {
  const Real start = static_cast<Real>(component.Real("m_0"));
  mean_pre_.Fill(start);
  mean_post_.Fill(start);
}

template <class Real>
void Covariance<Real>::Prepare(const Signals<Real>& s) {
  for (int64_t i = 0; i < post_.rows(); ++i) {
    post_[i] = s.post[static_cast<size_t>(i)] - mean_post_[i];
  }
}

template <class Real>
void Covariance<Real>::AdvanceTraces(const Signals<Real>& s) {
  Relax(s.dt / tau_mean_, s.pre, mean_pre_);
  Relax(s.dt / tau_mean_, s.post, mean_post_);
}

template <class Real>
void Covariance<Real>::VisitState(absl::string_view prefix, StateVisitor& v) {
  v.State(absl::StrCat(prefix, ".mean_pre"), StateOf(mean_pre_, "1"));
  v.State(absl::StrCat(prefix, ".mean_post"), StateOf(mean_post_, "1"));
}

RuleRow CovarianceRow() {
  return RowOfRule<Covariance>(
      {.type = "covariance",
       .summary = "Hebbian learning of rates less their running means",
       .equation = "dw_ij/dt = eta (r_i - m_i) (r_j - m_j)\n"
                   "tau_mean dm/dt = -m + r, m(0) = m_0",
       .reference = "doi:10.1007/BF00275079",
       .parameters = {LearningRate(),
                      Real("tau_mean", "ms", 2000, 0.1, 1e7,
                           "of the running means"),
                      Real("m_0", "1", 0.1, -1e6, 1e6,
                           "running means at the start")},
       .check =
           [](const Component& self, const Component& root, Faults& faults) {
             CheckTimeConstants(self, root, {"tau_mean"}, faults);
           }},
      {Signal::kRates}, {"mean_pre", "mean_post"});
}

}  // namespace engram
