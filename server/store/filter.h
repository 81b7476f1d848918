#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace engram::store {

// The filter language of listings:
//
//   filter     = term { "AND" term } | term { "OR" term }
//   term       = "NOT" term | "(" filter ")" | comparison
//   comparison = field operator value | field "IN" "(" value { "," value } ")"
//   operator   = "=" | "!=" | "<" | "<=" | ">" | ">=" | ":"
//
// AND beside OR at one level is refused: brackets say which comes first.
// A field is a name or a path of letters, digits, '_', '-' and '.'; a value a
// word, a number, a date, or text in single or double quotes (a quote within
// is doubled). ':' means "contains".
enum class Operator {
  kEqual,
  kNotEqual,
  kLess,
  kAtMost,
  kGreater,
  kAtLeast,
  kHas,
  kIn
};

struct FilterValue {
  std::string text;
  bool is_quoted = false;  // then it is text even if it looks like a number
  int column = 0;          // 1-based
};

struct Comparison {
  std::string field;
  int column = 0;  // of the field, 1-based
  Operator op = Operator::kEqual;
  std::vector<FilterValue> values;  // one, but for IN
};

struct Filter {
  enum class Kind { kAll, kAnd, kOr, kNot, kComparison };
  Kind kind = Kind::kAll;  // kAll: an empty filter, which matches everything
  std::vector<Filter> parts;
  Comparison comparison;  // of kComparison
};

// INVALID_ARGUMENT "filter:COLUMN: what, got, allowed". At most 10,000 letters
// and 100 levels of brackets.
absl::StatusOr<Filter> ParseFilter(absl::string_view text);

// "sequence_length desc, create_time".
struct OrderTerm {
  std::string field;
  int column = 0;  // 1-based
  bool is_descending = false;
};
// INVALID_ARGUMENT "order_by:COLUMN: ..."; at most 8 terms.
absl::StatusOr<std::vector<OrderTerm>> ParseOrder(absl::string_view text);

// The fault at a column of a filter.
absl::Status FilterFault(int column, absl::string_view what);

}  // namespace engram::store
