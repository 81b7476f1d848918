#include "core/rules/plasticity.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/rules/bounds.h"
#include "core/rules/catalog.h"
#include "core/rules/part_slots.h"

namespace engram {
namespace {

template <class Real>
void ZeroDiagonal(const WeightTile<Real>& tile, Real* values) {
  for (int64_t c = 0; c < tile.cols; ++c) {
    values[c * tile.n_post + tile.first_pre + c] = 0;
  }
}

template <class Real>
void ClipTile(const Limits<Real>& limits, const WeightTile<Real>& w) {
  if (!limits.clips()) return;
  ForColumns(w, [&](const auto& column) {
    const HardLanding<Real> landing = HardLandingOf(limits, column.pre);
    Real* __restrict weight = column.weights;
    for (int64_t k = 0; k < column.size; ++k) {
      weight[k] = landing.Clip(weight[k]);
    }
  });
}

}  // namespace

template <class Real>
Plasticity<Real>::Plasticity(const Component& rule, const RuleShape& shape)
    : shape_(shape),
      tiling_(TilingOf(shape, sizeof(Real))),
      rule_(MakeRule<Real>(rule, shape)),
      limits_(LimitsOf<Real>(rule, shape)),
      rule_limits_(limits_) {
  ENGRAM_EXPECT(shape.n_post > 0 && shape.n_pre > 0 && shape.dt > 0);
  ENGRAM_EXPECT(!shape.is_recurrent || shape.n_post == shape.n_pre);
  if (const Component* part = rule.Find("eligibility")) {
    eligibility_.emplace(*part, shape);
  }
  bool needs_rows = false;
  for (const Component& part : rule.Slots("homeostasis")) {
    parts_.push_back(
        {PathInRule(rule, part), MakeHomeostasis<Real>(part, shape)});
    needs_rows |= parts_.back().part->row_sum() != RowSum::kNone;
  }
  if (needs_rows) row_sums_ = RowSums<Real>(shape.n_post, tiling_.blocks);
  if (!parts_.empty() && !limits_.is_soft) rule_limits_ = Limits<Real>();
  first_part_.reserve(parts_.size() + 1);
}

// A part that needs sums over rows begins a pass.
template <class Real>
void Plasticity<Real>::Prepare(const Signals<Real>& s) {
  ENGRAM_EXPECT(s.dt == shape_.dt);
  rule_->Prepare(s);
  first_part_.assign(1, 0);
  for (size_t k = 0; k < parts_.size(); ++k) {
    parts_[k].part->Prepare(s);
    if (parts_[k].part->row_sum() != RowSum::kNone) first_part_.push_back(k);
  }
}

template <class Real>
bool Plasticity<Real>::wants_start() const {
  return std::ranges::any_of(
      parts_, [](const NamedPart& p) { return p.part->wants_start(); });
}

template <class Real>
void Plasticity<Real>::ReadStart(const WeightTile<Real>& w) {
  for (NamedPart& p : parts_) {
    if (p.part->wants_start()) p.part->ReadStart(w);
  }
}

template <class Real>
void Plasticity<Real>::EndStart() {
  for (NamedPart& p : parts_) {
    if (p.part->wants_start()) p.part->EndStart();
  }
}

template <class Real>
size_t Plasticity<Real>::EndOfPass(int64_t pass) const {
  return pass + 1 < passes() ? first_part_[static_cast<size_t>(pass + 1)]
                             : parts_.size();
}

template <class Real>
void Plasticity<Real>::BeginBlock(int64_t pass, int64_t block) {
  if (pass + 1 < passes()) row_sums_.Clear(block);
}

template <class Real>
void Plasticity<Real>::ApplyRuleToTile(const Signals<Real>& s,
                                       const WeightTile<Real>& w,
                                       int64_t offset) {
  if (!eligibility_) {
    rule_->UpdateTile(s, w, rule_limits_);
    return;
  }
  Real* trace = eligibility_->trace(offset);
  rule_->AccumulateTile(s, w, eligibility_->decay(), trace);
  eligibility_->UpdateTile(s, w, trace, rule_limits_);
}

template <class Real>
void Plasticity<Real>::UpdateTile(const Signals<Real>& s, int64_t pass,
                                  int64_t block, const WeightTile<Real>& w,
                                  int64_t offset) {
  const bool clears = shape_.is_recurrent && !w.is_sparse();
  if (pass == 0) {
    ApplyRuleToTile(s, w, offset);
    if (clears) ZeroDiagonal(w, w.weights);
  }
  const size_t end = EndOfPass(pass);
  for (size_t k = first_part_[static_cast<size_t>(pass)]; k < end; ++k) {
    parts_[k].part->UpdateTile(s, w);
    if (clears) ZeroDiagonal(w, w.weights);
  }
  if (end < parts_.size()) {
    row_sums_.Add(parts_[end].part->row_sum(), block, w);
  } else if (!parts_.empty()) {
    ClipTile(limits_, w);
  }
}

template <class Real>
void Plasticity<Real>::EndPass(int64_t pass) {
  const size_t end = EndOfPass(pass);
  if (end < parts_.size()) parts_[end].part->ReadRowSums(row_sums_.Total());
}

template <class Real>
void Plasticity<Real>::AdvanceTraces(const Signals<Real>& s) {
  rule_->AdvanceTraces(s);
  for (NamedPart& p : parts_) p.part->AdvanceTraces(s);
}

template <class Real>
void Plasticity<Real>::VisitState(absl::string_view prefix, StateVisitor& v) {
  rule_->VisitState(prefix, v);
  if (eligibility_) {
    eligibility_->VisitState(absl::StrCat(prefix, ".eligibility"), v);
  }
  for (NamedPart& p : parts_) {
    p.part->VisitState(absl::StrCat(prefix, ".", p.name), v);
  }
}

template class Plasticity<float>;
template class Plasticity<double>;

}  // namespace engram
