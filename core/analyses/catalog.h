#pragma once

#include <memory>
#include <vector>

#include "core/analyses/sequence_analysis.h"
#include "core/spec/component.h"
#include "core/spec/component_spec.h"

namespace engram {

// An analysis' row of the catalog and how it is made.
struct AnalysisRow {
  ComponentSpec spec;
  std::unique_ptr<SequenceAnalysis> (*make)(const Component& component);
};

// One line an analysis.
const std::vector<AnalysisRow>& AnalysisRows();

// Of a validated component; ContractViolation when its type has no row.
std::unique_ptr<SequenceAnalysis> MakeAnalysis(const Component& component);

AnalysisRow BranchingRow();
AnalysisRow RecallRow();
AnalysisRow WeightStructureRow();

}  // namespace engram
