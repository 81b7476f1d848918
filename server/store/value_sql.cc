#include "server/store/value_sql.h"

#include <cmath>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "core/spec/nearest_name.h"
#include "server/store/run_states.h"

namespace engram::store {
namespace {

using Type = ListingField::Type;

constexpr int64_t kDayUs = 86'400'000'000;

const char* OperatorText(Operator op) {
  switch (op) {
    case Operator::kEqual:
    case Operator::kIn:
    case Operator::kHas:
      return "=";
    case Operator::kNotEqual:
      return "<>";
    case Operator::kLess:
      return "<";
    case Operator::kAtMost:
      return "<=";
    case Operator::kGreater:
      return ">";
    case Operator::kAtLeast:
      return ">=";
  }
  return "=";
}

bool IsOrdering(Operator op) {
  return op == Operator::kLess || op == Operator::kAtMost ||
         op == Operator::kGreater || op == Operator::kAtLeast;
}

std::optional<double> NumberIn(const FilterValue& value) {
  double number = 0;
  if (value.is_quoted || !absl::SimpleAtod(value.text, &number) ||
      !std::isfinite(number))
    return std::nullopt;
  return number;
}

SqlText Contains(const std::string& column, const std::string& part) {
  return SqlText(absl::StrCat("instr(lower(", column, "), lower(?)) > 0"),
                 {part});
}

// Within a column of numbers and texts, every number is less than every text:
// a bound of the other type keeps the comparison among its own.
SqlText CompareAny(const std::string& column, Operator op,
                   const FilterValue& value) {
  if (op == Operator::kHas) return Contains(column, value.text);
  const std::optional<double> number = NumberIn(value);
  const SqlValue bound =
      number.has_value() ? SqlValue(*number) : SqlValue(value.text);
  SqlText text(absl::StrCat(column, " ", OperatorText(op), " ?"), {bound});
  const bool is_upward = op == Operator::kGreater || op == Operator::kAtLeast;
  if (!IsOrdering(op) || is_upward != number.has_value()) return text;
  return Joined({text, SqlText(absl::StrCat(
                           column, number.has_value() ? " < ''" : " >= ''"))},
                "AND");
}

absl::StatusOr<SqlText> CompareNumber(const std::string& column, Operator op,
                                      const FilterValue& value) {
  const std::optional<double> number = NumberIn(value);
  if (!number.has_value())
    return FilterFault(value.column,
                       absl::StrCat("'", value.text, "' is not a number"));
  if (op == Operator::kHas)
    return FilterFault(value.column,
                       "':' is for texts; a number takes =, !=, "
                       "<, <=, >, >= and IN");
  return SqlText(absl::StrCat(column, " ", OperatorText(op), " ?"), {*number});
}

absl::StatusOr<SqlText> CompareState(const std::string& column, Operator op,
                                     const FilterValue& value) {
  const std::string name = absl::AsciiStrToLower(value.text);
  if (IsOrdering(op) || op == Operator::kHas)
    return FilterFault(value.column, "a state takes =, != and IN");
  if (!IsStateName(name))
    return FilterFault(
        value.column,
        absl::StrCat(
            "no state is called ", value.text,
            SuggestName(absl::AsciiStrToUpper(value.text),
                        {"QUEUED", "STARTING", "RUNNING", "CANCELLING",
                         "SUCCEEDED", "FAILED", "CANCELLED", "TIMED_OUT"})));
  return SqlText(absl::StrCat(column, " ", OperatorText(op), " ?"), {name});
}

// A day, or a moment: then without a length.
struct TimeSpan {
  int64_t begin_us = 0;
  int64_t length_us = 0;
};

std::optional<TimeSpan> TimeIn(const std::string& text) {
  absl::Time time;
  std::string fault;
  if (absl::ParseTime("%Y-%m-%d", text, &time, &fault))
    return TimeSpan{absl::ToUnixMicros(time), kDayUs};
  if (absl::ParseTime(absl::RFC3339_full, text, &time, &fault) ||
      absl::ParseTime("%Y-%m-%dT%H:%M:%E*S", text, &time, &fault) ||
      absl::ParseTime("%Y-%m-%dT%H:%M", text, &time, &fault))
    return TimeSpan{absl::ToUnixMicros(time), 0};
  return std::nullopt;
}

absl::StatusOr<SqlText> CompareTime(const std::string& column, Operator op,
                                    const FilterValue& value) {
  const std::optional<TimeSpan> span = TimeIn(value.text);
  if (!span.has_value())
    return FilterFault(
        value.column, absl::StrCat("'", value.text,
                                   "' is not a time: write "
                                   "2026-01-31 or 2026-01-31T12:00:00Z (UTC)"));
  if (op == Operator::kHas)
    return FilterFault(value.column, "a time takes =, !=, <, <=, >, >= and IN");
  if (IsOrdering(op) || span->length_us == 0)
    return SqlText(absl::StrCat(column, " ", OperatorText(op), " ?"),
                   {span->begin_us});
  const bool is_outside = op == Operator::kNotEqual;
  return SqlText(
      absl::StrCat(column, is_outside ? " NOT" : "", " BETWEEN ? AND ?"),
      {span->begin_us, span->begin_us + span->length_us - 1});
}

absl::StatusOr<SqlText> CompareOne(const std::string& column, Operator op,
                                   const FilterValue& value, Type type) {
  switch (type) {
    case Type::kNumber:
      return CompareNumber(column, op, value);
    case Type::kTime:
      return CompareTime(column, op, value);
    case Type::kState:
      return CompareState(column, op, value);
    case Type::kText:
    case Type::kTag:
      if (op == Operator::kHas) return Contains(column, value.text);
      return SqlText(absl::StrCat(column, " ", OperatorText(op), " ?"),
                     {value.text});
    case Type::kValue:
      return CompareAny(column, op, value);
  }
  return SqlText("0");
}

}  // namespace

absl::StatusOr<SqlText> CompareSql(const std::string& column,
                                   const Comparison& comparison, Type type) {
  std::vector<SqlText> parts;
  for (const FilterValue& value : comparison.values) {
    absl::StatusOr<SqlText> part =
        CompareOne(column, comparison.op, value, type);
    if (!part.ok()) return part;
    parts.push_back(*std::move(part));
  }
  return Joined(parts, "OR");
}

}  // namespace engram::store
