#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "server/queue/recorded_item.h"
#include "server/store/named_value.h"

namespace engram {

// What a run found, compared with what another build finds: such builds agree
// in their statistics, not to the bit.
struct ComparedValue {
  std::string name;
  std::string unit;
  std::optional<double> stored{};  // absent: undefined, or not recorded
  std::optional<double> now{};
  // |now - stored| / max(|now|, |stored|), 0 when both are 0 or absent; nothing
  // when one of them is absent or the units differ.
  std::optional<double> relative_difference{};

  bool IsClose() const;
};

// Another build rounds differently, and a network that spikes carries that
// into single spikes; what a run found about its population moves by far less.
inline constexpr double kCloseTolerance = 0.05;

// By name; values that only one of them has included.
std::vector<ComparedValue> CompareValues(
    std::span<const store::SummaryRow> stored,
    const std::map<std::string, RecordedSummary>& now);

}  // namespace engram
