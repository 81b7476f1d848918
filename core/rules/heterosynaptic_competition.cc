#include "core/rules/heterosynaptic_competition.h"

#include <algorithm>

#include "core/rules/catalog.h"
#include "core/rules/column_sum.h"
#include "core/rules/scale_weights.h"

namespace engram {

template <class Real>
HeterosynapticCompetition<Real>::HeterosynapticCompetition(
    const Component& component, const RuleShape& shape)
    : strength_(component.Real("strength")),
      limit_(component.Real("limit")),
      excess_(shape.n_post) {}

template <class Real>
void HeterosynapticCompetition<Real>::ReadRowSums(
    std::span<const double> sums) {
  for (int64_t i = 0; i < excess_.rows(); ++i) {
    excess_[i] =
        static_cast<Real>(std::max(sums[static_cast<size_t>(i)] - limit_, 0.0));
  }
}

template <class Real>
void HeterosynapticCompetition<Real>::UpdateTile(
    const Signals<Real>& s, const WeightTile<Real>& w,
    const Limits<Real>& limits) const {
  const Real strength = static_cast<Real>(s.dt * strength_);
  const Real limit = static_cast<Real>(limit_);
  const Real* excess = excess_.data();
  ForColumns(w, [&](const auto& column) {
    const Real sum = SumOver(column, [](Real x) { return x; });
    const Real own = std::max<Real>(sum - limit, 0);
    MapColumn(column, limits, [=](int64_t i, Real x) {
      return x - strength * (own + excess[i]);
    });
  });
}

template class HeterosynapticCompetition<float>;
template class HeterosynapticCompetition<double>;

PartRow HeterosynapticCompetitionRow() {
  return {.spec = {.kind = Kind::kHomeostasis,
                   .type = "heterosynaptic_competition",
                   .summary =
                       "depresses all weights onto a unit, and of a unit, "
                       "while they add up to more than a limit",
                   .equation = "dw_ij/dt = -strength ([sum_k w_kj - limit]_+ + "
                               "[sum_k w_ik - limit]_+)",
                   .reference = "doi:10.1016/j.neuron.2010.02.003",
                   .parameters = {Real("strength", "1/ms", 0.00625, 0, 1000,
                                       "depression per weight above the limit"),
                                  Real("limit", "1", 1, 0, 1e9,
                                       "sum of weights without competition")}}};
}

}  // namespace engram
