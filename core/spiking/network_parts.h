#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/parallel.h"
#include "core/spiking/input_ring.h"
#include "core/spiking/network_plan.h"
#include "core/spiking/plasticity/plastic_projection.h"
#include "core/spiking/projection.h"

namespace engram {

// A stimulus on one receptor of some units of a population.
template <class Real>
struct DrivenReceptor {
  std::unique_ptr<Stimulus<Real>> stimulus;
  int receptor = 0;
  int64_t begin = 0, end = 0;  // units of the population
};

// What a network is built of. Projections point to rings and to arrays of
// populations, so it is moved, and never copied.
template <class Real>
struct NetworkParts {
  std::vector<std::unique_ptr<NeuronPopulation<Real>>> populations;
  std::vector<std::vector<InputRing<Real>>> rings;  // population, receptor
  std::vector<Projection<Real>> projections;
  std::vector<std::unique_ptr<PlasticProjection<Real>>> plastic;
  // Of each population: those of `plastic` that read its units' potentials.
  std::vector<std::vector<PlasticProjection<Real>*>> readers;
  std::vector<std::unique_ptr<Modulator>> modulators;
  std::vector<std::vector<DrivenReceptor<Real>>> drives;  // of each population
};

// `plan` and the tree that it points into outlive the parts.
template <class Real>
NetworkParts<Real> BuildNetwork(const NetworkPlan& plan, uint64_t seed,
                                Parallel& parallel);

extern template NetworkParts<float> BuildNetwork(const NetworkPlan&, uint64_t,
                                                 Parallel&);
extern template NetworkParts<double> BuildNetwork(const NetworkPlan&, uint64_t,
                                                  Parallel&);

}  // namespace engram
