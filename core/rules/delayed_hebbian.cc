#include "core/rules/delayed_hebbian.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/base/math.h"
#include "core/programs/state_array.h"
#include "core/rules/catalog.h"

namespace engram {
namespace {

int64_t StepsOf(double delay, double dt) { return std::llround(delay / dt); }

}  // namespace

template <class Real>
DelayedHebbian<Real>::DelayedHebbian(const Component& component,
                                     const RuleShape& shape)
    : tau_w_(component.Real("tau_w")),
      w_max_(static_cast<Real>(component.Real("w_max"))),
      a_(component.Real("a")),
      b_(component.Real("b")),
      threshold_(component.Real("threshold")),
      history_(shape.n_pre, StepsOf(component.Real("delay"), shape.dt)),
      oldest_(1),
      pre_(shape.n_pre),
      post_(shape.n_post),
      high_pre_(shape.n_pre),
      high_post_(shape.n_post) {}

template <class Real>
void DelayedHebbian<Real>::Gain(const Real* rate, Array<Real>& f,
                                Array<Real>& is_high) const {
  for (int64_t i = 0; i < f.rows(); ++i) {
    const double r = static_cast<double>(rate[i]);
    f[i] = static_cast<Real>(0.5 * (1 + math::Tanh(a_ * (r - b_))));
    is_high[i] = r > threshold_ ? Real{1} : Real{0};
  }
}

template <class Real>
void DelayedHebbian<Real>::Prepare(const Signals<Real>& s) {
  const bool is_delayed = history_.cols() > 0;
  Gain(is_delayed ? history_.col(oldest_[0]).data() : s.pre.data(), pre_,
       high_pre_);
  Gain(s.post.data(), post_, high_post_);
}

template <class Real>
void DelayedHebbian<Real>::AdvanceTraces(const Signals<Real>& s) {
  if (history_.cols() == 0) return;
  std::ranges::copy(s.pre, history_.data() + oldest_[0] * history_.rows());
  oldest_[0] = (oldest_[0] + 1) % history_.cols();
}

template <class Real>
void DelayedHebbian<Real>::VisitState(absl::string_view prefix,
                                      StateVisitor& v) {
  v.State(absl::StrCat(prefix, ".history_pre"), StateOf(history_, "1"));
  v.State(absl::StrCat(prefix, ".history_oldest"), StateOf(oldest_, "1"));
}

RuleRow DelayedHebbianRow() {
  return RowOfRule<DelayedHebbian>(
      {.type = "delayed_hebbian",
       .summary = "a weight relaxes to a product of the postsynaptic rate and "
                  "the presynaptic one a delay ago, while one of them is high",
       .equation =
           "tau_w dw_ij/dt = -w_ij + w_max f(r_i(t)) f(r_j(t - delay))\n"
           "                 if r_i(t) or r_j(t - delay) > threshold\n"
           "f(r) = [1 + tanh(a (r - b))] / 2",
       .reference = "doi:10.3389/fncom.2019.00097",
       .parameters = {Real("tau_w", "ms", 400, 0.1, 1e7,
                           "of a weight that learns"),
                      Real("w_max", "1", 1.5, 0, 1e6,
                           "weight between two high rates"),
                      Real("a", "1", 10, 0, 1e6, "slope of f"),
                      Real("b", "1", 0.7, -1e6, 1e6, "rate at which f is 1/2"),
                      Real("delay", "ms", 15.3, 0, 10000,
                           "between the two sides; whole steps"),
                      Real("threshold", "1", 0.6, -1e6, 1e6,
                           "rate above which there is plasticity")}},
      {Signal::kRates}, {"history_pre", "history_oldest"});
}

}  // namespace engram
