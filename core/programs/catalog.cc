#include "core/programs/catalog.h"

namespace engram {

const std::vector<ProgramRow>& ProgramRows() {
  static const std::vector<ProgramRow> rows = {
      AttractorRecallRow(),  CapacityScanRow(),       ChainFormationRow(),
      DynamicsAnalysisRow(), PatternRecallRow(),      PlasticityProtocolRow(),
      SequenceLearningRow(), SolutionComparisonRow(), SpikesAgainstRatesRow(),
      SpikingNetworkRow(),   SupervisedTrainingRow(),
  };
  return rows;
}

}  // namespace engram
