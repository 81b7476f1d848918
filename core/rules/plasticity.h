#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/base/array.h"
#include "core/rules/eligibility_trace.h"
#include "core/rules/limits.h"
#include "core/rules/rule.h"
#include "core/spec/component.h"

namespace engram {

// A rule with the parts in its slots, for one matrix of weights. What happens
// to a tile of weights, in this order: the rule's change (through the
// eligibility trace and the modulator, where there is one), bounds, Dale's law.
// ApplyRule (apply.h) runs a step.
template <class Real>
class Plasticity {
 public:
  Plasticity(const Component& rule, const RuleShape& shape);

  const RuleShape& shape() const { return shape_; }
  // Once a step, before the tiles.
  void Prepare(const Signals<Real>& s);
  // One tile, whose first weight is the `offset`-th of the matrix. Called for
  // different tiles from several threads at once.
  void UpdateTile(const Signals<Real>& s, const WeightTile<Real>& w,
                  int64_t offset);
  // Once a step, after the tiles.
  void AdvanceTraces(const Signals<Real>& s) { rule_->AdvanceTraces(s); }
  // Names the arrays as ArraysOfPlasticity does, under `prefix`.
  void VisitState(absl::string_view prefix, StateVisitor& v);

 private:
  RuleShape shape_;
  std::unique_ptr<Rule<Real>> rule_;
  std::optional<EligibilityTrace<Real>> eligibility_;
  Limits<Real> limits_;
};

template <class Real>
std::unique_ptr<Plasticity<Real>> MakePlasticity(const Component& rule,
                                                 const RuleShape& shape) {
  return std::make_unique<Plasticity<Real>>(rule, shape);
}

extern template class Plasticity<float>;
extern template class Plasticity<double>;

}  // namespace engram
