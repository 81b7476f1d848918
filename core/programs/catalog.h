#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/programs/program.h"
#include "core/spec/component.h"
#include "core/spec/component_spec.h"
#include "core/spec/fault.h"

namespace engram {

class Resolver;

// A program's row of the catalog, how it is made, what it will need and which
// arrays it has (the paths that VisitState names), without making it.
struct ProgramRow {
  ComponentSpec spec;
  std::unique_ptr<Program> (*make)(const Component& root, uint64_t seed,
                                   Context context);
  Estimate (*estimate)(const Component& root);
  std::vector<std::string> (*arrays)(const Component& root);
  // What is wrong with what its slot `initial` reads, as far as the resolver
  // knows it before anything runs. Null: it reads nothing.
  void (*check_inputs)(const Component& root, const Resolver& resolver,
                       Faults& faults) = nullptr;
};

// One line a program.
const std::vector<ProgramRow>& ProgramRows();

ProgramRow AttractorRecallRow();
ProgramRow CapacityScanRow();
ProgramRow ChainFormationRow();
ProgramRow DynamicsAnalysisRow();
ProgramRow PatternRecallRow();
ProgramRow PlasticityProtocolRow();
ProgramRow SequenceLearningRow();
ProgramRow SolutionComparisonRow();
ProgramRow SpikesAgainstRatesRow();
ProgramRow SpikingNetworkRow();
ProgramRow SupervisedTrainingRow();

}  // namespace engram
