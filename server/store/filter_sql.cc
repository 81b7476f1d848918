#include "server/store/filter_sql.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/store/value_sql.h"

namespace engram::store {
namespace {

using Type = ListingField::Type;

// `text` once for each key of the field, joined by OR; `?` before it is the
// key's.
SqlText ForEachKey(const ListingField& field, const SqlText& condition,
                   absl::string_view before, absl::string_view after) {
  std::vector<SqlText> parts;
  for (const int64_t key : field.value_keys)
    parts.push_back(SqlText(before, {key}) + condition + SqlText(after));
  return Joined(parts, "OR");
}

// "user" is compared as it is, "ada" or "users/ada".
Comparison WithoutCollection(Comparison comparison) {
  constexpr absl::string_view kUsers = "users/";
  for (FilterValue& value : comparison.values)
    if (value.text.compare(0, kUsers.size(), kUsers.data()) == 0)
      value.text.erase(0, kUsers.size());
  return comparison;
}

absl::StatusOr<SqlText> TagSql(const Comparison& comparison) {
  Comparison positive = comparison;
  const bool is_negated = comparison.op == Operator::kNotEqual;
  switch (comparison.op) {
    case Operator::kLess:
    case Operator::kAtMost:
    case Operator::kGreater:
    case Operator::kAtLeast:
      return FilterFault(comparison.column,
                         "a tag takes =, !=, IN and : (part of it)");
    case Operator::kNotEqual:
      positive.op = Operator::kEqual;
      break;
    case Operator::kEqual:
    case Operator::kHas:
    case Operator::kIn:
      break;
  }
  absl::StatusOr<SqlText> same = CompareSql("t.tag", positive, Type::kTag);
  if (!same.ok()) return same;
  return SqlText(absl::StrCat(is_negated ? "NOT " : "",
                              "EXISTS (SELECT 1 FROM experiment_tag t"
                              " WHERE t.experiment = e.key AND ")) +
         *same + SqlText(")");
}

absl::StatusOr<SqlText> ValueSql(const Comparison& comparison,
                                 const ListingField& field, Listed listed) {
  absl::StatusOr<SqlText> same =
      CompareSql("v.value", comparison, Type::kValue);
  if (!same.ok()) return same;
  std::vector<SqlText> places;
  places.push_back(ForEachKey(
      field, *same,
      listed == Listed::kRuns
          ? "EXISTS (SELECT 1 FROM run_value v WHERE v.run = r.key"
            " AND v.name = ? AND "
          : "EXISTS (SELECT 1 FROM run q JOIN run_value v ON v.run = q.key"
            " WHERE q.experiment = e.key AND v.name = ? AND ",
      ")"));
  if (field.has_constants)
    places.push_back(ForEachKey(
        field, *same,
        "EXISTS (SELECT 1 FROM experiment_value v WHERE v.experiment = e.key"
        " AND v.name = ? AND ",
        ")"));
  return Joined(places, "OR");
}

// Text that selects the keys of runs through an index; none when the
// comparison has no use of one.
absl::StatusOr<std::vector<SqlText>> SourceOf(const Comparison& comparison,
                                              const FieldResolver& resolver) {
  std::vector<SqlText> sources;
  absl::StatusOr<ListingField> field = FieldOf(comparison, resolver);
  if (!field.ok()) return field.status();
  const bool is_range =
      comparison.op != Operator::kNotEqual && comparison.op != Operator::kHas;
  if (field->is_of_experiment) {
    absl::StatusOr<SqlText> same =
        ComparisonSql(comparison, *field, Listed::kRuns);
    if (!same.ok()) return same.status();
    sources.push_back(SqlText("SELECT q.key AS key FROM experiment e CROSS JOIN"
                              " run q ON q.experiment = e.key WHERE ") +
                      *same);
  } else if (field->type == Type::kState && is_range) {
    absl::StatusOr<SqlText> same =
        CompareSql("q.state", comparison, Type::kState);
    if (!same.ok()) return same.status();
    sources.push_back(SqlText("SELECT q.key AS key FROM run q WHERE ") + *same);
  } else if (field->type == Type::kValue && is_range) {
    absl::StatusOr<SqlText> same =
        CompareSql("v.value", comparison, Type::kValue);
    if (!same.ok()) return same.status();
    SqlText source("SELECT v.run AS key FROM run_value v WHERE ");
    source += ForEachKey(*field, *same, "(v.name = ? AND ", ")");
    if (field->has_constants) {
      source += SqlText(
          " UNION ALL SELECT q.key FROM experiment_value v"
          " CROSS JOIN run q ON q.experiment = v.experiment"
          " WHERE ");
      source += ForEachKey(*field, *same, "(v.name = ? AND ", ")");
    }
    sources.push_back(std::move(source));
  }
  return sources;
}

}  // namespace

absl::StatusOr<ListingField> FieldOf(const Comparison& comparison,
                                     const FieldResolver& resolver) {
  absl::StatusOr<ListingField> field = resolver.Find(comparison.field);
  if (!field.ok())
    return FilterFault(comparison.column, field.status().message());
  return field;
}

absl::StatusOr<SqlText> ComparisonSql(const Comparison& comparison,
                                      const ListingField& field,
                                      Listed listed) {
  if (field.type == Type::kTag) return TagSql(comparison);
  if (field.type == Type::kValue) return ValueSql(comparison, field, listed);
  if (field.type == Type::kState && listed == Listed::kExperiments) {
    absl::StatusOr<SqlText> same =
        CompareSql("q.state", comparison, Type::kState);
    if (!same.ok()) return same;
    return SqlText(
               "EXISTS (SELECT 1 FROM run q WHERE q.experiment = e.key"
               " AND ") +
           *same + SqlText(")");
  }
  if (field.name == "user")
    return CompareSql(field.column, WithoutCollection(comparison), field.type);
  return CompareSql(field.column, comparison, field.type);
}

absl::StatusOr<SqlText> FilterSql(const Filter& filter,
                                  const FieldResolver& resolver,
                                  Listed listed) {
  if (filter.kind == Filter::Kind::kAll) return SqlText("1");
  if (filter.kind == Filter::Kind::kComparison) {
    absl::StatusOr<ListingField> field = FieldOf(filter.comparison, resolver);
    if (!field.ok()) return field.status();
    return ComparisonSql(filter.comparison, *field, listed);
  }
  std::vector<SqlText> parts;
  for (const Filter& part : filter.parts) {
    absl::StatusOr<SqlText> sql = FilterSql(part, resolver, listed);
    if (!sql.ok()) return sql;
    parts.push_back(*std::move(sql));
  }
  // A comparison with an absent value is NULL: its opposite holds.
  if (filter.kind == Filter::Kind::kNot)
    return SqlText("NOT coalesce(") + parts.front() + SqlText(", 0)");
  return Joined(parts, filter.kind == Filter::Kind::kAnd ? "AND" : "OR");
}

absl::StatusOr<std::vector<SqlText>> RunSources(const Filter& filter,
                                                const FieldResolver& resolver) {
  if (filter.kind == Filter::Kind::kComparison)
    return SourceOf(filter.comparison, resolver);
  std::vector<SqlText> sources;
  if (filter.kind != Filter::Kind::kAnd) return sources;
  for (const Filter& part : filter.parts) {
    absl::StatusOr<std::vector<SqlText>> more = RunSources(part, resolver);
    if (!more.ok()) return more;
    sources.insert(sources.end(), more->begin(), more->end());
  }
  return sources;
}

}  // namespace engram::store
