#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

// Numbers as people read them, and as programs do.
namespace engram::cli {

// Shortest text that reads back as the same number.
std::string ExactText(double value);

// Four significant digits: "0.1823", "10", "1.23e-05".
std::string ShortText(double value);

// One column of numbers with as many decimals as its greatest member needs for
// four digits, so that the decimal points stand below each other. An absent
// number is "-".
std::vector<std::string> ColumnText(
    const std::vector<std::optional<double>>& values);

// "12,345".
std::string CountText(int64_t count);

// "1 run", "2 runs".
std::string CountedText(int64_t count, absl::string_view thing);

// "1.4 MB"; units of 1000.
std::string BytesText(int64_t bytes);

// "0.4 s", "42 s", "3 min 05 s", "2 h 05 min", "3 d 4 h".
std::string DurationText(absl::Duration duration);

// "just now", "3 min ago", "2 h ago", "5 d ago", then the date.
std::string AgoText(absl::Time time, absl::Time now);

}  // namespace engram::cli
