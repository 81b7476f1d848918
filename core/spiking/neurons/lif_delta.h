#pragma once

#include <cstdint>
#include <span>

#include "absl/strings/string_view.h"
#include "core/base/array.h"
#include "core/spiking/neuron_population.h"
#include "core/spiking/neurons/held_steps.h"
#include "core/spiking/neurons/lif_membrane.h"

namespace engram {

// Leaky integrate-and-fire with input that moves the potential at once.
//
//   tau_m v' = -(v - e_l) + (tau_m / c_m) I,   v <- v + w at an input
//   v >= v_th: v <- v_reset for t_ref; input in that time is lost
//
// Exact between inputs. A step is decay, input, threshold; with `order`
// threshold_first, decay, threshold, and then the input, which a unit that just
// fired loses.
template <class Real>
class LifDelta final : public NeuronPopulation<Real> {
 public:
  LifDelta(const Component& c, const PopulationShape& shape);

  int64_t Step(int64_t step, int64_t begin, int64_t end,
               std::span<const Real* const> inputs, int32_t* spikes) override;
  void VisitState(absl::string_view prefix, StateVisitor& v) override;

 private:
  template <class Count>
  int64_t StepUnits(int64_t begin, int64_t end,
                    std::span<const Real* const> inputs, Count* counts,
                    int32_t* spikes);
  // The input of a step after its test of the threshold.
  template <class Count>
  static void TakeInput(const Real* input, const Count* left, int64_t n,
                        Real* v);

  LifMembrane membrane_;
  Real decay_, gain_;  // of v - e_l; of a current [mV/pA]
  bool is_threshold_first_;
  Array<Real> v_;
  HeldSteps left_;
};

}  // namespace engram
