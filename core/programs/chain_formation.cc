#include "core/programs/chain_formation.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "core/analyses/chain_structure.h"
#include "core/base/statistics.h"
#include "core/programs/state_array.h"
#include "core/rules/apply.h"

namespace engram {
namespace {

double LargestRowSum(const Array<double>& w) {
  double largest = 0;
  for (int64_t i = 0; i < w.rows(); ++i) {
    double sum = 0;
    for (int64_t j = 0; j < w.cols(); ++j) sum += w(i, j);
    largest = std::max(largest, sum);
  }
  return largest;
}

double MeanLength(const ChainStructure& found) {
  double sum = 0;
  for (const auto* lengths : {&found.loops, &found.chains}) {
    for (int64_t length : *lengths) sum += static_cast<double>(length);
  }
  return sum / static_cast<double>(found.loops.size() + found.chains.size());
}

// How many there are of each length.
void WriteLengths(const char* name, const std::vector<int64_t>& lengths,
                  int64_t longest, Recorder& out) {
  std::map<int64_t, int64_t> count;
  for (int64_t length : lengths) ++count[length];
  for (int64_t length = 1; length <= longest; ++length) {
    out.Point({name, "1", "length", "1"}, static_cast<double>(length),
              Measured::Of(static_cast<double>(count[length])));
  }
}

}  // namespace

ChainFormation::ChainFormation(const Component& root, uint64_t seed,
                               Context context)
    : parallel_(context.parallel),
      network_(root.Slot("network"), seed),
      rule_(
          MakePlasticity<double>(root.Slot("rule"), {.n_post = network_.units(),
                                                     .n_pre = network_.units(),
                                                     .dt = network_.dt(),
                                                     .is_recurrent = true})),
      steps_(root.Integer("steps")),
      strong_above_(root.Real("strong_above")),
      step_(1),
      weights_(network_.units(), network_.units()),
      activity_(network_.units()),
      field_(network_.units()),
      input_(network_.units()) {}

Progress ChainFormation::progress() const {
  return {.tick = (step_[0] + kStepsPerTick - 1) / kStepsPerTick,
          .total = (steps_ + kStepsPerTick - 1) / kStepsPerTick,
          .finished = step_[0] == steps_};
}

absl::StatusOr<Progress> ChainFormation::Advance(int64_t ticks, Recorder& out,
                                                 std::stop_token stop) {
  ENGRAM_EXPECT(ticks >= 1);
  for (; ticks > 0 && step_[0] < steps_; --ticks) {
    if (stop.stop_requested()) break;
    if (absl::Status status = Tick(out); !status.ok()) return status;
    if (step_[0] == steps_) Finish(out);
  }
  return progress();
}

absl::Status ChainFormation::Tick(Recorder& out) {
  const int64_t end = std::min(step_[0] + kStepsPerTick, steps_);
  const int64_t steps = end - step_[0];
  const Signals<double> signals{
      .pre = activity_.span(), .post = activity_.span(), .dt = network_.dt()};
  double active = 0;
  for (; step_[0] < end; ++step_[0]) {
    network_.Step(weights_, step_[0], activity_.span(), field_.span(),
                  input_.span());
    ApplyRule(*rule_, signals, weights_, parallel_);
    active += statistics::Sum(activity_.span());
  }
  if (!statistics::AllFinite(weights_.span())) {
    return absl::OutOfRangeError(
        absl::StrCat("rule.weights is not finite at step ", step_[0],
                     "; a smaller rule.eta or rule.bounds may help"));
  }
  Report(active / static_cast<double>(steps), out);
  return absl::OkStatus();
}

void ChainFormation::Report(double active, Recorder& out) const {
  const ChainStructure found = FindChains(weights_, strong_above_);
  const auto point = [&](const char* name, double value) {
    out.Point({name, "1", "step", "1"}, static_cast<double>(step_[0]),
              Measured::Of(value));
  };
  point("active_units", active);
  point("single_rows", static_cast<double>(found.single_rows));
  point("single_columns", static_cast<double>(found.single_columns));
  point("longest", static_cast<double>(found.longest()));
}

void ChainFormation::Finish(Recorder& out) const {
  const ChainStructure found = FindChains(weights_, strong_above_);
  const auto summary = [&](const char* name, double value) {
    out.Summary(name, "1", Measured::Of(value));
  };
  summary("single_rows", static_cast<double>(found.single_rows));
  summary("single_columns", static_cast<double>(found.single_columns));
  summary("longest", static_cast<double>(found.longest()));
  summary("loops", static_cast<double>(found.loops.size()));
  summary("chains", static_cast<double>(found.chains.size()));
  summary("largest_weight", statistics::LargestMagnitude(weights_.span()));
  summary("largest_row_sum", LargestRowSum(weights_));
  out.Summary("mean_length", "1",
              found.longest() > 0
                  ? Measured::Of(MeanLength(found))
                  : Measured::Absent("there is neither a chain nor a loop"));
  WriteLengths("loops_of_length", found.loops, network_.units(), out);
  WriteLengths("chains_of_length", found.chains, network_.units(), out);
}

void ChainFormation::VisitState(StateVisitor& v) {
  v.State("step", StateOf(step_, "1"));
  v.State("network.state", StateOf(activity_, "1"));
  v.State("rule.weights", StateOf(weights_, "1"));
  rule_->VisitState("rule", v);
}

}  // namespace engram
