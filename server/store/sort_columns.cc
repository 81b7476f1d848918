#include "server/store/sort_columns.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "server/store/runs_of_experiments.h"
#include "server/store/sql_text.h"
#include "server/store/transaction.h"

namespace engram::store {
namespace {

bool IsAbsent(const SqlValue& value) {
  return std::holds_alternative<std::monostate>(value);
}

// Counts, times and seeds stay below 2^53, so that a real holds each exactly.
double NumberOf(const SqlValue& value) {
  if (const auto* integer = std::get_if<int64_t>(&value))
    return static_cast<double>(*integer);
  return std::get<double>(value);
}

// As SQLite compares: every number is less than every text.
int Compare(const SqlValue& a, const SqlValue& b) {
  const auto* a_text = std::get_if<std::string>(&a);
  const auto* b_text = std::get_if<std::string>(&b);
  if (a_text != nullptr && b_text != nullptr) return a_text->compare(*b_text);
  if (a_text != nullptr || b_text != nullptr) return a_text != nullptr ? 1 : -1;
  const double left = NumberOf(a), right = NumberOf(b);
  return left < right ? -1 : (left > right ? 1 : 0);
}

// Below zero when `a` comes before `b`; absent values come last either way.
int Order(const SqlValue& a, const SqlValue& b, bool is_descending) {
  if (IsAbsent(a) || IsAbsent(b))
    return static_cast<int>(IsAbsent(a)) - static_cast<int>(IsAbsent(b));
  return is_descending ? Compare(b, a) : Compare(a, b);
}

}  // namespace

SortColumns::SortColumns(const KeySet& runs, const std::vector<SortKey>& keys)
    : keys_(keys), ranks_(runs), columns_(keys.size()) {
  runs_.reserve(static_cast<size_t>(ranks_.size()));
  runs.ForEach([&](int64_t run) { runs_.push_back(run); });
  for (std::vector<SqlValue>& column : columns_) column.resize(runs_.size());
}

void SortColumns::ReadOneByOne(Reader& reader) {
  SqlText sql("SELECT r.key");
  for (const SortKey& key : keys_) sql += SqlText(", ") + key.expression;
  sql += SqlText(
      " FROM run r CROSS JOIN experiment e ON e.key = r.experiment"
      " WHERE r.key = ?");
  Statement read = reader.PrepareOnce(sql.text);
  for (size_t rank = 0; rank < runs_.size(); ++rank) {
    for (const SqlValue& value : sql.values) read.Bind(value);
    read.Bind(runs_[rank]);
    ENGRAM_EXPECT(read.Step());
    for (size_t i = 0; i < keys_.size(); ++i)
      columns_[i][rank] = read.Any(static_cast<int>(i) + 1);
    read.Reset();
  }
}

void SortColumns::ReadInPasses(Reader& reader) {
  for (size_t i = 0; i < keys_.size(); ++i) {
    const std::optional<ListingField>& field = keys_[i].field;
    if (!field.has_value())
      for (const int64_t run : runs_) Offer(i, run, run);
    else if (field->type == ListingField::Type::kValue)
      ReadValues(reader, i);
    else
      ReadColumn(reader, i);
  }
}

void SortColumns::ReadColumn(Reader& reader, size_t column) {
  const ListingField& field = *keys_[column].field;
  if (!field.is_of_experiment) {
    Statement read = reader.PrepareOnce(
        absl::StrCat("SELECT r.key, ", field.column, " FROM run r"));
    OfferRows(read, column);
    return;
  }
  KeySet experiments;
  absl::flat_hash_map<int64_t, SqlValue> values;
  Statement read = reader.PrepareOnce(
      absl::StrCat("SELECT e.key, ", field.column, " FROM experiment e"));
  while (read.Step()) {
    experiments.Add(read.Int64(0));
    values[read.Int64(0)] = read.Any(1);
  }
  ForEachRunOf(reader, experiments, [&](int64_t experiment, int64_t run) {
    Offer(column, run, values[experiment]);
  });
}

void SortColumns::ReadValues(Reader& reader, size_t column) {
  for (const int64_t name : keys_[column].field->value_keys) {
    Statement read = reader.Prepare(
        "SELECT v.run, v.value FROM run_value v WHERE v.name = ?"
        " AND v.value IS NOT NULL");
    read.Bind(name);
    OfferRows(read, column);
    KeySet experiments;
    absl::flat_hash_map<int64_t, SqlValue> values;
    Statement constants = reader.Prepare(
        "SELECT v.experiment, v.value FROM experiment_value v"
        " WHERE v.name = ?");
    constants.Bind(name);
    while (constants.Step()) {
      experiments.Add(constants.Int64(0));
      values[constants.Int64(0)] = constants.Any(1);
    }
    ForEachRunOf(reader, experiments, [&](int64_t experiment, int64_t run) {
      Offer(column, run, values[experiment]);
    });
  }
}

void SortColumns::OfferRows(Statement& rows, size_t column) {
  // To read a value costs more than to see that nobody wants it.
  while (rows.Step())
    if (const int64_t run = rows.Int64(0); ranks_.Of(run) >= 0)
      Offer(column, run, rows.Any(1));
}

void SortColumns::Offer(size_t column, int64_t run, const SqlValue& value) {
  const int64_t rank = ranks_.Of(run);
  if (rank < 0) return;
  SqlValue& kept = columns_[column][static_cast<size_t>(rank)];
  if (IsAbsent(kept)) kept = value;
}

std::vector<PlacedRun> SortColumns::First(const std::vector<SqlValue>& position,
                                          int64_t count) const {
  std::vector<int64_t> order;
  order.reserve(runs_.size());
  for (int64_t rank = 0; rank < std::ssize(runs_); ++rank)
    if (position.empty() || IsAfter(rank, position)) order.push_back(rank);
  const auto end = order.begin() + std::min<int64_t>(count, std::ssize(order));
  std::partial_sort(order.begin(), end, order.end(),
                    [&](int64_t a, int64_t b) { return IsBefore(a, b); });
  std::vector<PlacedRun> first;
  for (auto it = order.begin(); it != end; ++it) {
    const auto rank = static_cast<size_t>(*it);
    PlacedRun run{runs_[rank], {}};
    for (const std::vector<SqlValue>& column : columns_)
      run.position.push_back(column[rank]);
    first.push_back(std::move(run));
  }
  return first;
}

bool SortColumns::IsBefore(int64_t a, int64_t b) const {
  for (size_t i = 0; i < keys_.size(); ++i) {
    const int order =
        Order(columns_[i][static_cast<size_t>(a)],
              columns_[i][static_cast<size_t>(b)], keys_[i].is_descending);
    if (order != 0) return order < 0;
  }
  return false;
}

bool SortColumns::IsAfter(int64_t rank,
                          const std::vector<SqlValue>& position) const {
  for (size_t i = 0; i < keys_.size(); ++i) {
    const int order = Order(columns_[i][static_cast<size_t>(rank)], position[i],
                            keys_[i].is_descending);
    if (order != 0) return order > 0;
  }
  return false;
}

}  // namespace engram::store
