#include "core/spiking/synapse_draw.h"

#include <algorithm>
#include <cmath>

namespace engram {
namespace {

ConnectivityShape WithSeed(ConnectivityShape shape, uint64_t seed) {
  shape.seed = seed;
  return shape;
}

std::unique_ptr<Distribution> DistributionIn(const Component& synapses,
                                             const char* slot) {
  const Component* drawn = synapses.Find(slot);
  return drawn == nullptr ? nullptr : MakeDistribution(*drawn);
}

}  // namespace

SynapseDraw::SynapseDraw(const PlannedSynapses& plan, double dt, uint64_t seed)
    : dt_(dt),
      weight_(plan.component->Real("weight")),
      delay_(plan.delay),
      connectivity_(MakeConnectivity(plan.component->Slot("connectivity"),
                                     WithSeed(plan.shape, seed))),
      weights_(DistributionIn(*plan.component, "weights")),
      delays_(DistributionIn(*plan.component, "delays")),
      random_weights_(seed, plan.component->path, "weights"),
      random_delays_(seed, plan.component->path, "delays") {}

void SynapseDraw::Row(int64_t row, SynapseRow& out) const {
  Units(row, out);
  const size_t size = out.units.size();
  out.weights.assign(size, weight_);
  out.delays.assign(size, static_cast<double>(delay_.lowest));
  if (weights_ != nullptr) weights_->Fill(random_weights_, row, out.weights);
  if (has_one_delay()) return;
  delays_->Fill(random_delays_, row, out.delays);
  for (double& delay : out.delays) {
    delay =
        std::clamp(std::round(delay / dt_), static_cast<double>(delay_.lowest),
                   static_cast<double>(delay_.highest));
  }
}

}  // namespace engram
