#pragma once

#include <cstdint>
#include <vector>

#include "core/tasks/stimulation_protocol.h"

namespace engram {

// The step nearest to a time.
int64_t StepAt(double time_ms, double dt);

// A few spikes of both sides, at times that may be negative [ms].
struct Motif {
  std::vector<double> pre, post;
};

// How far before its own zero a motif begins [ms], at least 0.
double LeadOf(const Motif& motif);

// When a motif comes: `groups` times, `group_period` apart, and in each group
// `count` times, `period` apart [ms].
struct Repetition {
  int64_t count = 1;
  double period = 0;
  int64_t groups = 1;
  double group_period = 0;
  double duration() const {
    return static_cast<double>(groups - 1) * group_period +
           static_cast<double>(count) * period;
  }
};

// The motif again and again, its zero first at `lead` ms. Steps are sorted; two
// spikes of one side may share one, which a protocol's check refuses.
SynapseStimulus Repeat(const Motif& motif, const Repetition& repetition,
                       double lead, double dt);

// One synapse a motif, at x[i], all with one lead.
StimulationProtocol RepeatEach(const std::vector<double>& x,
                               const std::vector<Motif>& motifs,
                               const Repetition& repetition, double dt);

}  // namespace engram
