#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/spec/component.h"
#include "core/spec/component_spec.h"
#include "core/tasks/trials/trial.h"

namespace engram {

// Draws trials of a task, one by one and each for itself.
class TrialTask {
 public:
  virtual ~TrialTask() = default;
  virtual const TrialShape& shape() const = 0;
  // Of the longest trial.
  virtual int64_t most_steps() const = 0;
  // Trial `number`: a function of seed, purpose and number. `trial` is new.
  // Thread-safe.
  virtual void Draw(int64_t number, Trial& trial) const = 0;
};

// `purpose` says what trials are for ("training"): those for another purpose
// are others.
struct TrialTaskRow {
  ComponentSpec spec;
  std::unique_ptr<TrialTask> (*make)(const Component& component, uint64_t seed,
                                     absl::string_view purpose) = nullptr;
  // Where nothing is asked the right action is to fixate, not anything.
  bool has_fixation = false;
};

// One line a task.
const std::vector<TrialTaskRow>& TrialTaskRows();
std::unique_ptr<TrialTask> MakeTrialTask(const Component& component,
                                         uint64_t seed,
                                         absl::string_view purpose);

TrialTaskRow AntiReachRow();
TrialTaskRow ContextDecisionMakingRow();
TrialTaskRow DelayComparisonRow();
TrialTaskRow DelayMatchCategoryRow();
TrialTaskRow DelayMatchSampleDistractorRow();
TrialTaskRow DelayMatchSampleRow();
TrialTaskRow DelayPairedAssociationRow();
TrialTaskRow DelayedDiscriminationRow();
TrialTaskRow DualDelayMatchSampleRow();
TrialTaskRow EconomicDecisionMakingRow();
TrialTaskRow EvidenceAccumulationRow();
TrialTaskRow GoNogoRow();
TrialTaskRow IntervalDiscriminationRow();
TrialTaskRow MatchToCategoryRow();
TrialTaskRow MultiSensoryIntegrationRow();
TrialTaskRow PerceptualDecisionMakingDelayResponseRow();
TrialTaskRow PerceptualDecisionMakingRow();
TrialTaskRow PerceptualDiscriminationRow();
TrialTaskRow PoissonClicksRow();
TrialTaskRow PostDecisionWagerRow();
TrialTaskRow ProbabilisticReasoningRow();
TrialTaskRow PulseDecisionMakingRow();
TrialTaskRow ReadySetGoRow();
TrialTaskRow SineGenerationRow();

}  // namespace engram
