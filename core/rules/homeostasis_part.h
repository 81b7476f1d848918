#pragma once

#include <span>

#include "absl/strings/string_view.h"
#include "core/programs/state_visitor.h"
#include "core/rules/limits.h"
#include "core/rules/row_sum.h"
#include "core/rules/signals.h"
#include "core/rules/weight_tile.h"

namespace engram {

// A part that keeps the weights of a unit in balance, after a rule's change and
// before the bounds. What it needs of a column it finds in the tile, which
// holds whole columns; a sum over rows costs a second pass over the weights.
template <class Real>
class HomeostasisPart {
 public:
  virtual ~HomeostasisPart() = default;
  // Once a step, before the tiles.
  virtual void Prepare(const Signals<Real>&) {}
  // Of a part that does nothing but multiply each weight by a number of its
  // postsynaptic unit: these numbers (n_post), so that the loop before it can
  // do it along the way. Asked after Prepare and ReadRowSums; null for others.
  virtual const Real* row_factors() const { return nullptr; }
  // Of the weights as they stand before the part acts; kNone for none. The same
  // in every step.
  virtual RowSum row_sum() const { return RowSum::kNone; }
  // The sums asked for (n_post), before the part's tiles.
  virtual void ReadRowSums(std::span<const double>) {}
  // Whether the part wants to see the weights before the first step: then
  // ReadStart gets every tile, in order, from one thread.
  virtual bool wants_start() const { return false; }
  virtual void ReadStart(const WeightTile<Real>&) {}
  virtual void EndStart() {}
  // Whether what UpdateTile does stays the same until the next ReadRowSums, so
  // that it may wait for the next step: it reads of the signals the step dt
  // alone, and nothing that Prepare or AdvanceTraces sets.
  virtual bool can_wait() const { return false; }
  // Leaves the weights within `limits`. Called for different tiles from several
  // threads at once.
  virtual void UpdateTile(const Signals<Real>& s, const WeightTile<Real>& w,
                          const Limits<Real>& limits) const = 0;
  // After all tiles.
  virtual void AdvanceTraces(const Signals<Real>&) {}
  virtual void VisitState(absl::string_view, StateVisitor&) {}
};

}  // namespace engram
