#pragma once

#include <algorithm>
#include <cstdint>

#include "core/rules/rule.h"
#include "core/rules/sums_ahead.h"

namespace engram {

// The loops of a rule whose change of a weight is a formula of its two units
// and itself. Derived has
//
//   template <class Column>
//   auto ChangeOf(const Signals<Real>& s, const Column& column) const;
//
// which gives, once a column, a callable of the postsynaptic unit i and the
// weight w: the step's change of that weight. It captures plain pointers and
// numbers, so that the loop is vectorised. A rule for which ChangeOf itself
// looks at the column's weights says kReadsColumn.
//
// Dense columns go four at a time: what is read of postsynaptic units then
// serves four weights.
template <class Real, class Derived>
class TiledRule : public Rule<Real> {
 public:
  static constexpr bool kReadsColumn = false;

  void UpdateTile(const Signals<Real>& s, const WeightTile<Real>& w,
                  const Limits<Real>& limits) const final {
    WithLanding(limits,
                [&](const auto& landing_of) { Update(s, w, landing_of); });
  }

  bool UpdateAndScaleTile(const Signals<Real>& s, const WeightTile<Real>& w,
                          const Real* factor,
                          const Limits<Real>& limits) const final {
    if (limits.clips()) {
      Update(s, w, [factor, &limits](int64_t pre) {
        return ScaledHardLanding<Real>{factor, HardLandingOf(limits, pre)};
      });
    } else {
      Update(s, w, [factor](int64_t) { return ScaledLanding<Real>{factor}; });
    }
    return true;
  }

  bool has_sums_ahead() const final { return true; }
  void AddSumsAhead(const Signals<Real>& s, const WeightTile<Real>& w,
                    RowSum sum, bool skips_diagonal, Real* sums) const final {
    WithTerm<Real>(sum, [&](auto term) {
      AddTileAhead(derived(), s, w, skips_diagonal, term, sums);
    });
  }

  bool ScaleAndUpdateTile(const Signals<Real>& s, const WeightTile<Real>& w,
                          const WaitingScale<Real>& scale, RowSum sum,
                          bool skips_diagonal, Real* sums) const final {
    // The weights are not there yet.
    if (w.is_sparse() || Derived::kReadsColumn) return false;
    WithTerm<Real>(sum, [&](auto term) {
      MoveTile(derived(), s, w, scale, skips_diagonal, term, sums);
    });
    return true;
  }

  void UpdateTracedTile(const Signals<Real>& s, const WeightTile<Real>& w,
                        const Limits<Real>& limits,
                        const SynapticTrace<Real>& trace) const final {
    WithLanding(limits, [&](const auto& landing_of) {
      ForColumns(w, [&](const auto& column) {
        UpdateTraced(s, column, landing_of(column.pre), trace);
      });
    });
  }

 private:
  // Weights of a column between two calls for what comes soon.
  static constexpr int64_t kStretch = 64;

  // Calls into the cache, to be changed, what lies 4 kB after x[begin, end), if
  // only beyond the end of the array: of two streams that are written a
  // processor reads too little ahead by itself.
  static void CallSoon(const Real* x, int64_t begin, int64_t end) {
    constexpr int64_t kLine = 64 / sizeof(Real), kAhead = 4096 / sizeof(Real);
    for (int64_t k = begin; k < end; k += kLine) {
      __builtin_prefetch(x + kAhead + k, /*rw=*/1);
    }
  }

  const Derived& derived() const { return static_cast<const Derived&>(*this); }

  template <class LandingOf>
  void Update(const Signals<Real>& s, const WeightTile<Real>& w,
              const LandingOf& landing_of) const {
    ForColumnGroups(
        w, [&](const auto& group) { UpdateFour(s, group, landing_of); },
        [&](const auto& column) { UpdateOne(s, column, landing_of); });
  }

  template <class Column, class LandingOf>
  void UpdateOne(const Signals<Real>& s, const Column& column,
                 const LandingOf& landing_of) const {
    auto change = derived().ChangeOf(s, column);
    const auto landing = landing_of(column.pre);
    Real* __restrict w = column.weights;
    for (int64_t begin = 0; begin < column.size; begin += kStretch) {
      const int64_t end = std::min(begin + kStretch, column.size);
      column.CallSoon(begin, end);
#pragma GCC ivdep
      for (int64_t k = begin; k < end; ++k) {
        const int64_t i = column.post(k);
        w[k] = landing(i, w[k], change(i, w[k]));
      }
    }
  }

  // All four values are there before the first is written, so that what they
  // share is read once.
  template <class LandingOf>
  void UpdateFour(const Signals<Real>& s, const DenseColumn<Real> (&group)[4],
                  const LandingOf& landing_of) const {
    auto change_0 = derived().ChangeOf(s, group[0]);
    auto change_1 = derived().ChangeOf(s, group[1]);
    auto change_2 = derived().ChangeOf(s, group[2]);
    auto change_3 = derived().ChangeOf(s, group[3]);
    const auto landing_0 = landing_of(group[0].pre);
    const auto landing_1 = landing_of(group[1].pre);
    const auto landing_2 = landing_of(group[2].pre);
    const auto landing_3 = landing_of(group[3].pre);
    Real* __restrict w_0 = group[0].weights;
    Real* __restrict w_1 = group[1].weights;
    Real* __restrict w_2 = group[2].weights;
    Real* __restrict w_3 = group[3].weights;
    const int64_t size = group[0].size;
#pragma GCC ivdep
    for (int64_t k = 0; k < size; ++k) {
      const Real v_0 = landing_0(k, w_0[k], change_0(k, w_0[k]));
      const Real v_1 = landing_1(k, w_1[k], change_1(k, w_1[k]));
      const Real v_2 = landing_2(k, w_2[k], change_2(k, w_2[k]));
      const Real v_3 = landing_3(k, w_3[k], change_3(k, w_3[k]));
      w_0[k] = v_0;
      w_1[k] = v_1;
      w_2[k] = v_2;
      w_3[k] = v_3;
    }
  }

  template <class Column, class Landing>
  void UpdateTraced(const Signals<Real>& s, const Column& column,
                    const Landing& landing,
                    const SynapticTrace<Real>& trace) const {
    auto change = derived().ChangeOf(s, column);
    Real* __restrict w = column.weights;
    Real* __restrict e = trace.value + column.offset;
    const Real* gain = trace.gain;
    const Real decay = trace.decay;
    for (int64_t begin = 0; begin < column.size; begin += kStretch) {
      const int64_t end = std::min(begin + kStretch, column.size);
      CallSoon(w, begin, end);
      CallSoon(e, begin, end);
#pragma GCC ivdep
      for (int64_t k = begin; k < end; ++k) {
        const int64_t i = column.post(k);
        const Real value = decay * e[k] + change(i, w[k]);
        e[k] = value;
        w[k] = landing(i, w[k], gain[i] * value);
      }
    }
  }
};

}  // namespace engram
