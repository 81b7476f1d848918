#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "core/analyses/systems/system.h"
#include "core/programs/program.h"
#include "core/spec/component.h"
#include "core/spec/component_spec.h"
#include "core/spec/fault.h"

namespace engram {

class Resolver;

// A system's row of the catalog, how it is made, and what is known of it before
// anything is read.
struct SystemRow {
  ComponentSpec spec;
  // INVALID_ARGUMENT for an input that does not fit.
  absl::StatusOr<System> (*make)(const Component& component,
                                 const Inputs& inputs) = nullptr;
  int64_t (*size)(const Component& component) = nullptr;  // variables
  bool (*has_weights)(const Component& component) = nullptr;
  bool (*has_patterns)(const Component& component) = nullptr;
  // What is wrong with its inputs, as far as the resolver knows them before
  // anything runs. Null: it has none.
  void (*check_inputs)(const Component& component, const Resolver& resolver,
                       Faults& faults) = nullptr;
};

// One line a system.
const std::vector<SystemRow>& SystemRows();

// Of a validated component; ContractViolation when its type has no row.
const SystemRow& SystemRowOf(const Component& component);

SystemRow ItemMeanFieldRow();
SystemRow PatternOverlapsRow();
SystemRow RatePopulationsRow();
SystemRow StoredNetworkRow();
SystemRow TrainedNetworkRow();
SystemRow TwoItemsRow();

}  // namespace engram
