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

// Columns [first, first + cols) of a tile.
template <class Real>
WeightTile<Real> PartOf(const WeightTile<Real>& tile, int64_t first,
                        int64_t cols) {
  WeightTile<Real> part = tile;
  const int64_t offset = tile.is_sparse() ? tile.starts[first] - tile.starts[0]
                                          : first * tile.n_post;
  part.weights += offset;
  part.first_pre += first;
  part.cols = cols;
  if (tile.is_sparse()) {
    part.starts += first;
    part.rows += offset;
  }
  return part;
}

}  // namespace

template <class Real>
Plasticity<Real>::Plasticity(const Component& rule, const RuleShape& shape)
    : shape_(shape),
      rule_(MakeRule<Real>(rule, shape)),
      limits_(LimitsOf<Real>(rule, shape)),
      rule_limits_(limits_) {
  ENGRAM_EXPECT(shape.n_post > 0 && shape.n_pre > 0 && shape.dt > 0);
  ENGRAM_EXPECT(!shape.is_recurrent || shape.n_post == shape.n_pre);
  if (const Component* part = rule.Find("eligibility")) {
    eligibility_.emplace(*part, shape);
  }
  // A part that needs sums over rows begins a pass.
  first_part_.push_back(0);
  for (const Component& part : rule.Slots("homeostasis")) {
    parts_.push_back(
        {PathInRule(rule, part), MakeHomeostasis<Real>(part, shape)});
    if (parts_.back().part->row_sum() != RowSum::kNone) {
      first_part_.push_back(parts_.size() - 1);
    }
  }
  const bool needs_rows = last_pass() > 0;
  tiling_ = TilingOf(shape, sizeof(Real), needs_rows);
  if (needs_rows) row_sums_ = RowSums<Real>(shape.n_post, tiling_.blocks);
  if (!parts_.empty() && !limits_.is_soft) rule_limits_ = Limits<Real>();
}

template <class Real>
void Plasticity<Real>::Prepare(const Signals<Real>& s, bool may_wait) {
  ENGRAM_EXPECT(s.dt == shape_.dt);
  rule_->Prepare(s);
  if (eligibility_) eligibility_->Prepare(s);
  for (NamedPart& p : parts_) p.part->Prepare(s);
  leaves_last_ = may_wait && LastPassCanWait();
  rule_pass_ = !is_waiting_ && !leaves_last_ && SumsAhead() ? 1 : 0;
}

template <class Real>
bool Plasticity<Real>::LastPassCanWait() const {
  return last_pass() > 0 &&
         std::all_of(parts_.begin() + static_cast<int64_t>(first_part_.back()),
                     parts_.end(),
                     [](const NamedPart& p) { return p.part->can_wait(); });
}

// Whether the first pass finds the first part's sums without a write. A trace
// of each synapse would have to move twice; sparse weights cost more to look up
// than to write.
template <class Real>
bool Plasticity<Real>::SumsAhead() const {
  return last_pass() > 0 && first_part_[1] == 0 && shape_.synapses < 0 &&
         !eligibility_ && !rule_limits_.clips() && rule_->has_sums_ahead();
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
  return pass < last_pass() ? first_part_[static_cast<size_t>(pass + 1)]
                            : parts_.size();
}

template <class Real>
void Plasticity<Real>::BeginBlock(int64_t pass, int64_t block) {
  if (pass < last_pass()) row_sums_.Clear(block);
}

// The numbers by which the first part multiplies rows, where the rule may do it
// along the way: the part acts in the same pass, and nothing clips between.
template <class Real>
const Real* Plasticity<Real>::FactorsAfterRule(int64_t pass) const {
  if (eligibility_ || rule_limits_.clips() || EndOfPass(pass) == 0) {
    return nullptr;
  }
  return parts_[0].part->row_factors();
}

