#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/programs/recorder.h"
#include "core/programs/weight_probes.h"
#include "core/spiking/network.h"
#include "core/spiking/recording.h"

namespace engram {

// Takes what is recorded out of a network while it advances, and hands it on.
// Holds nothing between ticks, so nothing of it is saved.
template <class Real>
class NetworkRecorder {
 public:
  // All of them outlive the recorder; the network's arrays stay where they are.
  NetworkRecorder(const NetworkPlan& plan, RecordingPlan recordings,
                  SpikingNetwork<Real>& network);

  // INVALID_ARGUMENT where something that is to be recorded does not exist.
  const absl::Status& status() const { return weights_.status(); }
  // How many steps to advance before the next sample is due, at most `most`.
  int64_t StepsToSample(int64_t most) const;
  // After each advance: gathers the spikes of the steps since `from`, and
  // writes the samples that are due.
  void Take(int64_t from, Recorder& out);
  // At the end of a tick that began at step `from`: tells the spikes gathered,
  // and begins anew.
  void Tell(int64_t from, Recorder& out);

  // Of each population, all spikes of the last tick.
  std::span<const int64_t> counts() const { return counts_; }

 private:
  struct Gathered {
    PopulationInfo info;
    std::vector<int64_t> steps{}, recorded_steps{};
    std::vector<int32_t> units{}, recorded_units{};
  };
  // One unit's quantity.
  struct Probe {
    SeriesInfo series;
    ElementType type = ElementType::kFloat64;
    const std::byte* value = nullptr;
    int64_t every = 1;
  };

  void AddProbes(const StateRecording& recording);
  void Sample(Recorder& out) const;

  const NetworkPlan& plan_;
  const RecordingPlan recordings_;
  SpikingNetwork<Real>& network_;
  std::vector<Gathered> gathered_;  // of each population
  std::vector<Probe> probes_;
  const WeightProbes<Real> weights_;
  std::vector<int64_t> counts_;
};

extern template class NetworkRecorder<float>;
extern template class NetworkRecorder<double>;

}  // namespace engram
