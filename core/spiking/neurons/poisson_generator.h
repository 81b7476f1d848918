#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/base/array.h"
#include "core/base/random.h"
#include "core/spiking/neuron_population.h"

namespace engram {

// Units that fire on their own, each with a constant rate between two times: in
// each step with probability rate dt. The gaps are geometric, and each takes
// one random number, whose address is the unit and the step of the spike.
template <class Real>
class PoissonGenerator final : public NeuronPopulation<Real> {
 public:
  PoissonGenerator(const Component& c, const PopulationShape& shape);

  int64_t Step(int64_t step, int64_t begin, int64_t end,
               std::span<const Real* const> inputs, int32_t* spikes) override;
  void VisitState(absl::string_view prefix, StateVisitor& v) override;

 private:
  // Steps from one spike of a unit to the next.
  int64_t Gap(int64_t unit, double uniform) const;

  RandomStream random_;
  int64_t stop_;               // no spike from this step on
  std::vector<double> scale_;  // 1 / log(1 - p) of all units, or of each
  Array<int64_t> next_;        // step of the next spike
};

}  // namespace engram
