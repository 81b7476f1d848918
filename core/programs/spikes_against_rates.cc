#include "core/programs/spikes_against_rates.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "core/analyses/block_structure.h"
#include "core/base/statistics.h"
#include "core/programs/state_array.h"
#include "core/rules/apply.h"
#include "core/tasks/catalog.h"

namespace engram {
namespace {

constexpr double kPerMs = 1e-3;  // of a rate in Hz

RuleShape ShapeOf(const Component& root) {
  return {.n_post = root.Integer("units"),
          .n_pre = root.Integer("units"),
          .dt = root.Real("dt"),
          .is_recurrent = true};
}

// The b of the least squares y = a + b x; empty when x does not vary.
std::optional<double> Slope(std::span<const double> x,
                            std::span<const double> y) {
  const double mean_x = *statistics::Mean(x), mean_y = *statistics::Mean(y);
  double covariance = 0, variance = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    covariance += (x[i] - mean_x) * (y[i] - mean_y);
    variance += (x[i] - mean_x) * (x[i] - mean_x);
  }
  if (!(variance > 0)) return std::nullopt;
  return covariance / variance;
}

Measured Or(const std::optional<double>& value, const char* reason) {
  return value ? Measured::Of(*value) : Measured::Absent(reason);
}

}  // namespace

SpikesAgainstRates::SpikesAgainstRates(const Component& root, uint64_t seed,
                                       Context context)
    : parallel_(context.parallel),
      units_(root.Integer("units")),
      dt_(root.Real("dt")),
      repetitions_(root.Integer("repetitions")),
      rate_in_(root.Real("rate_in") * kPerMs),
      rate_out_(root.Real("rate_out") * kPerMs),
      task_(MakeTask(root.Slot("task"), seed, units_, dt_)),
      spike_rule_(root.Slot("spike_rule"), ShapeOf(root)),
      rate_rule_(root.Slot("rate_rule"), ShapeOf(root)),
      random_(seed, root.path, "spikes"),
      trial_(1),
      spike_weights_(units_, units_),
      rate_weights_(units_, units_),
      input_(units_),
      rate_(units_),
      uniform_(units_) {
  spikes_.reserve(static_cast<size_t>(units_));
}

absl::StatusOr<Progress> SpikesAgainstRates::Advance(int64_t ticks,
                                                     Recorder& out,
                                                     std::stop_token stop) {
  ENGRAM_EXPECT(ticks >= 1);
  for (; ticks > 0 && !progress().finished; --ticks) {
    if (stop.stop_requested()) break;
    if (absl::Status status = Train(); !status.ok()) return status;
    ++trial_[0];
    Report(out);
  }
  return progress();
}

Progress SpikesAgainstRates::progress() const {
  return {.tick = trial_[0],
          .total = repetitions_,
          .finished = trial_[0] >= repetitions_};
}

absl::Status SpikesAgainstRates::Train() {
  const int64_t first = trial_[0] * task_->trial_steps();
  for (int64_t step = 0; step < task_->trial_steps(); ++step) {
    Fire(step, first + step);
    ApplyRuleUnsettled(
        spike_rule_, {.pre_spikes = spikes_, .post_spikes = spikes_, .dt = dt_},
        spike_weights_, parallel_);
    ApplyRuleUnsettled(rate_rule_,
                       {.pre = rate_.span(), .post = rate_.span(), .dt = dt_},
                       rate_weights_, parallel_);
  }
  Settle(spike_rule_, spike_weights_, parallel_);
  Settle(rate_rule_, rate_weights_, parallel_);
  for (const auto& [weights, name] :
       {std::pair{&spike_weights_, "spike_rule.weights"},
        std::pair{&rate_weights_, "rate_rule.weights"}}) {
    if (statistics::AllFinite(weights->span())) continue;
    return absl::OutOfRangeError(
        absl::StrCat(name, " is not finite after trial ", trial_[0] + 1,
                     " (step ", first + task_->trial_steps(),
                     "); smaller amplitudes of the rule may help"));
  }
  return absl::OkStatus();
}

void SpikesAgainstRates::Fire(int64_t step_of_trial, int64_t step) {
  task_->TrialInput(step_of_trial, input_.span());
  random_.Fill(step, uniform_.span());
  spikes_.clear();
  for (int64_t i = 0; i < units_; ++i) {
    rate_[i] = input_[i] > 0 ? rate_in_ : rate_out_;
    if (uniform_[i] < rate_[i] * dt_) {
      spikes_.push_back(static_cast<int32_t>(i));
    }
  }
}

void SpikesAgainstRates::Report(Recorder& out) {
  const Array<double> spikes = BlockMeans(spike_weights_, *task_);
  const Array<double> rates = BlockMeans(rate_weights_, *task_);
  const Measured correlation =
      Or(statistics::Correlation(rates.span(), spikes.span()),
         "one of the rules wrote the same weight between all items");
  const Measured slope =
      Or(Slope(rates.span(), spikes.span()),
         "the rule on rates wrote the same weight between all items");
  const double trial = static_cast<double>(trial_[0]);
  out.Point({"correlation", "1", "trial", "1"}, trial, correlation);
  out.Point({"slope", "1", "trial", "1"}, trial, slope);
  if (!progress().finished) return;
  out.Summary("block_correlation", "1", correlation);
  out.Summary("block_slope", "1", slope);
  out.Array("spike_blocks", -1, ViewOf(spikes, "1"));
  out.Array("rate_blocks", -1, ViewOf(rates, "1"));
}

void SpikesAgainstRates::VisitState(StateVisitor& v) {
  v.State("trial", StateOf(trial_, "1"));
  v.State("spike_rule.weights", StateOf(spike_weights_, "1"));
  spike_rule_.VisitState("spike_rule", v);
  v.State("rate_rule.weights", StateOf(rate_weights_, "1"));
  rate_rule_.VisitState("rate_rule", v);
}

}  // namespace engram
