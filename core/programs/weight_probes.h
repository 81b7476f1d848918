#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "core/programs/recorder.h"
#include "core/spiking/network.h"
#include "core/spiking/recording.h"

namespace engram {

// Weights of single synapses, sampled while a network advances: as they are at
// the sample's step, with all spikes before it seen by the rule. Looking
// changes no bit. A sample costs as much as its presynaptic units have
// synapses.
template <class Real>
class WeightProbes {
 public:
  // All of them outlive the probes. A synapse that two recordings name is taken
  // at the interval of the first.
  WeightProbes(const NetworkPlan& plan,
               const std::vector<WeightRecording>& recordings,
               const SpikingNetwork<Real>& network);

  // INVALID_ARGUMENT where a synapse that is to be recorded does not exist.
  const absl::Status& status() const { return status_; }
  // Steps until the next sample is due, at most `most`.
  int64_t StepsToSample(int64_t step, int64_t most) const;
  // Writes the samples that are due at `step`.
  void Sample(int64_t step, Recorder& out) const;

 private:
  // A synapse as ForSynapsesOf visits it: the `place`-th of its unit.
  struct Found {
    const PlasticProjection<Real>* piece;
    int32_t pre;
    int64_t place, post, delay;  // post: over the projection's `to`
  };
  // Synapses of one presynaptic unit in one piece of a projection.
  struct Probe {
    const PlasticProjection<Real>* piece = nullptr;
    int32_t pre = 0;
    int64_t every = 1;
    std::vector<std::pair<int64_t, SeriesInfo>> series{};  // by place
  };

  void Add(const WeightRecording& recording,
           const SpikingNetwork<Real>& network);
  void AddSeries(const Found& found, int64_t every, SeriesInfo series);

  const NetworkPlan& plan_;
  absl::Status status_;
  std::vector<Probe> probes_;
};

extern template class WeightProbes<float>;
extern template class WeightProbes<double>;

}  // namespace engram
