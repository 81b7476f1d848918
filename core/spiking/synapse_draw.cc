#include "core/spiking/synapse_draw.h"

#include <algorithm>
#include <cmath>

#include "core/spec/find_row.h"

namespace engram {
namespace {

ConnectivityShape WithSeed(ConnectivityShape shape, uint64_t seed) {
  shape.seed = seed;
  return shape;
}

bool HasOwnWeights(const PlannedSynapses& plan) {
  const Component& c = plan.component->Slot("connectivity");
  return HasOwn(c, RowOf(ConnectivityRows(), c.type).own_weights);
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
      random_delays_(seed, plan.component->path, "delays"),
      has_own_weights_(HasOwnWeights(plan)) {
  // One number for all is not stored a synapse.
  if (weights_ != nullptr && weights_->lowest() == weights_->highest()) {
    weight_ = weights_->lowest();
    weights_.reset();
  }
}

void SynapseDraw::Row(int64_t row, SynapseRow& out) const {
  Units(row, out);
  const size_t size = out.units.size();
  out.weights.assign(size, weight_);
  out.delays.assign(size, static_cast<double>(delay_.lowest));
  if (has_own_weights_) {
    std::ranges::copy(connectivity_->WeightsOf(row), out.weights.begin());
  } else if (weights_ != nullptr) {
    weights_->Fill(random_weights_, row, out.weights);
  }
  if (has_one_delay()) return;
  if (delays_ == nullptr) {
    std::ranges::copy(connectivity_->DelaysOf(row), out.delays.begin());
  } else {
    delays_->Fill(random_delays_, row, out.delays);
  }
  for (double& delay : out.delays) {
    delay =
        std::clamp(std::round(delay / dt_), static_cast<double>(delay_.lowest),
                   static_cast<double>(delay_.highest));
  }
}

}  // namespace engram
