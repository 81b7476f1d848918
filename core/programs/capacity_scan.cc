#include "core/programs/capacity_scan.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/base/statistics.h"
#include "core/programs/state_array.h"

namespace engram {
namespace {

// Recalls are told apart in the addresses of their randomness: the steps of one
// stay below this.
constexpr int64_t kStepsOfOneRecall = int64_t{1} << 32;

}  // namespace

CapacityScan::CapacityScan(const Component& root, uint64_t seed,
                           Context context)
    : protocol_(root),
      network_(root.Slot("network"), seed, context.parallel),
      recall_(protocol_, network_.units(), seed, root.path),
      draw_(seed, root.path, "patterns"),
      cues_(root.Integer("cues")),
      criterion_(root.Real("criterion")),
      tick_(1),
      course_(static_cast<size_t>(protocol_.steps)) {
  for (double count : root.Reals("patterns")) {
    patterns_.push_back(std::llround(count));
  }
  overlaps_ = Array<double>(cues_, loads());
}

Progress CapacityScan::progress() const {
  return {.tick = tick_[0], .total = total(), .finished = tick_[0] == total()};
}

absl::StatusOr<Progress> CapacityScan::Advance(int64_t ticks, Recorder& out,
                                               std::stop_token stop) {
  ENGRAM_EXPECT(ticks >= 1);
  for (; ticks > 0 && tick_[0] < total(); --ticks) {
    if (stop.stop_requested()) break;
    Recall(out);
    ++tick_[0];
    if (tick_[0] == total()) Finish(out);
  }
  return progress();
}

double CapacityScan::LoadOf(int64_t index) const {
  return static_cast<double>(patterns_[static_cast<size_t>(index)]) /
         static_cast<double>(network_.in_degree());
}

// Patterns are drawn one after the other, so more of them begin with the same.
void CapacityScan::Store(int64_t index) {
  if (stored_index_ == index) return;
  stored_.emplace(patterns_[static_cast<size_t>(index)], network_.units(),
                  draw_);
  network_.Store(*stored_, protocol_.storage);
  stored_index_ = index;
}

void CapacityScan::Recall(Recorder& out) {
  const int64_t index = tick_[0] / cues_, cue = tick_[0] % cues_;
  Store(index);
  // Cues lie as far apart in the sequence as can be.
  const int64_t pattern = cue * stored_->count() / cues_;
  overlaps_(cue, index) = recall_.Run(network_, *stored_, pattern, tick_[0],
                                      tick_[0] * kStepsOfOneRecall, course_);
  if (cue + 1 < cues_) return;
  const double overlap = *statistics::Mean(overlaps_.col(index));
  out.Point({"overlap", "1", "patterns", "1"},
            static_cast<double>(stored_->count()), Measured::Of(overlap));
}

Measured CapacityScan::Capacity() const {
  const auto above = [&](int64_t index) {
    return *statistics::Mean(overlaps_.col(index)) - criterion_;
  };
  if (above(0) < 0) {
    return Measured::Absent(
        "the overlap is below the criterion at the first number of patterns; "
        "begin with fewer");
  }
  for (int64_t index = 1; index < loads(); ++index) {
    const double before = above(index - 1), now = above(index);
    if (now >= 0) continue;
    const double low = LoadOf(index - 1), high = LoadOf(index);
    return Measured::Of(low + (high - low) * before / (before - now));
  }
  return Measured::Absent(
      "the overlap is above the criterion at every number of patterns; go on "
      "to more");
}

void CapacityScan::Finish(Recorder& out) const {
  out.Summary("capacity", "1", Capacity());
  out.Array("overlaps", -1, ViewOf(overlaps_, "1"));
}

void CapacityScan::VisitState(StateVisitor& v) {
  v.State("tick", StateOf(tick_, "1"));
  v.State("overlaps", StateOf(overlaps_, "1"));
}

}  // namespace engram
