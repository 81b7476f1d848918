#pragma once

#include <cstdint>

#include "core/rules/rule.h"

namespace engram {

// The loops of a rule whose change of a weight is a formula of its two units
// and itself. Derived has
//
//   template <class Column>
//   auto ChangeOf(const Signals<Real>& s, const Column& column) const;
//
// which gives, once a column, a callable of the postsynaptic unit i and the
// weight w: the step's change of that weight. It captures plain pointers and
// numbers, so that the loop is vectorised. With `kInOrder` the callable may
// carry a sum from unit to unit.
template <class Real, class Derived>
class TiledRule : public Rule<Real> {
 public:
  void UpdateTile(const Signals<Real>& s, const WeightTile<Real>& w,
                  const Limits<Real>& limits) const final {
    ForColumns(w, [&](const auto& column) {
      WithLanding(limits, column.pre, [&](const auto landing) {
        auto change = derived().ChangeOf(s, column);
        Real* __restrict weight = column.weights;
        ForEach<Derived::kInOrder>(column.size, [&](int64_t k) {
          weight[k] = landing(weight[k], change(column.post(k), weight[k]));
        });
      });
    });
  }

  void AccumulateTile(const Signals<Real>& s, const WeightTile<Real>& w,
                      Real decay, Real* trace) const final {
    ForColumns(w, [&](const auto& column) {
      auto change = derived().ChangeOf(s, column);
      const Real* weight = column.weights;
      Real* __restrict e = trace + column.offset;
      ForEach<Derived::kInOrder>(column.size, [&](int64_t k) {
        e[k] = decay * e[k] + change(column.post(k), weight[k]);
      });
    });
  }

  static constexpr bool kInOrder = false;

 private:
  const Derived& derived() const { return static_cast<const Derived&>(*this); }

  // Each weight is a column's own, so iterations may run side by side unless
  // the rule carries a sum.
  template <bool kSequential, class Body>
  static void ForEach(int64_t n, Body body) {
    if constexpr (kSequential) {
      for (int64_t k = 0; k < n; ++k) body(k);
    } else {
#pragma GCC ivdep
      for (int64_t k = 0; k < n; ++k) body(k);
    }
  }
};

}  // namespace engram
