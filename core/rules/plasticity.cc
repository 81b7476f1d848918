#include "core/rules/plasticity.h"

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/rules/bounds.h"
#include "core/rules/catalog.h"

namespace engram {
namespace {

template <class Real>
void ZeroDiagonal(const WeightTile<Real>& tile, Real* values) {
  for (int64_t c = 0; c < tile.cols; ++c) {
    values[c * tile.n_post + tile.first_pre + c] = 0;
  }
}

}  // namespace

template <class Real>
Plasticity<Real>::Plasticity(const Component& rule, const RuleShape& shape)
    : shape_(shape),
      rule_(MakeRule<Real>(rule, shape)),
      limits_(LimitsOf<Real>(rule, shape)) {
  ENGRAM_EXPECT(shape.n_post > 0 && shape.n_pre > 0 && shape.dt > 0);
  ENGRAM_EXPECT(!shape.is_recurrent || shape.n_post == shape.n_pre);
  if (const Component* part = rule.Find("eligibility")) {
    eligibility_.emplace(*part, shape);
  }
}

template <class Real>
void Plasticity<Real>::Prepare(const Signals<Real>& s) {
  ENGRAM_EXPECT(s.dt == shape_.dt);
  rule_->Prepare(s);
}

template <class Real>
void Plasticity<Real>::UpdateTile(const Signals<Real>& s,
                                  const WeightTile<Real>& w, int64_t offset) {
  const bool clears = shape_.is_recurrent && !w.is_sparse();
  if (eligibility_) {
    Real* trace = eligibility_->trace(offset);
    rule_->AccumulateTile(s, w, eligibility_->decay(), trace);
    if (clears) ZeroDiagonal(w, trace);
    eligibility_->UpdateTile(s, w, trace, limits_);
  } else {
    rule_->UpdateTile(s, w, limits_);
  }
  if (clears) ZeroDiagonal(w, w.weights);
}

template <class Real>
void Plasticity<Real>::VisitState(absl::string_view prefix, StateVisitor& v) {
  rule_->VisitState(prefix, v);
  if (eligibility_) {
    eligibility_->VisitState(absl::StrCat(prefix, ".eligibility"), v);
  }
}

template class Plasticity<float>;
template class Plasticity<double>;

}  // namespace engram