template <class Real>
size_t Plasticity<Real>::ApplyRuleToTile(const Signals<Real>& s, int64_t pass,
                                         const WeightTile<Real>& w,
                                         int64_t offset) {
  if (eligibility_) {
    const SynapticTrace<Real> trace = eligibility_->Of(offset);
    rule_->UpdateTracedTile(s, w, rule_limits_, trace);
    if (clears_diagonal(w)) ZeroDiagonal(w, trace.value);
    return 0;
  }
  const Real* factors = FactorsAfterRule(pass);
  const Limits<Real>& limits = parts_.size() == 1 ? limits_ : no_limits_;
  if (factors != nullptr && rule_->UpdateAndScaleTile(s, w, factors, limits)) {
    return 1;
  }
  rule_->UpdateTile(s, w, rule_limits_);
  return 0;
}

// One part that multiplies rows, right behind the rule.
template <class Real>
bool Plasticity<Real>::SettleAndUpdate(const Signals<Real>& s, int64_t block,
                                       const WeightTile<Real>& w) {
  if (eligibility_ || rule_limits_.clips() || parts_.size() != 1) return false;
  const HomeostasisPart<Real>& part = *parts_[0].part;
  return part.row_factors() != nullptr &&
         rule_->ScaleAndUpdateTile(s, w, {part.row_factors(), limits_},
                                   part.row_sum(), clears_diagonal(w),
                                   row_sums_.OfBlock(block));
}

template <class Real>
void Plasticity<Real>::SettleTile(const WeightTile<Real>& w) {
  const Signals<Real> nothing{.dt = shape_.dt};
  ApplyPartsToTile(nothing, last_pass(), first_part_.back(), /*block=*/0, w);
}

template <class Real>
void Plasticity<Real>::UpdateTile(const Signals<Real>& s, int64_t pass,
                                  int64_t block, const WeightTile<Real>& w,
                                  int64_t offset) {
  if (pass < rule_pass_) {
    rule_->AddSumsAhead(s, w, parts_[0].part->row_sum(), clears_diagonal(w),
                        row_sums_.OfBlock(block));
    return;
  }
  if (pass == 0 && is_waiting_) {
    if (SettleAndUpdate(s, block, w)) return;
    SettleTile(w);
  }
  size_t next = first_part_[static_cast<size_t>(pass)];
  if (pass == rule_pass_) {
    next = ApplyRuleToTile(s, pass, w, offset);
    if (clears_diagonal(w)) ZeroDiagonal(w, w.weights);
  }
  if (next < parts_.size()) ApplyPartsToTile(s, pass, next, block, w);
}

template <class Real>
void Plasticity<Real>::ApplyPartsToTile(const Signals<Real>& s, int64_t pass,
                                        size_t first, int64_t block,
                                        const WeightTile<Real>& w) {
  for (int64_t column = 0; column < w.cols; column += tiling_.part) {
    const int64_t cols = std::min(tiling_.part, w.cols - column);
    ApplyParts(s, pass, first, block, PartOf(w, column, cols));
  }
}

// The last part also clips.
template <class Real>
void Plasticity<Real>::ApplyParts(const Signals<Real>& s, int64_t pass,
                                  size_t first, int64_t block,
                                  const WeightTile<Real>& w) {
  const size_t end = EndOfPass(pass);
  for (size_t k = first; k < end; ++k) {
    parts_[k].part->UpdateTile(s, w,
                               k + 1 == parts_.size() ? limits_ : no_limits_);
    if (clears_diagonal(w)) ZeroDiagonal(w, w.weights);
  }
  if (end < parts_.size()) {
    row_sums_.Add(parts_[end].part->row_sum(), block, w);
  }
}

template <class Real>
void Plasticity<Real>::EndPass(int64_t pass) {
  const size_t end = EndOfPass(pass);
  if (end < parts_.size()) parts_[end].part->ReadRowSums(row_sums_.Total());
  if (pass == 0) is_waiting_ = false;
}

template <class Real>
void Plasticity<Real>::AdvanceTraces(const Signals<Real>& s) {
  rule_->AdvanceTraces(s);
  for (NamedPart& p : parts_) p.part->AdvanceTraces(s);
  is_waiting_ = leaves_last_;
}

template <class Real>
void Plasticity<Real>::VisitState(absl::string_view prefix, StateVisitor& v) {
  ENGRAM_EXPECT(!is_waiting_);
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
