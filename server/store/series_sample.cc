#include <algorithm>
#include <limits>
#include <utility>

#include "server/store/series_codec.h"
#include "server/store/series_table.h"
#include "server/store/statement.h"
#include "server/store/transaction.h"

namespace engram::store {
namespace {

// What is kept of the points of one bucket: the least and the greatest, or, at
// `middle`, the mean.
class Bucket {
 public:
  void Add(SeriesPoint point) {
    if (point.is_absent()) {
      if (!absent_.has_value()) absent_ = std::move(point);
      return;
    }
    ++count_;
    // Divided first, so that no sum of the greatest numbers overflows.
    const auto n = static_cast<double>(count_);
    mean_ += point.value / n - mean_ / n;
    if (!least_.has_value() || point.value < least_->value) least_ = point;
    if (!greatest_.has_value() || point.value > greatest_->value)
      greatest_ = std::move(point);
  }

  // Adds them to `out` in order of x, and is empty again.
  void MoveTo(std::vector<SeriesPoint>& out) {
    if (least_.has_value()) {
      if (least_->x > greatest_->x) std::swap(least_, greatest_);
      const bool are_two = least_->x < greatest_->x;
      out.push_back(*std::move(least_));
      if (are_two) out.push_back(*std::move(greatest_));
    } else if (absent_.has_value()) {
      out.push_back(*std::move(absent_));
    }
    Clear();
  }

  void MoveMeanTo(std::vector<SeriesPoint>& out, double middle) {
    if (count_ > 0) {
      out.push_back({middle, mean_, ""});
    } else if (absent_.has_value()) {
      absent_->x = middle;
      out.push_back(*std::move(absent_));
    }
    Clear();
  }

 private:
  void Clear() { *this = Bucket(); }

  std::optional<SeriesPoint> least_, greatest_, absent_;
  int64_t count_ = 0;
  double mean_ = 0;
};

struct Bounds {
  double min = 0;
  double max = 0;
};

// First and last x of the points that there are, narrowed to the range.
std::optional<Bounds> BoundsOf(Reader& reader, SeriesKey series,
                               const SampleRange& range) {
  Statement read = reader.Prepare(
      "SELECT min(x_min), max(x_max) FROM series_chunk WHERE series = ?");
  read.Bind(series);
  if (!read.Step() || read.IsNull(0)) return std::nullopt;
  const Bounds bounds = {
      std::max(read.Real(0), range.x_min.value_or(read.Real(0))),
      std::min(read.Real(1), range.x_max.value_or(read.Real(1)))};
  if (bounds.min > bounds.max) return std::nullopt;
  return bounds;
}

int BucketOf(double x, const Bounds& bounds, int buckets) {
  if (bounds.max <= bounds.min) return 0;
  // Halves, so that the width of the widest range is finite.
  const double share =
      (x / 2 - bounds.min / 2) / (bounds.max / 2 - bounds.min / 2);
  return std::min(static_cast<int>(share * buckets), buckets - 1);
}

double MiddleOf(int bucket, const Bounds& bounds, int buckets) {
  const double share = (bucket + 0.5) / buckets;
  return bounds.min * (1 - share) + bounds.max * share;
}

}  // namespace

absl::StatusOr<std::vector<SeriesPoint>> SamplePoints(
    Reader& reader, SeriesKey series, const SampleRange& range) {
  const std::optional<Bounds> bounds = BoundsOf(reader, series, range);
  std::vector<SeriesPoint> sample;
  if (!bounds.has_value()) return sample;
  const int buckets = std::max(range.buckets, 1);
  const Bounds grid = range.are_means
                          ? Bounds{range.x_min.value_or(bounds->min),
                                   range.x_max.value_or(bounds->max)}
                          : *bounds;
  Statement read = reader.Prepare(
      "SELECT points FROM series_chunk"
      " WHERE series = ? AND x_max >= ? AND x_min <= ? ORDER BY first_index");
  read.Bind(series, bounds->min, bounds->max);
  Bucket bucket;
  int open = 0;
  const auto close = [&] {
    if (range.are_means) {
      bucket.MoveMeanTo(sample, MiddleOf(open, grid, buckets));
    } else {
      bucket.MoveTo(sample);
    }
  };
  while (read.Step()) {
    absl::StatusOr<std::vector<SeriesPoint>> chunk = DecodePoints(read.View(0));
    if (!chunk.ok()) return chunk.status();
    for (SeriesPoint& point : *chunk) {
      if (point.x < bounds->min || point.x > bounds->max) continue;
      const int at = BucketOf(point.x, grid, buckets);
      if (at != open) close();
      open = at;
      bucket.Add(std::move(point));
    }
  }
  close();
  return sample;
}

}  // namespace engram::store
