#include "server/store/run_filter.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/store/filter_sql.h"
#include "server/store/runs_of_experiments.h"
#include "server/store/sql_text.h"
#include "server/store/transaction.h"
#include "server/store/value_sql.h"

namespace engram::store {
namespace {

using Type = ListingField::Type;

KeySet KeysOf(Reader& reader, const SqlText& sql) {
  Statement read = Prepared(reader, sql);
  KeySet keys;
  while (read.Step()) keys.Add(read.Int64(0));
  return keys;
}

int64_t CountUpTo(Reader& reader, const SqlText& rows, int64_t limit) {
  Statement count = Prepared(reader, SqlText("SELECT count(*) FROM (") + rows +
                                         SqlText(" LIMIT ?)", {limit}));
  return count.Step() ? count.Int64(0) : 0;
}

// The source with the fewest keys, if it has at most kNarrow: each is counted
// through its index that far.
std::optional<SqlText> NarrowSource(Reader& reader,
                                    const std::vector<SqlText>& sources) {
  std::optional<SqlText> narrowest;
  int64_t least = kNarrow + 1;
  for (const SqlText& source : sources) {
    const int64_t count = CountUpTo(reader, source, least);
    if (count >= least) continue;
    least = count;
    narrowest = source;
  }
  return narrowest;
}

// Those of the source's runs that meet the condition, looked at one by one.
KeySet Checked(Reader& reader, const SqlText& source, const SqlText& where) {
  return KeysOf(
      reader,
      SqlText("SELECT r.key FROM (SELECT DISTINCT key FROM (") + source +
          SqlText(")) d CROSS JOIN run r ON r.key = d.key"
                  " CROSS JOIN experiment e ON e.key = r.experiment WHERE ") +
          where);
}

void AddRunsOf(Reader& reader, const KeySet& experiments, KeySet& runs) {
  ForEachRunOf(reader, experiments,
               [&](int64_t, int64_t run) { runs.Add(run); });
}

// A filter as sets of runs: each comparison by one pass over an index.
class Passes {
 public:
  Passes(Reader& reader, const FieldResolver& resolver)
      : reader_(reader), resolver_(resolver) {}

  absl::StatusOr<KeySet> Of(const Filter& filter) {
    switch (filter.kind) {
      case Filter::Kind::kAll:
        return EveryRun(reader_);
      case Filter::Kind::kComparison:
        return OfComparison(filter.comparison);
      case Filter::Kind::kNot:
        return OfNot(filter.parts.front());
      case Filter::Kind::kAnd:
      case Filter::Kind::kOr:
        break;
    }
    return OfParts(filter);
  }

 private:
  absl::StatusOr<KeySet> OfNot(const Filter& part) {
    absl::StatusOr<KeySet> others = Of(part);
    if (!others.ok()) return others;
    KeySet runs = EveryRun(reader_);
    runs.Remove(*others);
    return runs;
  }

  absl::StatusOr<KeySet> OfParts(const Filter& filter) {
    absl::StatusOr<KeySet> runs = Of(filter.parts.front());
    for (size_t i = 1; i < filter.parts.size() && runs.ok(); ++i) {
      const absl::StatusOr<KeySet> more = Of(filter.parts[i]);
      if (!more.ok()) return more;
      if (filter.kind == Filter::Kind::kAnd)
        runs->IntersectWith(*more);
      else
        runs->UniteWith(*more);
    }
    return runs;
  }

  absl::StatusOr<KeySet> OfComparison(const Comparison& comparison) {
    absl::StatusOr<ListingField> field = FieldOf(comparison, resolver_);
    if (!field.ok()) return field.status();
    if (field->type == Type::kValue) return OfValue(comparison, *field);
    const absl::StatusOr<SqlText> condition =
        ComparisonSql(comparison, *field, Listed::kRuns);
    if (!condition.ok()) return condition.status();
    if (!field->is_of_experiment)
      return KeysOf(reader_,
                    SqlText("SELECT r.key FROM run r WHERE ") + *condition);
    KeySet runs;
    AddRunsOf(reader_,
              KeysOf(reader_, SqlText("SELECT e.key FROM experiment e WHERE ") +
                                  *condition),
              runs);
    return runs;
  }

  absl::StatusOr<KeySet> OfValue(const Comparison& comparison,
                                 const ListingField& field) {
    const absl::StatusOr<SqlText> condition =
        CompareSql("v.value", comparison, Type::kValue);
    if (!condition.ok()) return condition.status();
    KeySet runs;
    for (const int64_t key : field.value_keys) {
      runs.UniteWith(
          KeysOf(reader_,
                 SqlText("SELECT v.run FROM run_value v WHERE v.name = ? AND ",
                         {key}) +
                     *condition));
      if (!field.has_constants) continue;
      AddRunsOf(
          reader_,
          KeysOf(reader_, SqlText("SELECT v.experiment FROM experiment_value v"
                                  " WHERE v.name = ? AND ",
                                  {key}) +
                              *condition),
          runs);
    }
    return runs;
  }

  Reader& reader_;
  const FieldResolver& resolver_;
};

}  // namespace

absl::StatusOr<std::optional<KeySet>> RunsThatMeet(
    Reader& reader, std::optional<ExperimentKey> experiment,
    const Filter& filter, const FieldResolver& resolver) {
  absl::StatusOr<SqlText> where = FilterSql(filter, resolver, Listed::kRuns);
  if (!where.ok()) return where.status();
  absl::StatusOr<std::vector<SqlText>> sources = RunSources(filter, resolver);
  if (!sources.ok()) return sources.status();
  KeySet scope;
  if (experiment.has_value()) {
    const SqlText of_experiment(
        "SELECT q.key AS key FROM run q"
        " WHERE q.experiment = ?",
        {Int(*experiment)});
    scope = KeysOf(reader, of_experiment);
    if (filter.kind == Filter::Kind::kAll) return scope;
    where = Joined({SqlText("r.experiment = ?", {Int(*experiment)}), *where},
                   "AND");
    sources->push_back(of_experiment);
  } else if (filter.kind == Filter::Kind::kAll) {
    return std::nullopt;
  }
  const std::optional<SqlText> narrow = NarrowSource(reader, *sources);
  if (narrow.has_value()) return Checked(reader, *narrow, *where);
  absl::StatusOr<KeySet> runs = Passes(reader, resolver).Of(filter);
  if (!runs.ok()) return runs.status();
  if (experiment.has_value()) runs->IntersectWith(scope);
  return *std::move(runs);
}

KeySet EveryRun(Reader& reader) {
  return KeysOf(reader, SqlText("SELECT key FROM run"));
}

}  // namespace engram::store
