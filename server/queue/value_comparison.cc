#include "server/queue/value_comparison.h"

#include <algorithm>
#include <cmath>

namespace engram {
namespace {

double RelativeDifference(double a, double b) {
  const double scale = std::max(std::abs(a), std::abs(b));
  // Of the halves: two huge values of opposite sign differ by what overflows.
  return scale == 0 ? 0 : 2 * std::abs(a / 2 / scale - b / 2 / scale);
}

std::optional<double> Difference(const ComparedValue& value) {
  if (value.stored.has_value() != value.now.has_value()) return std::nullopt;
  if (!value.stored) return 0;
  return RelativeDifference(*value.stored, *value.now);
}

}  // namespace

bool ComparedValue::IsClose() const {
  return relative_difference && *relative_difference <= kCloseTolerance;
}

std::vector<ComparedValue> CompareValues(
    std::span<const store::SummaryRow> stored,
    const std::map<std::string, RecordedSummary>& now) {
  std::map<std::string, ComparedValue> values;
  for (const store::SummaryRow& row : stored) {
    values[row.name] = {.name = row.name, .unit = row.unit};
    if (row.absent_reason.empty()) values[row.name].stored = row.value;
  }
  std::vector<ComparedValue> compared;
  for (const auto& [name, found] : now) {
    ComparedValue& value = values[name];
    const bool is_stored = !value.name.empty();
    if (!is_stored) value = {.name = name, .unit = found.unit};
    if (found.absent_reason.empty()) value.now = found.value;
    if (is_stored && value.unit == found.unit) {
      value.relative_difference = Difference(value);
    }
  }
  for (auto& [name, value] : values) compared.push_back(std::move(value));
  return compared;
}

}  // namespace engram
