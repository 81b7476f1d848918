#include "core/analyses/catalog.h"

#include "core/spec/find_row.h"

namespace engram {

const std::vector<AnalysisRow>& AnalysisRows() {
  static const std::vector<AnalysisRow> rows = {
      BranchingRow(),
      RecallRow(),
      WeightStructureRow(),
  };
  return rows;
}

std::unique_ptr<SequenceAnalysis> MakeAnalysis(const Component& component) {
  return RowOf(AnalysisRows(), component.type).make(component);
}

}  // namespace engram
