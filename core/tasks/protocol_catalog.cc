#include "core/tasks/protocol_catalog.h"

#include "core/spec/find_row.h"

namespace engram {

const std::vector<ProtocolRow>& ProtocolRows() {
  static const std::vector<ProtocolRow> rows = {
      BurstsRow(),      DelayedRewardRow(), PairingFrequencyRow(),
      PairingsRow(),    PoissonTrainsRow(), QuadrupletsRow(),
      RateCoursesRow(), SpikeTimesRow(),    SteadyRatesRow(),
      TripletsRow(),
  };
  return rows;
}

StimulationProtocol MakeProtocol(const Component& component, uint64_t seed,
                                 double dt) {
  return RowOf(ProtocolRows(), component.type).make(component, seed, dt);
}

ProtocolSize SizeOfProtocol(const Component& component) {
  return RowOf(ProtocolRows(), component.type).size(component);
}

}  // namespace engram
