#include "server/store/listing_field.h"

#include <algorithm>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/spec/nearest_name.h"
#include "server/store/statement.h"
#include "server/store/transaction.h"

namespace engram::store {
namespace {

using Type = ListingField::Type;

struct BuiltIn {
  const char* name;
  Type type;
  const char* run_column;         // null: not a field of runs
  const char* experiment_column;  // null: not a field of experiments
  bool is_nullable;
};

constexpr BuiltIn kBuiltIns[] = {
    {"state", Type::kState, "r.state", "", false},
    {"user", Type::kText, "e.user", "e.user", false},
    {"tag", Type::kTag, "", "", false},
    {"title", Type::kText, "e.title", "e.title", false},
    {"notes", Type::kText, "e.notes", "e.notes", false},
    {"preset", Type::kText, "e.preset", "e.preset", false},
    {"experiment", Type::kText, "e.id", "e.id", false},
    {"hash", Type::kText, "e.experiment_hash", "e.experiment_hash", false},
    {"priority", Type::kNumber, "e.priority", "e.priority", false},
    {"run_count", Type::kNumber, "e.run_count", "e.run_count", false},
    {"create_time", Type::kTime, "e.create_time_us", "e.create_time_us", false},
    {"end_time", Type::kTime, "r.end_time_us", "e.end_time_us", true},
    {"start_time", Type::kTime, "r.start_time_us", nullptr, true},
    {"state_time", Type::kTime, "r.state_time_us", nullptr, false},
    {"state_reason", Type::kText, "r.state_reason", nullptr, false},
    {"point", Type::kNumber, "r.point", nullptr, false},
    {"seed", Type::kNumber, "r.seed", nullptr, false},
    {"attempt_count", Type::kNumber, "r.attempt", nullptr, false},
    {"cpu_seconds", Type::kNumber, "r.cpu_seconds", nullptr, false},
    {"stored_bytes", Type::kNumber, "r.stored_bytes", nullptr, false},
    {"run_hash", Type::kText, "r.run_hash", nullptr, false},
    {"result_hash", Type::kText, "r.result_hash", nullptr, false},
    {"build", Type::kText, "r.build", nullptr, false},
    {"worker", Type::kText, "r.worker", nullptr, false},
    {"error", Type::kText, "r.error_reason", nullptr, false},
};

const char* ColumnOf(const BuiltIn& field, Listed listed) {
  return listed == Listed::kRuns ? field.run_column : field.experiment_column;
}

bool HasConstants(Reader& reader, const std::vector<int64_t>& keys) {
  for (const int64_t key : keys) {
    Statement find =
        reader.Prepare("SELECT 1 FROM experiment_value WHERE name = ? LIMIT 1");
    find.Bind(key);
    if (find.Step()) return true;
  }
  return false;
}

}  // namespace

FieldNames AllFieldNames(Reader& reader, Listed listed) {
  FieldNames names;
  for (const BuiltIn& field : kBuiltIns)
    if (ColumnOf(field, listed) != nullptr)
      names.built_in.push_back(field.name);
  for (const ValueName& known : AllValueNames(reader)) {
    auto& own = known.kind == NameKind::kSummary ? names.summary_values
                                                 : names.parameters;
    own.push_back(known.name);
  }
  return names;
}

FieldResolver::FieldResolver(Reader& reader, Listed listed)
    : reader_(reader), listed_(listed), value_names_(AllValueNames(reader)) {}

absl::StatusOr<ListingField> FieldResolver::Find(absl::string_view name) const {
  for (const BuiltIn& field : kBuiltIns) {
    const char* column = ColumnOf(field, listed_);
    if (name != field.name || column == nullptr) continue;
    return ListingField{
        field.name,
        field.type,
        column,
        field.is_nullable,
        field.type == Type::kTag || absl::StartsWith(column, "e."),
        {},
        false};
  }
  return FindValue(name);
}

absl::StatusOr<ListingField> FieldResolver::FindValue(
    absl::string_view name) const {
  const std::string ending = absl::StrCat(".", name);
  std::set<std::string> exact, shortened;
  for (const ValueName& known : value_names_) {
    if (known.name == name) exact.insert(known.name);
    if (absl::EndsWith(known.name, ending)) shortened.insert(known.name);
  }
  const std::set<std::string>& found = exact.empty() ? shortened : exact;
  if (found.size() > 1)
    return absl::InvalidArgumentError(
        absl::StrCat(name, " is ambiguous: write one of ",
                     ListNames({found.begin(), found.end()})));
  if (found.empty()) {
    std::vector<std::string> names;
    for (const BuiltIn& field : kBuiltIns)
      if (ColumnOf(field, listed_) != nullptr) names.push_back(field.name);
    for (const ValueName& known : value_names_) names.push_back(known.name);
    return absl::InvalidArgumentError(
        absl::StrCat("no field, parameter or summary value is called ", name,
                     SuggestName(name, names)));
  }
  ListingField field;
  field.name = *found.begin();
  field.type = Type::kValue;
  field.is_nullable = true;
  for (const ValueName& known : value_names_)
    if (known.name == field.name) field.value_keys.push_back(known.key);
  field.has_constants = HasConstants(reader_, field.value_keys);
  return field;
}

}  // namespace engram::store
