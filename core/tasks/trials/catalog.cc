#include "core/spec/find_row.h"
#include "core/tasks/trials/trial_task.h"

namespace engram {

const std::vector<TrialTaskRow>& TrialTaskRows() {
  static const std::vector<TrialTaskRow> rows = {
      AntiReachRow(),
      ContextDecisionMakingRow(),
      DelayComparisonRow(),
      DelayMatchCategoryRow(),
      DelayMatchSampleDistractorRow(),
      DelayMatchSampleRow(),
      DelayPairedAssociationRow(),
      DelayedDiscriminationRow(),
      DualDelayMatchSampleRow(),
      EconomicDecisionMakingRow(),
      EvidenceAccumulationRow(),
      GoNogoRow(),
      IntervalDiscriminationRow(),
      MatchToCategoryRow(),
      MultiSensoryIntegrationRow(),
      PerceptualDecisionMakingDelayResponseRow(),
      PerceptualDecisionMakingRow(),
      PerceptualDiscriminationRow(),
      PoissonClicksRow(),
      PostDecisionWagerRow(),
      ProbabilisticReasoningRow(),
      PulseDecisionMakingRow(),
      ReadySetGoRow(),
      SineGenerationRow(),
  };
  return rows;
}

std::unique_ptr<TrialTask> MakeTrialTask(const Component& component,
                                         uint64_t seed,
                                         absl::string_view purpose) {
  return RowOf(TrialTaskRows(), component.type).make(component, seed, purpose);
}

}  // namespace engram
