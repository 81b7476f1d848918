#pragma once

#include <cstdint>
#include <span>

#include "core/base/array.h"
#include "core/rules/homeostasis_part.h"
#include "core/rules/rule.h"
#include "core/spec/component.h"

namespace engram {

// Divides the weights onto each unit (row), or of each unit (column), by a
// common number after every update, so that their norm stays what it is:
//
//   w_ij <- w_ij n_i / |w_i|     rows      |w_i|: over j
//   w_ij <- w_ij n_j / |w_j|     columns   |w_j|: over i
//
//   n  (n_post) or (n_pre)  norm to keep, given or that of the start  [weight]
//
// |.| is the sum of sizes (l1) or the root of the sum of squares (l2). A unit
// without weights, or whose weights start at 0, is left as it is.
//
// Source: von der Malsburg (1973), doi:10.1007/BF00288907; Miller and MacKay
// (1994), doi:10.1162/neco.1994.6.1.100.
template <class Real>
class RowNormalisation final : public HomeostasisPart<Real> {
 public:
  RowNormalisation(const Component& component, const RuleShape& shape);

  RowSum row_sum() const override;
  void ReadRowSums(std::span<const double> sums) override;
  const Real* row_factors() const override { return factor_.data(); }
  bool wants_start() const override { return has_start_[0] == 0; }
  void ReadStart(const WeightTile<Real>& w) override;
  void EndStart() override { has_start_[0] = 1; }
  bool can_wait() const override { return true; }
  void UpdateTile(const Signals<Real>& s, const WeightTile<Real>& w,
                  const Limits<Real>& limits) const override;
  void VisitState(absl::string_view prefix, StateVisitor& v) override;

 private:
  bool is_l2_;
  Array<double> goal_;        // (n_post) sum of sizes, or of squares
  Array<int64_t> has_start_;  // (1) whether goal is known
  Array<Real> factor_;        // scratch (n_post)
};

template <class Real>
class ColumnNormalisation final : public HomeostasisPart<Real> {
 public:
  ColumnNormalisation(const Component& component, const RuleShape& shape);

  bool wants_start() const override { return has_start_[0] == 0; }
  void ReadStart(const WeightTile<Real>& w) override;
  void EndStart() override { has_start_[0] = 1; }
  bool can_wait() const override { return true; }
  void UpdateTile(const Signals<Real>& s, const WeightTile<Real>& w,
                  const Limits<Real>& limits) const override;
  void VisitState(absl::string_view prefix, StateVisitor& v) override;

 private:
  bool is_l2_;
  Array<double> goal_;  // (n_pre)
  Array<int64_t> has_start_;
};

extern template class RowNormalisation<float>;
extern template class RowNormalisation<double>;
extern template class ColumnNormalisation<float>;
extern template class ColumnNormalisation<double>;

}  // namespace engram
