#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "server/queue/recorded_item.h"

namespace engram {

// "series weight_norm at trial 4", "array rule.weights at step 100": what an
// item is, for people. A point names its series by `declared`.
std::string DescribeItem(const RecordedItem& item);

// Compares what an attempt records with what is stored of its run, item by
// item: the same to the bit, or the first difference in words.
class RecordComparer {
 public:
  // `stored` has the items with ordinals `skipped` + 1, `skipped` + 2, ...;
  // points with `declared`. Those before belong to a checkpoint that the
  // attempt goes on from, and are not repeated.
  explicit RecordComparer(std::vector<RecordedItem> stored,
                          int64_t skipped = 0);

  // Of the run, those skipped included.
  int64_t stored_count() const {
    return skipped_ + static_cast<int64_t>(stored_.size());
  }
  // Items found to be equal so far.
  int64_t compared_count() const { return compared_; }

  // A series that the attempt declared before what is compared here.
  void Declare(int number, const SeriesInfo& series) {
    series_[number] = series;
  }
  // Takes an item of the attempt. Items come in order, so that series are
  // declared before they are used. Nothing when it is equal to the stored one;
  // else "item 17, series weight_norm at trial 4: stored 1.25, now 1.5".
  // An ordinal that is not stored is a difference, too.
  std::optional<std::string> Compare(int64_t ordinal, const RecordedItem& item);
  // The end of the attempt: nothing when it recorded as many as are stored.
  std::optional<std::string> CompareEnd(int64_t item_count) const;

 private:
  std::vector<RecordedItem> stored_;
  const int64_t skipped_;
  std::map<int, SeriesInfo> series_;  // of the attempt
  int64_t compared_ = 0;
};

}  // namespace engram
