#include "core/analyses/training/driven_network.h"

#include <algorithm>

#include "core/programs/state_array.h"

namespace engram {
namespace {

constexpr int64_t kStepsOfAPart = 1000;

int64_t AllSteps(const Component& analysis) {
  return analysis.Integer("burn_in") + analysis.Integer("steps");
}

}  // namespace

template <class Real>
DrivenNetwork<Real>::DrivenNetwork(const TrainedSubject& subject)
    : trials_(subject.analysis.Integer("trials")),
      burn_in_(subject.analysis.Integer("burn_in")),
      all_steps_(AllSteps(subject.analysis)),
      hold_(subject.analysis.Integer("hold")),
      units_(subject.units),
      low_(subject.analysis.Real("low")),
      shares_(subject.seed, subject.analysis.path, "shares of ones"),
      bits_(subject.seed, subject.analysis.path, "bits"),
      state_(subject.state_size, trials_) {}

template <class Real>
void DrivenNetwork<Real>::Fill(const TrainedState<Real>& trained, int64_t begin,
                               int64_t end) {
  const TaskShape& shape = trained.task.shape();
  block_.part = Part::kTest;
  block_.samples = block_.batch_samples = trials_;
  block_.steps = end - begin;
  block_.first_scored = block_.steps - 1;
  block_.first_trial = kTrialsOfAnalyses;
  block_.hold = hold_;
  Resize(shape.inputs, shape.outputs, block_);
  for (int64_t trial = 0; trial < trials_; ++trial) {
    const TrialView view = ViewOfTrial(block_, trial);
    for (int64_t input = 0; input < shape.inputs; ++input) {
      const int64_t element = trial * shape.inputs + input;
      const double share = shares_.Uniform(element, 0);
      for (int64_t step = begin; step < end; ++step) {
        const bool one = bits_.Uniform(element, step / hold_) < share;
        view.SetInput(input, step - begin, one ? 1 : low_);
      }
    }
  }
}

template <class Real>
void DrivenNetwork<Real>::RunPart(const TrainedState<Real>& trained,
                                  int64_t part) {
  part_begin_ = part * kStepsOfAPart;
  end_ = std::min(part_begin_ + kStepsOfAPart, all_steps_);
  begin_ = std::min(std::max(part_begin_, burn_in_), end_);
  Fill(trained, part_begin_, end_);
  trained.network.Resize(block_, pass_);
  if (part == 0) {
    trained.network.DrawState(block_, pass_);
  } else {
    trained.network.LoadState(state_.data(), pass_);
  }
  trained.network.Forward(trained.parameters, block_, pass_);
  trained.network.SaveState(pass_, state_.data());
}

template <class Real>
void DrivenNetwork<Real>::CopyActivity(int64_t unit, int64_t trial,
                                       double* activity) const {
  const Real* outputs = pass_.courses.back().outputs.data();
  for (int64_t t = begin_; t < end_; ++t) {
    const int64_t column = (t - part_begin_ + 1) * trials_ + trial;
    *activity++ = static_cast<double>(outputs[column * units_ + unit]);
  }
}

template <class Real>
void DrivenNetwork<Real>::VisitState(const std::string& path, StateVisitor& v) {
  v.State(path + ".network_state", StateOf(state_, "1"));
}

template class DrivenNetwork<float>;
template class DrivenNetwork<double>;

std::vector<ParameterSpec> DriveParameters(int64_t steps) {
  return {Integer("trials", 10, 1, 10000, "that run side by side"),
          Integer("steps", steps, 2, 100000000, "of a trial that count"),
          Integer("burn_in", 500, 0, 1000000, "steps before them"),
          Real("low", "1", 0, -10, 10, "input of a bit that is 0; a one is 1"),
          Integer("hold", 1, 1, 1000, "steps that a bit lasts")};
}

int64_t PartsOfDrive(const Component& analysis) {
  return (AllSteps(analysis) + kStepsOfAPart - 1) / kStepsOfAPart;
}

double ColumnsOfDrive(const Component& analysis) {
  return static_cast<double>(AllSteps(analysis) * analysis.Integer("trials"));
}

std::string DriveEquation() {
  return "inputs are random bits, 1 with a chance p ~ U(0, 1) that each trial "
         "draws";
}

}  // namespace engram
