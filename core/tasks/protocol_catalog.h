#pragma once

#include <cstdint>
#include <vector>

#include "core/spec/component.h"
#include "core/spec/component_spec.h"
#include "core/tasks/stimulation_protocol.h"

namespace engram {

// How large a protocol is, told without making it.
struct ProtocolSize {
  double synapses = 0;
  double spikes = 0;       // of both sides of all synapses, expected
  double duration_ms = 0;  // of the longest
};

// A protocol's row of the catalog and how it is made on a grid of `dt` ms.
struct ProtocolRow {
  ComponentSpec spec;
  // Otherwise it gives rates alone, and a rule that reads spikes learns nothing
  // from it.
  bool gives_spikes = true;
  ProtocolSize (*size)(const Component& component);
  StimulationProtocol (*make)(const Component& component, uint64_t seed,
                              double dt);
};

// One line a protocol.
const std::vector<ProtocolRow>& ProtocolRows();

// Of a validated component; ContractViolation when its type has no row.
StimulationProtocol MakeProtocol(const Component& component, uint64_t seed,
                                 double dt);
ProtocolSize SizeOfProtocol(const Component& component);

ProtocolRow BurstsRow();
ProtocolRow DelayedRewardRow();
ProtocolRow PairingFrequencyRow();
ProtocolRow PairingsRow();
ProtocolRow PoissonTrainsRow();
ProtocolRow QuadrupletsRow();
ProtocolRow RateCoursesRow();
ProtocolRow SpikeTimesRow();
ProtocolRow SteadyRatesRow();
ProtocolRow TripletsRow();

}  // namespace engram
