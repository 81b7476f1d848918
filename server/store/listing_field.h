#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/store/value_names.h"

namespace engram::store {

class Reader;

enum class Listed { kRuns, kExperiments };

// What a name in a filter or an order means.
struct ListingField {
  enum class Type { kText, kNumber, kTime, kState, kTag, kValue };
  std::string name;
  Type type = Type::kText;
  // An expression over `r` (run) and `e` (experiment); empty for tags, values
  // and an experiment's states.
  std::string column;
  bool is_nullable = false;
  // Whether it is the same for all runs of an experiment.
  bool is_of_experiment = false;
  // Of kValue: keys of the parameter or summary value, and whether it is
  // constant in some experiments.
  std::vector<int64_t> value_keys;
  bool has_constants = false;
};

// Every name that `Find` below takes as it is.
struct FieldNames {
  std::vector<std::string> built_in;
  std::vector<std::string> parameters;      // by name
  std::vector<std::string> summary_values;  // by name
};
FieldNames AllFieldNames(Reader& reader, Listed listed);

// Resolves names against the fields that every run has and against the paths
// and names that runs have brought, also shortened ("rule.type" for
// "experiment.rule.type") where that is unambiguous.
class FieldResolver {
 public:
  FieldResolver(Reader& reader, Listed listed);
  // INVALID_ARGUMENT, without a place: no such field, with the nearest name;
  // or ambiguous.
  absl::StatusOr<ListingField> Find(absl::string_view name) const;

 private:
  absl::StatusOr<ListingField> FindValue(absl::string_view name) const;

  Reader& reader_;
  const Listed listed_;
  std::vector<ValueName> value_names_;
};

}  // namespace engram::store
