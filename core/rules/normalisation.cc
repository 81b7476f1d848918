#include "core/rules/normalisation.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/programs/state_array.h"
#include "core/rules/catalog.h"
#include "core/rules/column_sum.h"
#include "core/rules/scale_weights.h"

namespace engram {
namespace {

bool IsL2(const Component& c) { return c.Text("norm") == "l2"; }

// The goal as the sum that is compared with it.
void FillGoal(const Component& c, Array<double>& goal,
              Array<int64_t>& has_start) {
  if (!c.Has("goal")) return;
  const double given = c.Real("goal");
  goal.Fill(IsL2(c) ? given * given : given);
  has_start[0] = 1;
}

double FactorOf(double goal, double sum, bool is_l2) {
  if (!(goal > 0) || !(sum > 0)) return 1;
  return is_l2 ? std::sqrt(goal / sum) : goal / sum;
}

PartRow NormalisationRow(std::string type, std::string summary,
                         std::string equation) {
  ParameterSpec goal = Real("goal", "1", 1, 0, 1e9,
                            "norm to keep; without it, that of the weights at "
                            "the start");
  goal.default_value.reset();
  goal.is_optional = true;
  return {.spec = {.kind = Kind::kHomeostasis,
                   .type = std::move(type),
                   .summary = std::move(summary),
                   .equation = std::move(equation),
                   .reference = "doi:10.1162/neco.1994.6.1.100",
                   .parameters = {Choice("norm", "l1", {"l1", "l2"},
                                         "sum of sizes, or root of the sum of "
                                         "squares"),
                                  std::move(goal)}},
          .arrays = {"goal", "has_start"}};
}

}  // namespace

template <class Real>
RowNormalisation<Real>::RowNormalisation(const Component& c,
                                         const RuleShape& shape)
    : is_l2_(IsL2(c)),
      goal_(shape.n_post),
      has_start_(1),
      factor_(shape.n_post) {
  FillGoal(c, goal_, has_start_);
}

template <class Real>
RowSum RowNormalisation<Real>::row_sum() const {
  return is_l2_ ? RowSum::kSquares : RowSum::kSizes;
}

template <class Real>
void RowNormalisation<Real>::ReadRowSums(std::span<const double> sums) {
  for (int64_t i = 0; i < factor_.rows(); ++i) {
    factor_[i] = static_cast<Real>(
        FactorOf(goal_[i], sums[static_cast<size_t>(i)], is_l2_));
  }
}

template <class Real>
void RowNormalisation<Real>::ReadStart(const WeightTile<Real>& w) {
  ForColumns(w, [&](const auto& column) {
    for (int64_t k = 0; k < column.size; ++k) {
      const double weight = static_cast<double>(column.weights[k]);
      goal_[column.post(k)] += is_l2_ ? weight * weight : std::abs(weight);
    }
  });
}

template <class Real>
void RowNormalisation<Real>::UpdateTile(const Signals<Real>&,
                                        const WeightTile<Real>& w,
                                        const Limits<Real>& limits) const {
  ScaleRows(w, factor_.data(), limits);
}

template <class Real>
void RowNormalisation<Real>::VisitState(absl::string_view prefix,
                                        StateVisitor& v) {
  v.State(absl::StrCat(prefix, ".goal"), StateOf(goal_, "1"));
  v.State(absl::StrCat(prefix, ".has_start"), StateOf(has_start_, "1"));
}

template <class Real>
ColumnNormalisation<Real>::ColumnNormalisation(const Component& c,
                                               const RuleShape& shape)
    : is_l2_(IsL2(c)), goal_(shape.n_pre), has_start_(1) {
  FillGoal(c, goal_, has_start_);
}

template <class Real>
void ColumnNormalisation<Real>::ReadStart(const WeightTile<Real>& w) {
  ForColumns(w, [&](const auto& column) {
    goal_[column.pre] = static_cast<double>(
        is_l2_ ? SumOver(column, [](Real x) { return x * x; })
               : SumOver(column, [](Real x) { return x < 0 ? -x : x; }));
  });
}

template <class Real>
void ColumnNormalisation<Real>::UpdateTile(const Signals<Real>&,
                                           const WeightTile<Real>& w,
                                           const Limits<Real>& limits) const {
  ForColumns(w, [&](const auto& column) {
    const Real sum =
        is_l2_ ? SumOver(column, [](Real x) { return x * x; })
               : SumOver(column, [](Real x) { return x < 0 ? -x : x; });
    const Real factor = static_cast<Real>(
        FactorOf(goal_[column.pre], static_cast<double>(sum), is_l2_));
    MapColumn(column, limits, [factor](int64_t, Real x) { return x * factor; });
  });
}

template <class Real>
void ColumnNormalisation<Real>::VisitState(absl::string_view prefix,
                                           StateVisitor& v) {
  v.State(absl::StrCat(prefix, ".goal"), StateOf(goal_, "1"));
  v.State(absl::StrCat(prefix, ".has_start"), StateOf(has_start_, "1"));
}

template class RowNormalisation<float>;
template class RowNormalisation<double>;
template class ColumnNormalisation<float>;
template class ColumnNormalisation<double>;

PartRow RowNormalisationRow() {
  return NormalisationRow(
      "row_normalisation",
      "keeps the norm of the weights onto each unit, by a common factor",
      "w_ij <- w_ij goal / |w_i|, |w_i| over all j");
}

PartRow ColumnNormalisationRow() {
  return NormalisationRow(
      "column_normalisation",
      "keeps the norm of the weights of each presynaptic unit, by a common "
      "factor",
      "w_ij <- w_ij goal / |w_j|, |w_j| over all i");
}

}  // namespace engram
