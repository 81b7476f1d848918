#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/spec/experiment.h"

namespace engram::store {
class Store;
}

namespace engram {

// Answers what an experiment's text names outside itself: datasets, items of
// other runs' records, runs by filter. For one text, on one thread.
class StoreResolver final : public Resolver {
 public:
  explicit StoreResolver(store::Store& store) : store_(store) {}

  absl::StatusOr<std::string> DatasetDigest(
      absl::string_view name) const override;
  // "k7m2q9xw4p/17/snapshots/rule.weights@final" (or @ a tick),
  // "k7m2q9xw4p/17/traces/weight_norm", "k7m2q9xw4p/17/state@final".
  absl::StatusOr<std::string> RecordItemDigest(
      absl::string_view item) const override;
  absl::StatusOr<std::vector<std::string>> MatchingRuns(
      absl::string_view filter) const override;

  // Names of the datasets that were asked for and are there.
  const std::set<std::string>& datasets() const { return datasets_; }

 private:
  store::Store& store_;
  mutable std::set<std::string> datasets_;
};

}  // namespace engram
