#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/array.h"
#include "core/networks/binary_network.h"
#include "core/networks/binary_patterns.h"
#include "core/programs/binary_recall.h"
#include "core/programs/program.h"
#include "core/spec/component.h"

namespace engram {

// How many patterns can a binary network store? Stores one number of patterns
// after the other, always the same connectivity, asks for some of them, and
// reads off where the overlap falls through a criterion.
//
// A tick is one recall. Weights are made when a recall needs them, so that one
// set is in memory at a time.
class CapacityScan final : public Program {
 public:
  CapacityScan(const Component& root, uint64_t seed, Context context);

  absl::StatusOr<Progress> Advance(int64_t ticks, Recorder& out,
                                   std::stop_token stop) override;
  void VisitState(StateVisitor& v) override;

 private:
  int64_t total() const { return loads() * cues_; }
  int64_t loads() const { return static_cast<int64_t>(patterns_.size()); }
  double LoadOf(int64_t index) const;
  Progress progress() const;
  void Store(int64_t index);
  void Recall(Recorder& out);
  // The load at which the mean overlap falls through the criterion, between
  // two loads on a straight line.
  Measured Capacity() const;
  void Finish(Recorder& out) const;

  RecallProtocol protocol_;
  BinaryNetwork network_;
  BinaryRecall recall_;
  RandomStream draw_;
  std::vector<int64_t> patterns_;  // numbers of them, rising
  int64_t cues_;
  double criterion_;  // [1]

  Array<int64_t> tick_;
  Array<double> overlaps_;  // (n_cues, n_loads) [1]

  // Rebuilt when wanted.
  std::optional<BinaryPatterns> stored_;
  int64_t stored_index_ = -1;
  std::vector<double> course_;  // scratch
};

}  // namespace engram
