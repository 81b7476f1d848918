#include "core/tasks/motif.h"

#include <algorithm>
#include <cmath>

#include "core/base/contract.h"

namespace engram {
namespace {

double Earliest(const std::vector<double>& times) {
  return times.empty() ? 0.0 : *std::ranges::min_element(times);
}

double Latest(const std::vector<double>& times) {
  return times.empty() ? 0.0 : *std::ranges::max_element(times);
}

}  // namespace

int64_t StepAt(double time_ms, double dt) {
  return static_cast<int64_t>(std::llround(time_ms / dt));
}

double LeadOf(const Motif& motif) {
  return std::max(0.0, -std::min(Earliest(motif.pre), Earliest(motif.post)));
}

SynapseStimulus Repeat(const Motif& motif, const Repetition& repetition,
                       double lead, double dt) {
  SynapseStimulus stimulus;
  for (int64_t g = 0; g < repetition.groups; ++g) {
    for (int64_t k = 0; k < repetition.count; ++k) {
      const int64_t zero =
          StepAt(lead, dt) +
          StepAt(static_cast<double>(g) * repetition.group_period +
                     static_cast<double>(k) * repetition.period,
                 dt);
      for (double t : motif.pre) stimulus.pre.push_back(zero + StepAt(t, dt));
      for (double t : motif.post) stimulus.post.push_back(zero + StepAt(t, dt));
    }
  }
  std::ranges::sort(stimulus.pre);
  std::ranges::sort(stimulus.post);
  return stimulus;
}

StimulationProtocol RepeatEach(const std::vector<double>& x,
                               const std::vector<Motif>& motifs,
                               const Repetition& repetition, double dt) {
  ENGRAM_EXPECT(x.size() == motifs.size());
  StimulationProtocol protocol;
  double lead = 0, tail = 0;
  for (const Motif& motif : motifs) {
    lead = std::max(lead, LeadOf(motif));
    tail = std::max({tail, Latest(motif.pre), Latest(motif.post)});
  }
  for (size_t i = 0; i < x.size(); ++i) {
    protocol.points.push_back(
        {x[i], {Repeat(motifs[i], repetition, lead, dt)}});
  }
  protocol.steps =
      StepAt(lead, dt) +
      StepAt(std::max(repetition.duration(),
                      repetition.duration() - repetition.period + tail),
             dt) +
      1;
  return protocol;
}

}  // namespace engram
