#pragma once

#include <string>

namespace engram::store {

// One point of a series: a finite value, or the reason why there is none.
struct SeriesPoint {
  double x = 0;
  double value = 0;           // 0 when absent
  std::string absent_reason;  // empty when there is a value

  bool is_absent() const { return !absent_reason.empty(); }
  friend bool operator==(const SeriesPoint&, const SeriesPoint&) = default;
};

}  // namespace engram::store
