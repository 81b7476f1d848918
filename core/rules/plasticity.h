#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/array.h"
#include "core/rules/eligibility_trace.h"
#include "core/rules/homeostasis_part.h"
#include "core/rules/limits.h"
#include "core/rules/row_sums.h"
#include "core/rules/rule.h"
#include "core/rules/tiling.h"
#include "core/spec/component.h"

namespace engram {

// A rule with the parts in its slots, for one matrix of weights. What happens
// to a tile of weights, in this order: the rule's change (through the
// eligibility trace and the modulator, where there is one), the homeostasis
// parts one after the other, bounds, Dale's law.
//
// ApplyRule (apply.h) runs a step: for the first one the start; Prepare; then
// passes over all tiles, a second one only where a part needs sums over rows;
// AdvanceTraces. There are two ways to spare memory the second pass:
//
//   sums ahead   the first pass merely reads, where the rule can tell what it
//                will do
//   waiting      the last pass is left to the next step, which does it tile by
//                tile just before the rule acts again: one pass a step. Until
//                then, or until the weights are settled, they are unfinished.
//
// Neither changes a bit of the weights.
template <class Real>
class Plasticity {
 public:
  Plasticity(const Component& rule, const RuleShape& shape);

  const RuleShape& shape() const { return shape_; }
  const Tiling& tiling() const { return tiling_; }

  // With `may_wait` the last pass is left waiting where the parts allow it.
  void Prepare(const Signals<Real>& s, bool may_wait);
  // Whether the weights wait for a pass: then SettleTile for all tiles and
  // EndSettling, before anything but a next step reads them.
  bool is_waiting() const { return is_waiting_; }
  void SettleTile(const WeightTile<Real>& w);
  void EndSettling() { is_waiting_ = false; }
  // Whether parts want to see the weights before the step: then ReadStart for
  // all tiles in order, and EndStart.
  bool wants_start() const;
  void ReadStart(const WeightTile<Real>& w);
  void EndStart();
  // Of this step.
  int64_t passes() const {
    return leaves_last_ ? last_pass() : last_pass() + 1;
  }
  // A block of tiles is one thread's in a pass.
  void BeginBlock(int64_t pass, int64_t block);
  // One tile of a block, whose first weight is the `offset`-th of the matrix.
  void UpdateTile(const Signals<Real>& s, int64_t pass, int64_t block,
                  const WeightTile<Real>& w, int64_t offset);
  void EndPass(int64_t pass);
  void AdvanceTraces(const Signals<Real>& s);

  // Names the arrays as ArraysOfPlasticity does, under `prefix`. Nothing waits.
  void VisitState(absl::string_view prefix, StateVisitor& v);

 private:
  struct NamedPart {
    std::string name;  // "homeostasis.0"
    std::unique_ptr<HomeostasisPart<Real>> part;
  };

  int64_t last_pass() const {
    return static_cast<int64_t>(first_part_.size()) - 1;
  }
  bool LastPassCanWait() const;
  bool SumsAhead() const;
  const Real* FactorsAfterRule(int64_t pass) const;
  // Gives how many of the parts it applied along with the rule.
  size_t ApplyRuleToTile(const Signals<Real>& s, int64_t pass,
                         const WeightTile<Real>& w, int64_t offset);
  // Finishes the last step and begins this one, where one loop can.
  bool SettleAndUpdate(const Signals<Real>& s, int64_t block,
                       const WeightTile<Real>& w);
  // The parts of the pass from `first` on, some columns at a time.
  void ApplyPartsToTile(const Signals<Real>& s, int64_t pass, size_t first,
                        int64_t block, const WeightTile<Real>& w);
  void ApplyParts(const Signals<Real>& s, int64_t pass, size_t first,
                  int64_t block, const WeightTile<Real>& w);
  size_t EndOfPass(int64_t pass) const;
  bool clears_diagonal(const WeightTile<Real>& w) const {
    return shape_.is_recurrent && !w.is_sparse();
  }

  RuleShape shape_;
  Tiling tiling_;
  std::unique_ptr<Rule<Real>> rule_;
  std::optional<EligibilityTrace<Real>> eligibility_;
  std::vector<NamedPart> parts_;
  Limits<Real> limits_;
  Limits<Real> no_limits_;
  Limits<Real> rule_limits_;        // while parts follow: none, or soft
  std::vector<size_t> first_part_;  // of each pass
  int64_t rule_pass_ = 0;     // the pass of this step that applies the rule
  bool leaves_last_ = false;  // this step leaves its last pass waiting
  bool is_waiting_ = false;   // for the last pass of a step
  RowSums<Real> row_sums_;
};

template <class Real>
std::unique_ptr<Plasticity<Real>> MakePlasticity(const Component& rule,
                                                 const RuleShape& shape) {
  return std::make_unique<Plasticity<Real>>(rule, shape);
}

extern template class Plasticity<float>;
extern template class Plasticity<double>;

}  // namespace engram
