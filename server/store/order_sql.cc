#include "server/store/order_sql.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "server/store/filter.h"

namespace engram::store {
namespace {

using Type = ListingField::Type;

absl::Status Fault(const OrderTerm& term, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("order_by:", term.column, ": ", what));
}

SqlText ValueExpression(const ListingField& field) {
  SqlText all("coalesce(NULL, NULL");
  for (const int64_t key : field.value_keys) {
    all += SqlText(
        ", (SELECT v.value FROM run_value v WHERE v.run = r.key"
        " AND v.name = ?)",
        {key});
    if (field.has_constants)
      all += SqlText(
          ", (SELECT v.value FROM experiment_value v"
          " WHERE v.experiment = e.key AND v.name = ?)",
          {key});
  }
  return all + SqlText(")");
}

absl::StatusOr<SortKey> KeyOf(const OrderTerm& term,
                              const FieldResolver& resolver, Listed listed) {
  absl::StatusOr<ListingField> field = resolver.Find(term.field);
  if (!field.ok()) return Fault(term, field.status().message());
  SortKey key;
  key.is_descending = term.is_descending;
  key.is_nullable = field->is_nullable;
  key.field = *field;
  if (field->type == Type::kValue && listed == Listed::kRuns) {
    key.expression = ValueExpression(*field);
    if (!field->has_constants && field->value_keys.size() == 1)
      key.value_key = field->value_keys.front();
    return key;
  }
  if (field->column.empty())
    return Fault(term, absl::StrCat("cannot sort by ", term.field));
  key.expression = SqlText(field->column);
  return key;
}

std::string Column(size_t i) { return absl::StrCat("k", i); }

SqlText AfterFrom(const std::vector<SortKey>& keys,
                  const std::vector<SqlValue>& position, size_t i) {
  if (i == keys.size()) return SqlText("0");
  const std::string k = Column(i);
  const SqlText rest = AfterFrom(keys, position, i + 1);
  if (std::holds_alternative<std::monostate>(position[i]))
    return SqlText(absl::StrCat("(", k, " IS NULL AND ")) + rest + SqlText(")");
  SqlText after(absl::StrCat("(", k, keys[i].is_descending ? " < ?" : " > ?"),
                {position[i]});
  if (keys[i].is_nullable) after.text += absl::StrCat(" OR ", k, " IS NULL");
  after += SqlText(absl::StrCat(" OR (", k, " = ? AND "), {position[i]});
  return after + rest + SqlText("))");
}

}  // namespace

absl::StatusOr<std::vector<SortKey>> SortKeys(absl::string_view order_by,
                                              const FieldResolver& resolver,
                                              Listed listed) {
  absl::StatusOr<std::vector<OrderTerm>> terms = ParseOrder(order_by);
  if (!terms.ok()) return terms.status();
  std::vector<SortKey> keys;
  for (const OrderTerm& term : *terms) {
    absl::StatusOr<SortKey> key = KeyOf(term, resolver, listed);
    if (!key.ok()) return key.status();
    keys.push_back(*std::move(key));
  }
  const bool is_runs = listed == Listed::kRuns;
  if (keys.empty() && is_runs)
    return std::vector<SortKey>{{.expression = SqlText("r.experiment"),
                                 .is_descending = true,
                                 .is_default_order = true},
                                {.expression = SqlText("r.point")}};
  const bool is_descending = keys.empty() || keys.back().is_descending;
  keys.push_back({.expression = SqlText(is_runs ? "r.key" : "e.key"),
                  .is_descending = is_descending});
  return keys;
}

std::string OrderBy(const std::vector<SortKey>& keys) {
  std::string text;
  for (size_t i = 0; i < keys.size(); ++i) {
    absl::StrAppend(&text, i == 0 ? " ORDER BY " : ", ");
    if (keys[i].is_nullable) absl::StrAppend(&text, Column(i), " IS NULL, ");
    absl::StrAppend(&text, Column(i), keys[i].is_descending ? " DESC" : "");
  }
  return text;
}

SqlText After(const std::vector<SortKey>& keys,
              const std::vector<SqlValue>& position) {
  ENGRAM_EXPECT(position.size() == keys.size());
  SqlText after = AfterFrom(keys, position, 0);
  if (keys.front().is_nullable) return after;
  // Follows from the rest, and lets the planner enter an index there.
  const SqlText bound(
      absl::StrCat("k0", keys.front().is_descending ? " <= ?" : " >= ?"),
      {position.front()});
  return Joined({bound, after}, "AND");
}

}  // namespace engram::store
