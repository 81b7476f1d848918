#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/spiking/neuron_population.h"

namespace engram {

struct GivenSpike {
  int64_t step;
  int32_t unit;
  friend auto operator<=>(const GivenSpike&, const GivenSpike&) = default;
};

// Units that fire at given times, once or again after every period. A spike at
// time t is of the step that ends nearest to t. Nothing is kept between steps.
template <class Real>
class SpikeTimesGenerator final : public NeuronPopulation<Real> {
 public:
  SpikeTimesGenerator(const Component& c, const PopulationShape& shape);

  int64_t Step(int64_t step, int64_t begin, int64_t end,
               std::span<const Real* const> inputs, int32_t* spikes) override;
  void VisitState(absl::string_view prefix, StateVisitor& v) override;

 private:
  int64_t period_;                  // [steps]; 0: once
  bool fire_together_;              // spikes are those of the first unit
  std::vector<GivenSpike> spikes_;  // of one period, ascending
};

}  // namespace engram
