#pragma once

#include <cstdint>

#include "core/analyses/dynamics/dynamics.h"
#include "core/analyses/dynamics/flow.h"
#include "core/analyses/system_analysis.h"
#include "core/base/random.h"
#include "core/spec/component.h"
#include "core/spec/component_spec.h"

namespace engram {

// Where searches and trajectories begin: state `i` is drawn in a box and
// followed for a random while, so that it lies on a trajectory.
//
//   with patterns      x = sum_k c_k xi^k + 0.05 eta
//   without            x_i = c_i
//
// c is uniform in [low, high] and eta standard normal: patterns span what a
// network does far better than states that are random unit by unit.
class Starts {
 public:
  // Reads low, high and longest of a component that has BoxParameters.
  explicit Starts(const Component& component, uint64_t seed);

  // State `index` into p.x; `flow` may be used from one thread at a time.
  void Draw(const SystemSubject& subject, int64_t index, Flow& flow,
            DynamicsPoint& p) const;

 private:
  double low_, high_;  // [1]
  double longest_;     // [time constants]
  RandomStream box_, jitter_, duration_;
};

// Step of deterministic trajectories [time constants].
inline constexpr double kFlowStep = 0.05;

// low, high and longest, the last with this default.
std::vector<ParameterSpec> BoxParameters(double longest);
// Adds a fault when the box is empty.
void CheckBox(const Component& self, Faults& faults);

}  // namespace engram
