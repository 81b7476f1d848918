#include "core/spiking/plasticity/short_term.h"

#include "absl/strings/str_cat.h"
#include "core/base/math.h"
#include "core/programs/state_array.h"

namespace engram {

template <class Real>
ShortTermPlasticity<Real>::ShortTermPlasticity(const Component& c,
                                               int64_t units, double dt)
    : use_(c.Real("use")),
      tau_facil_(c.Real("tau_facil")),
      tau_rec_(c.Real("tau_rec")),
      dt_(dt),
      u_(units),
      x_(units),
      last_(units) {
  x_.Fill(1);
}

template <class Real>
void ShortTermPlasticity<Real>::Add(int64_t step,
                                    std::span<const int32_t> units,
                                    int64_t first_unit) {
  for (const int32_t unit : units) {
    const int64_t row = unit - first_unit;
    if (row < 0 || row >= u_.rows()) {
      factors_.push_back(0);
      continue;
    }
    const double gone = static_cast<double>(step - last_[row]) * dt_;
    const double kept =
        tau_facil_ > 0 ? u_[row] * math::Exp(-gone / tau_facil_) : 0;
    const double x = 1 - (1 - x_[row]) * math::Exp(-gone / tau_rec_);
    const double u = kept + use_ * (1 - kept);
    factors_.push_back(static_cast<Real>(u * x));
    u_[row] = u;
    x_[row] = x - u * x;
    last_[row] = step;
  }
  begins_.push_back(factors_.size());
}

template <class Real>
void ShortTermPlasticity<Real>::Restart(int64_t step) {
  first_ = step;
  begins_.assign(1, 0);
  factors_.clear();
}

template <class Real>
void ShortTermPlasticity<Real>::VisitState(absl::string_view prefix,
                                           StateVisitor& v) {
  v.State(absl::StrCat(prefix, ".u"), StateOf(u_, "1"));
  v.State(absl::StrCat(prefix, ".x"), StateOf(x_, "1"));
  v.State(absl::StrCat(prefix, ".last_spike"), StateOf(last_, "1"));
}

ComponentSpec TsodyksMarkramSpec() {
  return {.kind = Kind::kShortTerm,
          .type = "tsodyks_markram",
          .summary =
              "short-term plasticity: a spike uses a share of resources "
              "that recover, and the share grows with use",
          .equation =
              "tau_facil du/dt = -u, tau_rec dx/dt = 1 - x\n"
              "at a spike: u <- u + use (1 - u), weight u x, "
              "x <- x - u x",
          .reference = "doi:10.1162/089976698300017502",
          .parameters = {
              Real("use", "1", 0.5, 0, 1, "share that the first spike uses"),
              Real("tau_rec", "ms", 800, 0.01, 1e6, "of recovery"),
              Real("tau_facil", "ms", 0, 0, 1e6, "of facilitation; 0: none")}};
}

template class ShortTermPlasticity<float>;
template class ShortTermPlasticity<double>;

}  // namespace engram
