#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"
#include "core/programs/state_visitor.h"
#include "core/rules/limits.h"
#include "core/rules/row_sum.h"
#include "core/rules/signals.h"
#include "core/rules/waiting_scale.h"
#include "core/rules/weight_tile.h"

namespace engram {

// What a rule is made for.
struct RuleShape {
  int64_t n_post = 0;
  int64_t n_pre = 0;
  double dt = 0;  // of every step [ms]
  // One population onto itself: the diagonal of dense weights stays 0.
  bool is_recurrent = false;
  int64_t synapses = -1;  // of sparse weights; -1: dense
};

// A trace of each weight of a tile, in the order of its weights.
template <class Real>
struct SynapticTrace {
  Real* value;
  Real decay;        // over a step
  const Real* gain;  // (n_post) change of a weight for each unit of its trace
};

// A local learning rule: changes each weight from what both its sides show.
// One rule object belongs to one matrix of weights, of precision Real (float or
// double).
//
// A step is Prepare, then one of UpdateTile and UpdateTracedTile for every
// tile, then AdvanceTraces. What an update reads of traces is what they were
// before the step. Nothing allocates.
template <class Real>
class Rule {
 public:
  virtual ~Rule() = default;
  // What depends on units alone (a gain function of their rates), once a step.
  virtual void Prepare(const Signals<Real>&) {}
  // Adds one step's change in place, within `limits`. Called for different
  // tiles from several threads at once.
  virtual void UpdateTile(const Signals<Real>& s, const WeightTile<Real>& w,
                          const Limits<Real>& limits) const = 0;
  // As UpdateTile without limits, then each weight times factor[i] of its
  // postsynaptic unit, then within `limits`, of which soft ones count as hard:
  // in one go. False: the rule cannot, and did nothing.
  virtual bool UpdateAndScaleTile(const Signals<Real>&, const WeightTile<Real>&,
                                  const Real* /*factor*/,
                                  const Limits<Real>& /*limits*/) const {
    return false;
  }
  // Whether the rule can say what weights it will give without writing them.
  virtual bool has_sums_ahead() const { return false; }
  // Adds to sums[i] what the weights onto unit i in a dense tile will add after
  // UpdateTile without limits, column by column; those on the diagonal nothing
  // where `skips_diagonal`. Threads as for UpdateTile.
  virtual void AddSumsAhead(const Signals<Real>&, const WeightTile<Real>&,
                            RowSum, bool /*skips_diagonal*/,
                            Real* /*sums*/) const {}
  // For dense weights that wait for `scale`: lets them have it, then does what
  // UpdateTile without limits does, sets the diagonal to 0 where
  // `skips_diagonal`, and adds to sums[i] what the weights onto unit i then
  // add, column by column: in one go. False: the rule cannot, and did nothing.
  virtual bool ScaleAndUpdateTile(const Signals<Real>&, const WeightTile<Real>&,
                                  const WaitingScale<Real>& /*scale*/, RowSum,
                                  bool /*skips_diagonal*/,
                                  Real* /*sums*/) const {
    return false;
  }
  // Takes the change into the trace, and changes the weights by what the trace
  // then holds: value <- decay value + change, w <- w + gain value within
  // `limits`. Threads as for UpdateTile.
  virtual void UpdateTracedTile(const Signals<Real>& s,
                                const WeightTile<Real>& w,
                                const Limits<Real>& limits,
                                const SynapticTrace<Real>& trace) const = 0;
  // After all tiles: moves the traces by one step.
  virtual void AdvanceTraces(const Signals<Real>&) {}
  // Names the rule's arrays, in the order of its row's `arrays`, each under
  // `prefix` ("rule" gives "rule.trace_pre").
  virtual void VisitState(absl::string_view, StateVisitor&) {}
};

}  // namespace engram
