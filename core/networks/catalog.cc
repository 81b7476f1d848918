#include "core/networks/catalog.h"

#include "core/networks/binary_network.h"
#include "core/networks/chain_network.h"
#include "core/networks/pattern_network.h"
#include "core/spec/find_row.h"

namespace engram {

const std::vector<NetworkRow>& NetworkRows() {
  static const std::vector<NetworkRow> rows = {
      RateRnnRow(),
      SparseRateRnnRow(),
  };
  return rows;
}

std::unique_ptr<RateNetwork> MakeNetwork(const Component& component,
                                         uint64_t seed, Parallel& parallel) {
  return RowOf(NetworkRows(), component.type).make(component, seed, parallel);
}

std::vector<ComponentSpec> AssociativeNetworkSpecs() {
  return {
      BinaryNetworkSpec(),
      ChainNetworkSpec(),
      PatternNetworkSpec(),
  };
}

}  // namespace engram
