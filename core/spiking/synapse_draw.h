#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/random.h"
#include "core/spiking/network_plan.h"

namespace engram {

// One row of a projection as it is drawn: of a presynaptic unit with its
// targets, or of a postsynaptic one with its sources.
struct SynapseRow {
  std::vector<int32_t> units;  // numbered over the selection, ascending
  std::vector<double> weights;
  std::vector<double> delays;  // [steps]
};

// Draws rows of a projection, any one alone, the same each time. Thread-safe.
class SynapseDraw {
 public:
  SynapseDraw(const PlannedSynapses& plan, double dt, uint64_t seed);

  bool is_by_target() const { return connectivity_->is_by_target(); }
  bool has_one_weight() const {
    return weights_ == nullptr && !has_own_weights_;
  }
  double weight() const { return weight_; }  // where all have one
  bool has_one_delay() const { return delay_.lowest == delay_.highest; }
  const DelayRange& delay() const { return delay_; }

  // Which units, without weights and delays.
  void Units(int64_t row, SynapseRow& out) const {
    connectivity_->Row(row, out.units);
  }
  void Row(int64_t row, SynapseRow& out) const;

 private:
  double dt_;
  double weight_;
  DelayRange delay_;
  std::unique_ptr<Connectivity> connectivity_;
  std::unique_ptr<Distribution> weights_, delays_;  // null: all have one
  RandomStream random_weights_, random_delays_;
  bool has_own_weights_;
};

}  // namespace engram
