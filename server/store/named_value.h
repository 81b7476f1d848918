#pragma once

#include <string>
#include <variant>

namespace engram::store {

// A parameter as filters and tables see it: a number in the parameter's own
// unit or text ("hebbian", "true", a list as canonical JSON).
struct NamedValue {
  std::string name;  // path: "experiment.rule.type", "seed"
  std::variant<double, std::string> value;

  friend bool operator==(const NamedValue&, const NamedValue&) = default;
};

// What a run found under a name: a finite number or the reason why there is
// none.
struct SummaryRow {
  std::string name;  // "sequence_length"
  std::string unit;  // "1" if it has none
  double value = 0;
  std::string absent_reason;  // empty when there is a value

  bool is_absent() const { return !absent_reason.empty(); }
  friend bool operator==(const SummaryRow&, const SummaryRow&) = default;
};

}  // namespace engram::store
