#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/analyses/training/trained_analysis.h"

namespace engram {

// One line an analysis of trained networks.
const std::vector<TrainedAnalysisRow>& TrainedAnalysisRows();

// For the check of a program: adds faults for analyses that its network or task
// has nothing for.
void CheckTrainedAnalyses(const Component& root, Faults& faults);

// Where the arrays of an analysis lie among those of its program.
std::string StatePathOfTrained(const Component& analysis);
std::vector<std::string> ArraysOfTrainedAnalyses(const Component& root);

// The analyses of a program's slot: their parts, one after the other.
template <class Real>
class TrainedAnalyses {
 public:
  TrainedAnalyses(const Component& root, const TrainedNetwork<Real>& network,
                  uint64_t seed, Parallel& parallel);

  int64_t parts() const { return parts_; }
  // Part `part` of all; an analysis reports after its own last one.
  void RunPart(const TrainedState<Real>& trained, int64_t part, Recorder& out);
  void VisitState(StateVisitor& v);

 private:
  struct Entry {
    const Component* component;
    int64_t begin, end;  // its parts
    std::unique_ptr<TrainedAnalysis<Real>> analysis;
  };

  std::vector<Entry> entries_;
  int64_t parts_ = 0;
};

extern template class TrainedAnalyses<float>;
extern template class TrainedAnalyses<double>;

// Parts of all analyses of a program, without making them.
int64_t PartsOfTrainedAnalyses(const Component& root);

TrainedAnalysisRow AblationRow();
TrainedAnalysisRow ActivityDimensionalityRow();
TrainedAnalysisRow EiTuningRow();
TrainedAnalysisRow GateStatisticsRow();
TrainedAnalysisRow GeneralisationRow();
TrainedAnalysisRow GradientFlowRow();
TrainedAnalysisRow NetworkTimescalesRow();
TrainedAnalysisRow PerturbationRow();
TrainedAnalysisRow RetrainingRow();
TrainedAnalysisRow TimeConstantsRow();

}  // namespace engram
