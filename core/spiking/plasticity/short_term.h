#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/base/array.h"
#include "core/programs/state_visitor.h"
#include "core/spec/component.h"
#include "core/spec/component_spec.h"

namespace engram {

// Short-term plasticity of a projection: what a spike finds of its weight.
//
//   between spikes   tau_facil du/dt = -u,  tau_rec dx/dt = 1 - x
//   at a spike       u <- u + U (1 - u),  factor = u x,  x <- x - u x
//
// u and x are those of the presynaptic unit, since all its synapses in a
// projection see the same spikes; they are moved exactly from spike to spike.
//
//   u  (units)  share of the resources that a spike uses  [1]
//   x  (units)  resources at hand                         [1]
//
// Source: Tsodyks, Pawelzik, Markram (1998), doi:10.1162/089976698300017502.
template <class Real>
class ShortTermPlasticity {
 public:
  ShortTermPlasticity(const Component& component, int64_t units, double dt);

  // Spikes of the step after those before it, of units less `first_unit`.
  void Add(int64_t step, std::span<const int32_t> units, int64_t first_unit);
  // Of the spikes of `step`, in the order in which they were added.
  std::span<const Real> FactorsAt(int64_t step) const {
    const size_t k = static_cast<size_t>(step - first_);
    return {factors_.data() + begins_[k], factors_.data() + begins_[k + 1]};
  }
  // Drops what was before `step`; nothing of it is on its way.
  void Restart(int64_t step);
  bool has(int64_t step) const {
    return step >= first_ &&
           step < first_ + static_cast<int64_t>(begins_.size()) - 1;
  }

  // Names u, x and last_spike under `prefix`.
  void VisitState(absl::string_view prefix, StateVisitor& v);

 private:
  double use_, tau_facil_, tau_rec_, dt_;
  Array<double> u_, x_;
  Array<int64_t> last_;
  int64_t first_ = 0;
  std::vector<size_t> begins_ = {0};
  std::vector<Real> factors_;
};

ComponentSpec TsodyksMarkramSpec();

extern template class ShortTermPlasticity<float>;
extern template class ShortTermPlasticity<double>;

}  // namespace engram
