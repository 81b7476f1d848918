#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/analyses/sequence_analysis.h"
#include "core/analyses/system_analysis.h"
#include "core/spec/component.h"
#include "core/spec/component_spec.h"

namespace engram {

// What an analysis of a system cannot do without.
struct SystemNeeds {
  bool dynamics = false, weights = false, patterns = false;
  bool other_weights = false;  // of networks like it
  bool flow = false;           // in continuous time: no map
};

// An analysis' row of the catalog and how it is made: from what a run of a
// sequence program has learned, or from a system of n variables. One of the two
// is there.
struct AnalysisRow {
  ComponentSpec spec;
  std::unique_ptr<SequenceAnalysis> (*make)(const Component& component) =
      nullptr;
  std::unique_ptr<SystemAnalysis> (*make_system)(const Component& component,
                                                 uint64_t seed,
                                                 int64_t n) = nullptr;
  // SystemAnalysis::parts of one that may be large, without making it.
  int64_t (*parts)(const Component& component, int64_t n) = nullptr;
  SystemNeeds reads = {};
  // Names of the arrays of SystemAnalysis::VisitState.
  std::vector<std::string> state = {};
};

// One line an analysis.
const std::vector<AnalysisRow>& AnalysisRows();

// Of a validated component; ContractViolation when its type has no row. Null
// for a type that reads a system.
std::unique_ptr<SequenceAnalysis> MakeAnalysis(const Component& component);
// Null for a type that reads a recall.
std::unique_ptr<SystemAnalysis> MakeSystemAnalysis(const Component& component,
                                                   uint64_t seed, int64_t n);

AnalysisRow AttractorsRow();
AnalysisRow AutocorrelationRow();
AnalysisRow BranchingRow();
AnalysisRow DimensionalityRow();
AnalysisRow FixedPointsRow();
AnalysisRow MotifsRow();
AnalysisRow PhasePlaneRow();
AnalysisRow RecallRow();
AnalysisRow SimilarityRow();
AnalysisRow WeightOrderRow();
AnalysisRow WeightStructureRow();
AnalysisRow WeightSubspaceRow();

}  // namespace engram
