#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/base/random.h"
#include "core/spiking/neuron_population.h"

namespace engram {

// Units that fire at random with rates that come as patterns, one after the
// other and round again, each for the same time. A step's random number has the
// address (unit, step); nothing is kept between steps.
template <class Real>
class RatePatternGenerator final : public NeuronPopulation<Real> {
 public:
  RatePatternGenerator(const Component& c, const PopulationShape& shape);

  int64_t Step(int64_t step, int64_t begin, int64_t end,
               std::span<const Real* const> inputs, int32_t* spikes) override;
  void VisitState(absl::string_view prefix, StateVisitor& v) override;

 private:
  RandomStream random_;
  int64_t shown_;                            // steps of a pattern
  std::vector<std::vector<double>> chance_;  // (patterns, units)
};

}  // namespace engram
