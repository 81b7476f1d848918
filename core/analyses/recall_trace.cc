#include "core/analyses/recall_trace.h"

#include <algorithm>
#include <cmath>

#include "core/base/contract.h"
#include "core/base/statistics.h"

namespace engram {

RecallTrace::RecallTrace(const SequenceTask& task, int64_t units, double dt)
    : task_(task),
      dt_(dt),
      activity_(task.recall_steps(), task.items()),
      overlap_(static_cast<size_t>(task.items())) {
  ENGRAM_EXPECT(units > 0);
}

void RecallTrace::Clear() {
  steps_ = 0;
  std::fill(overlap_.begin(), overlap_.end(), std::nullopt);
}

// The template of S of N units has variance S/N - (S/N)^2, and its covariance
// with r follows from the item's mean alone: corr = s (a_k - m) / sd(r) with
// s = sqrt((S/N) / (1 - S/N)).
void RecallTrace::Add(std::span<const double> rate) {
  ENGRAM_EXPECT(steps_ < activity_.rows());
  const double n = static_cast<double>(rate.size());
  const double mean = statistics::Sum(rate) / n;
  const double variance = statistics::SumOfSquares(rate) / n - mean * mean;
  for (int64_t k = 0; k < items(); ++k) {
    double sum = 0;
    for (int64_t unit : task_.units_of(k)) {
      sum += rate[static_cast<size_t>(unit)];
    }
    const double size = static_cast<double>(task_.units_of(k).size());
    const double activity = sum / size;
    activity_(steps_, k) = activity;
    // Below this the variance is rounding.
    if (size >= n || variance <= 1e-15 * (mean * mean)) continue;
    const double scale = std::sqrt(size / n / (1 - size / n));
    const double overlap = scale * (activity - mean) / std::sqrt(variance);
    std::optional<double>& best = overlap_[static_cast<size_t>(k)];
    best = std::max(best.value_or(-1.0), std::min(overlap, 1.0));
  }
  ++steps_;
}

double RecallTrace::peak(int64_t item) const {
  ENGRAM_EXPECT(steps_ > 0);
  const std::span<const double> a =
      activity_.col(item).first(static_cast<size_t>(steps_));
  return *std::max_element(a.begin(), a.end());
}

double RecallTrace::at_end(int64_t item) const {
  ENGRAM_EXPECT(steps_ > 0);
  return activity_(steps_ - 1, item);
}

std::optional<double> RecallTrace::overlap(int64_t item) const {
  return overlap_[static_cast<size_t>(item)];
}

std::optional<double> RecallTrace::onset(int64_t item) const {
  for (int64_t step = 0; step < steps_; ++step) {
    if (activity_(step, item) > task_.active_above()) {
      return static_cast<double>(step + 1) * dt_;
    }
  }
  return std::nullopt;
}

int64_t RecallTrace::sequence_length() const {
  double last = 0;
  int64_t length = 0;
  for (const int64_t item : expected_order()) {
    const std::optional<double> time = onset(item);
    if (!time || *time <= last) break;
    last = *time;
    ++length;
  }
  return length;
}

int64_t RecallTrace::EarliestItem() const {
  int64_t earliest = 0;
  for (int64_t k = 1; k < items(); ++k) {
    const std::optional<double> time = onset(k), best = onset(earliest);
    if (time && (!best || *time < *best)) earliest = k;
  }
  return earliest;
}

std::vector<int64_t> RecallTrace::expected_order() const {
  std::vector<int64_t> order;
  std::optional<int64_t> item = task_.cued_item();
  if (!item) item = EarliestItem();
  while (item && std::ranges::find(order, *item) == order.end()) {
    order.push_back(*item);
    item = task_.successor(*item);
  }
  return order;
}

bool RecallTrace::is_active_at_end(int64_t item) const {
  return at_end(item) > task_.active_above();
}

}  // namespace engram
