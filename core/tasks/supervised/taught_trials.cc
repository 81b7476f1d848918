#include "core/tasks/supervised/taught_trials.h"

#include "core/spec/find_row.h"
#include "core/tasks/trials/trial_task.h"

namespace engram {
namespace {

constexpr const char* kFixationWeight = "fixation_weight";

TaskShape ShapeOfTrials(const TrialShape& shape) {
  return {.inputs = shape.channels,
          .outputs = shape.outputs,
          .has_classes = shape.has_actions,
          .has_choice = shape.has_choice};
}

class TaughtTrials final : public SupervisedTask {
 public:
  TaughtTrials(const Component& c, uint64_t seed)
      : training_(MakeTrialTask(c, seed, "training")),
        test_(MakeTrialTask(c, seed, "tests")),
        shape_(ShapeOfTrials(training_->shape())),
        fixation_weight_(c.parameters.contains(kFixationWeight)
                             ? c.Real(kFixationWeight)
                             : 0) {}

  const TaskShape& shape() const override { return shape_; }
  BatchLength Length(const Stage&, Part, int64_t) const override {
    return {training_->most_steps(), 0};
  }

  void Fill(const Stage&, const TrialAddress& a,
            const TrialView& view) const override {
    Trial trial(training_->shape());
    (a.part == Part::kTraining ? training_ : test_)->Draw(a.number, trial);
    for (int64_t t = 0; t < trial.steps(); ++t) {
      for (int64_t i = 0; i < shape_.inputs; ++i) {
        view.SetInput(i, t, trial.observation(i, t));
      }
      if (shape_.has_classes) {
        FillAction(trial, t, view);
      } else {
        FillNumbers(trial, t, view);
      }
    }
    for (int64_t t = trial.steps(); t < view.steps; ++t) view.SetWeight(t, 0);
  }

 private:
  void FillAction(const Trial& trial, int64_t t, const TrialView& view) const {
    view.SetLabel(0, t, trial.action(t));
    if (trial.is_asked(t)) return;
    view.SetWeight(t, fixation_weight_);
    view.SetJudged(t, false);
  }

  void FillNumbers(const Trial& trial, int64_t t, const TrialView& view) const {
    for (int64_t k = 0; k < shape_.outputs; ++k) {
      view.SetTarget(k, t, trial.wanted(k, t));
    }
    view.SetWeight(t, trial.weight(t));
  }

  std::unique_ptr<TrialTask> training_, test_;
  TaskShape shape_;
  double fixation_weight_;
};

// What a task promises does not depend on the seed.
std::unique_ptr<TrialTask> AnyOf(const Component& c) {
  return MakeTrialTask(c, 0, "shape");
}

SupervisedTaskRow Taught(const TrialTaskRow& trials) {
  SupervisedTaskRow row{
      .spec = trials.spec,
      .shape =
          [](const Component& c) { return ShapeOfTrials(AnyOf(c)->shape()); },
      .most_steps = [](const Component& c,
                       int64_t) { return AnyOf(c)->most_steps(); },
      .make = [](const Component& c,
                 uint64_t seed) -> std::unique_ptr<SupervisedTask> {
        return std::make_unique<TaughtTrials>(c, seed);
      }};
  if (trials.has_fixation) {
    row.spec.parameters.push_back(
        Real(kFixationWeight, "1", 1, 0, 1e6,
             "how much a step counts at which the answer is to fixate and none "
             "is asked, against 1 of a step at which one is"));
  }
  return row;
}

}  // namespace

std::vector<SupervisedTaskRow> TaughtTrialRows() {
  std::vector<SupervisedTaskRow> rows;
  for (const TrialTaskRow& trials : TrialTaskRows()) {
    rows.push_back(Taught(trials));
  }
  return rows;
}

}  // namespace engram
