#pragma once

#include <cstdint>

#include "core/base/array.h"
#include "core/rules/rule.h"

namespace engram {

// The loops of a rule whose weights change at spikes alone. Derived has
//
//   auto AtPreSpike(int64_t pre) const;   // for all synapses of the unit
//   auto AtPostSpike(int64_t pre) const;  // for its synapses on units that
//   fire
//
// which give, once a column, a callable of the postsynaptic unit i and the
// weight w: the change of that weight. Where both sides fire at one step, both
// changes are those of the weight and the traces before the step.
//
// A column whose presynaptic unit is silent costs as much as there are
// postsynaptic spikes; one of a unit that fires costs its synapses.
template <class Real, class Derived>
class SpikeRule : public Rule<Real> {
 public:
  explicit SpikeRule(const RuleShape& shape)
      : pre_fires_(shape.n_pre), post_fires_(shape.n_post) {}

  // A rule that overrides it calls it.
  void Prepare(const Signals<Real>& s) override {
    for (const int32_t unit : s.pre_spikes) pre_fires_[unit] = 1;
    for (const int32_t unit : s.post_spikes) post_fires_[unit] = 1;
  }

  void UpdateTile(const Signals<Real>& s, const WeightTile<Real>& w,
                  const Limits<Real>& limits) const final {
    if (s.pre_spikes.empty() && s.post_spikes.empty()) return;
    WithLanding(limits, [&](const auto& landing_of) {
      ForColumns(w, [&](const auto& column) {
        if (pre_fires_[column.pre] == 0 && s.post_spikes.empty()) return;
        const auto landing = landing_of(column.pre);
        ForEvents(s, column, [&](int64_t k, Real change) {
          column.weights[k] =
              landing(column.post(k), column.weights[k], change);
        });
      });
    });
  }

  void UpdateTracedTile(const Signals<Real>& s, const WeightTile<Real>& w,
                        const Limits<Real>& limits,
                        const SynapticTrace<Real>& trace) const final {
    WithLanding(limits, [&](const auto& landing_of) {
      ForColumns(w, [&](const auto& column) {
        Real* __restrict e = trace.value + column.offset;
        for (int64_t k = 0; k < column.size; ++k) e[k] *= trace.decay;
        ForEvents(s, column, [&](int64_t k, Real change) { e[k] += change; });
        const auto landing = landing_of(column.pre);
        Real* __restrict weight = column.weights;
        const Real* gain = trace.gain;
#pragma GCC ivdep
        for (int64_t k = 0; k < column.size; ++k) {
          weight[k] =
              landing(column.post(k), weight[k], gain[column.post(k)] * e[k]);
        }
      });
    });
  }

  // A rule that overrides it calls it.
  void AdvanceTraces(const Signals<Real>& s) override {
    for (const int32_t unit : s.pre_spikes) pre_fires_[unit] = 0;
    for (const int32_t unit : s.post_spikes) post_fires_[unit] = 0;
  }

 private:
  const Derived& derived() const { return static_cast<const Derived&>(*this); }

  // Calls change_of(k, change) for each of the column's weights that a spike
  // concerns.
  template <class Column, class Visit>
  void ForEvents(const Signals<Real>& s, const Column& column,
                 Visit change_of) const {
    const Real* weight = column.weights;
    const auto at_post = derived().AtPostSpike(column.pre);
    if (pre_fires_[column.pre] == 0) {
      ForPostSpikes(s, column, [&](int64_t k, int64_t i) {
        change_of(k, at_post(i, weight[k]));
      });
      return;
    }
    const auto at_pre = derived().AtPreSpike(column.pre);
    const uint8_t* fires = post_fires_.data();
    for (int64_t k = 0; k < column.size; ++k) {
      const int64_t i = column.post(k);
      Real change = at_pre(i, weight[k]);
      if (fires[i] != 0) change += at_post(i, weight[k]);
      change_of(k, change);
    }
  }

  // By looking each spike up, or, where there are many, by walking the column.
  template <class Column, class Visit>
  void ForPostSpikes(const Signals<Real>& s, const Column& column,
                     Visit visit) const {
    constexpr int64_t kLookUp = 8;  // costs about as much as so many synapses
    const int64_t spikes = static_cast<int64_t>(s.post_spikes.size());
    if (spikes * kLookUp < column.size) {
      for (const int32_t unit : s.post_spikes) {
        const int64_t k = column.Find(unit);
        if (k >= 0) visit(k, unit);
      }
      return;
    }
    const uint8_t* fires = post_fires_.data();
    for (int64_t k = 0; k < column.size; ++k) {
      if (fires[column.post(k)] != 0) visit(k, column.post(k));
    }
  }

  Array<uint8_t> pre_fires_, post_fires_;  // scratch, 1 during a step
};

}  // namespace engram
