#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/parallel.h"
#include "core/networks/rate_network.h"
#include "core/spec/component.h"
#include "core/spec/component_spec.h"

namespace engram {

// A rate network's row of the catalog and how it is made.
struct NetworkRow {
  ComponentSpec spec;
  std::unique_ptr<RateNetwork> (*make)(const Component& component,
                                       uint64_t seed, Parallel& parallel);
};

// One line a rate network; an explicit table, because a linker drops objects
// that register themselves from a static library.
const std::vector<NetworkRow>& NetworkRows();

// Of a validated component; ContractViolation when its type has no row.
std::unique_ptr<RateNetwork> MakeNetwork(const Component& component,
                                         uint64_t seed, Parallel& parallel);

NetworkRow RateRnnRow();
NetworkRow SparseRateRnnRow();

// Networks whose weights store patterns or grow by themselves; each is made by
// the programs that run it.
std::vector<ComponentSpec> AssociativeNetworkSpecs();

}  // namespace engram
