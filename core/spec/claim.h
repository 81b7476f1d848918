#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/spec/value.h"

namespace engram {

// A checkable statement about an experiment's results.
struct Claim {
  enum class Reduce { kMean, kMedian, kMinimum, kMaximum, kFraction };
  enum class Expect { kAtLeast, kAtMost, kWithin, kEquals };
  enum class Against { kDifference, kRatio };
  using Where = std::vector<std::pair<std::string, Value>>;  // path == value

  std::string that;   // the statement, in words
  std::string value;  // a summary value, or a series (its last point)
  Where where;        // the group: runs at which these paths have these values
  Reduce reduce = Reduce::kMean;
  std::optional<double> fraction_at_least;  // of Reduce::kFraction
  std::optional<Against> against;
  Where against_where;
  Expect expect = Expect::kEquals;
  double low = 0;        // the bound; of kWithin the lower end
  double high = 0;       // of kWithin the upper end
  double tolerance = 0;  // of kEquals; 0: to the bit
  std::string source;
  std::string published;  // the value that the source reports, as text
};

enum class Outcome { kHolds, kFails, kUndecided };

struct ClaimResult {
  Outcome outcome = Outcome::kUndecided;
  std::optional<double> measured;
  int64_t runs = 0;    // in the group
  std::string reason;  // why undecided: empty group, failed run, absent value
};

// What a claim reads of a run that has ended.
struct RunOutcome {
  std::vector<std::pair<std::string, Value>> varying;
  bool succeeded = false;
  // Summary values and last points by name; absent ones with their reason.
  std::map<std::string, std::optional<double>> values;
};

ClaimResult Evaluate(const Claim& claim, std::span<const RunOutcome> runs);
// "at least 0.95", "within 0.5 .. 0.6"
std::string ExpectText(const Claim& claim);

}  // namespace engram
