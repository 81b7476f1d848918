#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/programs/network_analyses.h"
#include "core/programs/network_recorder.h"
#include "core/programs/program.h"
#include "core/spiking/circuits/circuit.h"
#include "core/spiking/network.h"

namespace engram {

// A network of spiking populations for a time. A tick is a stretch of
// simulated time whose length depends on the network's size alone
// (StepsOfTick).
template <class Real>
class SpikingNetworkProgram final : public Program {
 public:
  SpikingNetworkProgram(const Component& root, uint64_t seed, Context context);

  absl::StatusOr<Progress> Advance(int64_t ticks, Recorder& out,
                                   std::stop_token stop) override;
  void VisitState(StateVisitor& v) override;

 private:
  absl::Status Tick(Recorder& out);
  // Counts the tick's spikes. Rates above the bound, or a state that is not a
  // number.
  absl::Status FindExplosion(int64_t from);
  void Finish(Recorder& out);
  Progress progress() const;
  double MsOf(int64_t step) const {
    return static_cast<double>(step) * plan_.dt;
  }

  const std::vector<CircuitConstant> constants_;
  const Component root_;  // with the parts of its circuits
  const NetworkPlan plan_;
  const int64_t steps_of_tick_;
  const double highest_rate_;  // [Hz]
  SpikingNetwork<Real> network_;
  NetworkRecorder<Real> recorder_;
  NetworkAnalyses<Real> analyses_;
  Array<int64_t> spike_counts_;  // (populations) since the start
};

// Steps of a tick: 100 ms, or less where a tick would take long.
int64_t StepsOfTick(const NetworkPlan& plan);

extern template class SpikingNetworkProgram<float>;
extern template class SpikingNetworkProgram<double>;

}  // namespace engram
