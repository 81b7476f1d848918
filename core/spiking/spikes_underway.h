#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/base/array.h"
#include "core/programs/state_visitor.h"
#include "core/spiking/spike_log.h"

namespace engram {

// The spikes of a population's last steps, as part of a network's state: they
// have yet to arrive somewhere.
class SpikesUnderway {
 public:
  explicit SpikesUnderway(int64_t steps) : ends_(steps) {}

  // As many as a spike may be underway; 0: none ever is.
  int64_t steps() const { return ends_.rows(); }

  // Takes those of the log's last steps.
  void CopyFrom(const SpikeLog& log);
  // Whether a log that ends at `step` has these.
  bool IsIn(const SpikeLog& log, int64_t step) const;
  // Makes them all that a log that ends at `step` has.
  void CopyTo(SpikeLog& log, int64_t step) const;

  // Names the arrays under `prefix`.
  void VisitState(absl::string_view prefix, StateVisitor& v);
  static std::vector<std::string> Arrays() {
    return {"underway_units", "underway_ends"};
  }

 private:
  std::vector<int32_t> units_;
  Array<int64_t> ends_;  // (steps) in units_, of each step
};

}  // namespace engram
