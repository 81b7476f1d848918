#include "core/programs/attractor_recall.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/base/statistics.h"
#include "core/programs/state_array.h"
#include "core/rules/apply.h"

namespace engram {
namespace {

// Cues, and behind them applications of the rule, are told apart in the
// addresses of their randomness: the steps of one stay below this. A cue's are
// the same before and after learning.
constexpr int64_t kStepsOfOneTick = int64_t{1} << 32;
constexpr double kRetrieved = 0.9;  // [1], an overlap that counts as recall

}  // namespace

AttractorRecall::AttractorRecall(const Component& root, uint64_t seed,
                                 Context context)
    : parallel_(context.parallel),
      protocol_(root),
      network_(root.Slot("network"), seed, parallel_),
      patterns_(root.Integer("patterns"), network_.units(),
                RandomStream(seed, root.path, "patterns")),
      recall_(protocol_, network_.units(), seed, root.path),
      cues_(root.Integer("cues")),
      rule_steps_(root.Integer("rule_steps")),
      tick_(1) {
  if (const Component* rule = root.Find("rule")) {
    rule_ = MakePlasticity<double>(*rule, {.n_post = network_.units(),
                                           .n_pre = network_.units(),
                                           .dt = 1,
                                           .is_recurrent = true});
  }
  if (cues_ == 0) cues_ = patterns_.count();
  overlaps_ = Array<double>(cues_);
  before_ = Array<double>(cues_);
  courses_ = Array<double>(protocol_.steps, cues_);
  network_.Store(patterns_, protocol_.storage);
}

int64_t AttractorRecall::total() const {
  return is_plastic() ? 2 * cues_ + rule_steps_ : cues_;
}

Progress AttractorRecall::progress() const {
  return {.tick = tick_[0], .total = total(), .finished = tick_[0] == total()};
}

absl::StatusOr<Progress> AttractorRecall::Advance(int64_t ticks, Recorder& out,
                                                  std::stop_token stop) {
  ENGRAM_EXPECT(ticks >= 1);
  for (; ticks > 0 && tick_[0] < total(); --ticks) {
    if (stop.stop_requested()) break;
    const int64_t tick = tick_[0];
    if (!is_plastic()) {
      Recall(tick, "overlap", overlaps_, out);
    } else if (tick < cues_) {
      Recall(tick, "overlap_before", before_, out);
    } else if (tick < cues_ + rule_steps_) {
      if (absl::Status s = Learn(tick - cues_); !s.ok()) return s;
    } else {
      Recall(tick - cues_ - rule_steps_, "overlap", overlaps_, out);
    }
    ++tick_[0];
    if (tick_[0] == total()) Finish(out);
  }
  return progress();
}

void AttractorRecall::Recall(int64_t cue, const char* name,
                             Array<double>& overlaps, Recorder& out) {
  const size_t steps = static_cast<size_t>(protocol_.steps);
  overlaps[cue] = recall_.Run(
      network_, patterns_, cue, cue, cue * kStepsOfOneTick,
      courses_.span().subspan(static_cast<size_t>(cue) * steps, steps));
  out.Point({name, "1", "pattern", "1"}, static_cast<double>(cue + 1),
            Measured::Of(overlaps[cue]));
}

absl::Status AttractorRecall::Learn(int64_t number) {
  const std::span<const double> state =
      recall_.Relax(network_, number, tick_[0] * kStepsOfOneTick);
  const Signals<double> signals{.pre = state, .post = state, .dt = 1};
  ApplyRule(*rule_, signals, network_.weights(), parallel_);
  if (statistics::AllFinite(network_.weights().span())) {
    return absl::OkStatus();
  }
  return absl::OutOfRangeError(
      absl::StrCat("network.weights is not finite after step ", number + 1,
                   " of the rule; a smaller rule.eta may help"));
}

void AttractorRecall::Finish(Recorder& out) const {
  const std::span<const double> overlaps = overlaps_.span();
  const auto summary = [&](const char* name, const Measured& value) {
    out.Summary(name, "1", value);
  };
  const int64_t retrieved =
      std::ranges::count_if(overlaps, [](double m) { return m >= kRetrieved; });
  summary("load", Measured::Of(static_cast<double>(patterns_.count()) /
                               static_cast<double>(network_.in_degree())));
  summary("overlap", Measured::Of(*statistics::Mean(overlaps)));
  summary("smallest_overlap",
          Measured::Of(*std::ranges::min_element(overlaps)));
  summary("retrieved", Measured::Of(static_cast<double>(retrieved) /
                                    static_cast<double>(cues_)));
  summary("overlap_before",
          is_plastic() ? Measured::Of(*statistics::Mean(before_.span()))
                       : Measured::Absent("there is no rule to be applied"));
  out.Array("courses", -1, ViewOf(courses_, "1"));
}

void AttractorRecall::VisitState(StateVisitor& v) {
  v.State("tick", StateOf(tick_, "1"));
  v.State("overlaps", StateOf(overlaps_, "1"));
  v.State("overlaps_before", StateOf(before_, "1"));
  v.State("courses", StateOf(courses_, "1"));
  if (is_plastic()) {
    v.State("network.weights", StateOf(network_.weights(), "1"));
    rule_->VisitState("rule", v);
  } else if (network_.is_sparse()) {
    v.Fixed("network.inputs", StateOf(network_.inputs(), "1"));
    v.Fixed("network.counts", StateOf(network_.counts(), "1"));
  } else {
    v.Fixed("network.weights", StateOf(network_.weights(), "1"));
  }
  v.View("patterns", ElementType::kFloat64, ArrayOrder::kColumnMajor,
         {patterns_.units(), patterns_.count()}, "1",
         [this](std::span<std::byte> bytes) {
           double* out = reinterpret_cast<double*>(bytes.data());
           const size_t units = static_cast<size_t>(patterns_.units());
           for (int64_t mu = 0; mu < patterns_.count(); ++mu) {
             patterns_.Copy(mu, {out + static_cast<size_t>(mu) * units, units});
           }
         });
}

}  // namespace engram
