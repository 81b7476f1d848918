#include "core/programs/pattern_recall.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/base/statistics.h"
#include "core/programs/state_array.h"

namespace engram {
namespace {

std::vector<int64_t> Integers(const std::vector<double>& reals) {
  std::vector<int64_t> integers;
  for (double real : reals) integers.push_back(std::llround(real));
  return integers;
}

}  // namespace

PatternRecall::PatternRecall(const Component& root, uint64_t seed,
                             Context context)
    : network_(root.Slot("network"), seed, context.parallel),
      mean_field_(root.Slot("network")),
      noise_(seed, root.Slot("network").path, "recall_noise"),
      steps_(std::llround(root.Real("duration") / network_.dt())),
      expected_items_(Integers(root.Reals("expected_items"))),
      expected_peaks_(root.Reals("expected_peaks")),
      expected_times_(root.Reals("expected_peak_times")),
      step_(1),
      state_(network_.units(), network_.patterns().cols()),
      kappa_(network_.patterns().cols()),
      variance_(1),
      overlaps_(steps_ + 1, network_.patterns().cols()),
      expected_overlaps_(steps_ + 1, network_.patterns().cols()),
      row_(network_.patterns().cols()) {
  network_.Reset(0, state_);
  kappa_[0] = 1;
  Note(0);
}

absl::StatusOr<Progress> PatternRecall::Advance(int64_t ticks, Recorder& out,
                                                std::stop_token stop) {
  ENGRAM_EXPECT(ticks >= 1);
  for (; ticks > 0 && step_[0] < steps_; --ticks) {
    if (stop.stop_requested()) break;
    Step(out);
    if (step_[0] == steps_) Finish(out);
  }
  return progress();
}

Progress PatternRecall::progress() const {
  return {.tick = step_[0], .total = steps_, .finished = step_[0] == steps_};
}

void PatternRecall::Step(Recorder& out) {
  network_.Step(noise_, step_[0], state_);
  mean_field_.Step(kappa_.span(), variance_[0], row_.span());
  ++step_[0];
  Note(step_[0]);
  const double time = network_.dt() * static_cast<double>(step_[0]);
  out.Point({"deviation", "1", "ms", "ms"}, time,
            Measured::Of(Deviation(step_[0])));
}

void PatternRecall::Note(int64_t step) {
  network_.Overlaps(state_.potential.span(), row_.span());
  for (int64_t mu = 0; mu < row_.rows(); ++mu) {
    overlaps_(step, mu) = row_[mu];
    expected_overlaps_(step, mu) = kappa_[mu];
  }
}

double PatternRecall::Deviation(int64_t step) const {
  double sum = 0;
  for (int64_t mu = 0; mu < overlaps_.cols(); ++mu) {
    const double d = overlaps_(step, mu) - expected_overlaps_(step, mu);
    sum += d * d;
  }
  return std::sqrt(sum / static_cast<double>(overlaps_.cols()));
}

void PatternRecall::Finish(Recorder& out) const {
  double squares = 0;
  for (int64_t step = 0; step <= steps_; ++step) {
    squares += Deviation(step) * Deviation(step);
  }
  const auto summary = [&](const char* name, double value) {
    out.Summary(name, "1", Measured::Of(value));
  };
  summary("rms_deviation",
          std::sqrt(squares / static_cast<double>(steps_ + 1)));
  summary("sequence_length", static_cast<double>(SequenceLength()));
  ComparePeaks(out);
  for (int64_t item = 0; item < overlaps_.cols(); ++item) WriteItem(item, out);
  out.Array("overlaps", -1, ViewOf(overlaps_, "1"));
  out.Array("mean_field_overlaps", -1, ViewOf(expected_overlaps_, "1"));
}

void PatternRecall::WriteItem(int64_t item, Recorder& out) const {
  const auto point = [&](const char* name, const char* unit, double value) {
    out.Point({name, unit, "item", "1"}, static_cast<double>(item + 1),
              Measured::Of(value));
  };
  const Peak peak = PeakOf(overlaps_, item);
  const Peak expected = PeakOf(expected_overlaps_, item);
  point("peak", "1", peak.size);
  point("peak_time", "ms", peak.time_ms);
  point("mean_field_peak", "1", expected.size);
  point("mean_field_peak_time", "ms", expected.time_ms);
}

void PatternRecall::ComparePeaks(Recorder& out) const {
  Measured peak_error = Measured::Absent("no expected_items were given");
  Measured time_error = peak_error;
  if (!expected_items_.empty()) {
    double largest = 0, latest = 0;
    for (size_t k = 0; k < expected_items_.size(); ++k) {
      const Peak peak = PeakOf(expected_overlaps_, expected_items_[k] - 1);
      largest = std::max(largest, std::abs(peak.size - expected_peaks_[k]));
      latest = std::max(latest, std::abs(peak.time_ms - expected_times_[k]));
    }
    peak_error = Measured::Of(largest);
    time_error = Measured::Of(latest);
  }
  out.Summary("peak_error", "1", peak_error);
  out.Summary("peak_time_error", "ms", time_error);
}

PatternRecall::Peak PatternRecall::PeakOf(const Array<double>& trace,
                                          int64_t item) const {
  const std::span<const double> course = trace.col(item);
  const auto peak = std::ranges::max_element(course);
  return {*peak, network_.dt() * static_cast<double>(peak - course.begin())};
}

int64_t PatternRecall::SequenceLength() const {
  int64_t length = 1;
  while (length < overlaps_.cols() &&
         PeakOf(overlaps_, length).time_ms >
             PeakOf(overlaps_, length - 1).time_ms) {
    ++length;
  }
  return length;
}

void PatternRecall::VisitState(StateVisitor& v) {
  v.State("step", StateOf(step_, "1"));
  v.State("network.state", StateOf(state_.potential, "1"));
  v.State("mean_field.overlaps", StateOf(kappa_, "1"));
  v.State("mean_field.variance", StateOf(variance_, "1"));
  v.State("overlaps", StateOf(overlaps_, "1"));
  v.State("mean_field_overlaps", StateOf(expected_overlaps_, "1"));
  // The visitor reads it; a Fixed array is rebuilt, never written.
  Array<double>& patterns = const_cast<Array<double>&>(network_.patterns());
  v.Fixed("network.patterns", StateOf(patterns, "1"));
  if (network_.inputs().rows() == 0) return;
  Array<int32_t>& inputs = const_cast<Array<int32_t>&>(network_.inputs());
  Array<double>& weights = const_cast<Array<double>&>(network_.weights());
  v.Fixed("network.inputs", StateOf(inputs, "1"));
  v.Fixed("network.weights", StateOf(weights, "1"));
}

}  // namespace engram
