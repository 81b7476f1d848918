#include "core/analyses/catalog.h"

#include "core/spec/find_row.h"

namespace engram {

const std::vector<AnalysisRow>& AnalysisRows() {
  static const std::vector<AnalysisRow> rows = {
      AttractorsRow(),     AutocorrelationRow(), BranchingRow(),
      DimensionalityRow(), FixedPointsRow(),     MotifsRow(),
      PhasePlaneRow(),     RecallRow(),          SimilarityRow(),
      WeightOrderRow(),    WeightStructureRow(), WeightSubspaceRow(),
  };
  return rows;
}

std::unique_ptr<SequenceAnalysis> MakeAnalysis(const Component& component) {
  const AnalysisRow& row = RowOf(AnalysisRows(), component.type);
  return row.make == nullptr ? nullptr : row.make(component);
}

std::unique_ptr<SystemAnalysis> MakeSystemAnalysis(const Component& component,
                                                   uint64_t seed, int64_t n) {
  const AnalysisRow& row = RowOf(AnalysisRows(), component.type);
  return row.make_system == nullptr ? nullptr
                                    : row.make_system(component, seed, n);
}

}  // namespace engram
