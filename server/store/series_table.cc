#include "server/store/series_table.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/spec/nearest_name.h"
#include "server/store/row_columns.h"
#include "server/store/series_codec.h"
#include "server/store/statement.h"
#include "server/store/transaction.h"

namespace engram::store {
namespace {

constexpr char kSeriesColumns[] =
    "key, run, name, unit, x, x_unit, point_count, last_x, last_value,"
    " last_absent_reason";

SeriesRow FromColumns(const Statement& read) {
  SeriesRow row;
  row.key = SeriesKey{read.Int64(0)};
  row.run = RunKey{read.Int64(1)};
  row.name = read.Text(2);
  row.unit = read.Text(3);
  row.x = read.Text(4);
  row.x_unit = read.Text(5);
  row.point_count = read.Int64(6);
  if (row.point_count > 0)
    row.last = SeriesPoint{read.Real(7), read.Real(8), read.Text(9)};
  return row;
}

std::optional<SeriesRow> MaybeSeries(Reader& reader, RunKey run,
                                     absl::string_view name) {
  Statement find = reader.Prepare(absl::StrCat(
      "SELECT ", kSeriesColumns, " FROM series WHERE run = ? AND name = ?"));
  find.Bind(run, name);
  if (!find.Step()) return std::nullopt;
  return FromColumns(find);
}

absl::Status CheckPoints(absl::string_view name,
                         std::optional<SeriesPoint> before,
                         std::span<const SeriesPoint> points) {
  for (const SeriesPoint& point : points) {
    if (!std::isfinite(point.x) || !std::isfinite(point.value))
      return absl::InvalidArgumentError(absl::StrCat(
          "series ", name, ": a point at x = ", point.x, " with value ",
          point.value,
          " is not finite; such a value is absent, with a reason"));
    if (before.has_value() && point.x <= before->x)
      return absl::InvalidArgumentError(
          absl::StrCat("series ", name, ": a point at x = ", point.x,
                       " comes after one at x = ", before->x, "; x must rise"));
    before = point;
  }
  return absl::OkStatus();
}

SeriesKey InsertSeries(Transaction& transaction, RunKey run,
                       const SeriesRow& declaration) {
  transaction
      .Prepare(
          "INSERT INTO series (run, name, unit, x, x_unit, point_count,"
          " last_x, last_value, last_absent_reason)"
          " VALUES (?, ?, ?, ?, ?, 0, 0, 0, '')")
      .Bind(run, declaration.name, declaration.unit, declaration.x,
            declaration.x_unit)
      .Run();
  return SeriesKey{transaction.LastKey()};
}

// Bytes that the chunk takes in the database.
int64_t StoreChunk(Transaction& transaction, SeriesKey series,
                   int64_t first_index, std::span<const SeriesPoint> points) {
  const std::string bytes = EncodePoints(points);
  transaction
      .Prepare(
          "INSERT INTO series_chunk (series, first_index, point_count,"
          " x_min, x_max, points) VALUES (?, ?, ?, ?, ?, ?)"
          " ON CONFLICT (series, first_index) DO UPDATE SET"
          " point_count = excluded.point_count, x_max = excluded.x_max,"
          " points = excluded.points")
      .Bind(series, first_index, points.size(), points.front().x,
            points.back().x, Blob{bytes})
      .Run();
  return static_cast<int64_t>(bytes.size());
}

struct OpenChunk {
  std::vector<SeriesPoint> points;
  int64_t byte_size = 0;
};

// The last chunk, where it is not full.
absl::StatusOr<OpenChunk> ReadOpenChunk(Reader& reader, SeriesKey series,
                                        int64_t point_count) {
  const int64_t in_chunk = point_count % kChunkPoints;
  if (in_chunk == 0) return OpenChunk();
  Statement read = reader.Prepare(
      "SELECT points FROM series_chunk WHERE series = ? AND first_index = ?");
  read.Bind(series, point_count - in_chunk);
  if (!read.Step()) return absl::DataLossError("a series has lost a chunk");
  absl::StatusOr<std::vector<SeriesPoint>> points = DecodePoints(read.View(0));
  if (!points.ok()) return points.status();
  return OpenChunk{*std::move(points),
                   static_cast<int64_t>(read.View(0).size())};
}

// Returns by how many bytes the database grew.
absl::StatusOr<int64_t> AppendChunks(Transaction& transaction,
                                     const SeriesRow& series,
                                     std::span<const SeriesPoint> points) {
  absl::StatusOr<OpenChunk> open =
      ReadOpenChunk(transaction, series.key, series.point_count);
  if (!open.ok()) return open.status();
  std::vector<SeriesPoint>& chunk = open->points;
  int64_t first_index = series.point_count - static_cast<int64_t>(chunk.size());
  int64_t grown = -open->byte_size;
  while (!points.empty()) {
    const size_t room = static_cast<size_t>(kChunkPoints) - chunk.size();
    const auto part = points.first(std::min(room, points.size()));
    chunk.insert(chunk.end(), part.begin(), part.end());
    grown += StoreChunk(transaction, series.key, first_index, chunk);
    points = points.subspan(part.size());
    first_index += static_cast<int64_t>(chunk.size());
    chunk.clear();
  }
  return grown;
}

void UpdateCounts(Transaction& transaction, const SeriesRow& series,
                  int64_t grown_bytes) {
  transaction
      .Prepare(
          "UPDATE series SET point_count = ?, last_x = ?, last_value = ?,"
          " last_absent_reason = ? WHERE key = ?")
      .Bind(series.point_count, series.last->x, series.last->value,
            series.last->absent_reason, series.key)
      .Run();
  transaction
      .Prepare("UPDATE run SET stored_bytes = stored_bytes + ? WHERE key = ?")
      .Bind(grown_bytes, series.run)
      .Run();
}

void AppendEvent(Transaction& transaction, const SeriesRow& series,
                 std::span<const SeriesPoint> points, int64_t now_us) {
  StoredEvent event = EventOfRun(transaction, series.run, now_us);
  v1::PointsStored& stored = *event.payload.mutable_points_stored();
  stored.set_series(series.name);
  stored.set_unit(series.unit);
  stored.set_x(series.x);
  stored.set_x_unit(series.x_unit);
  stored.set_first_index(series.point_count -
                         static_cast<int64_t>(points.size()));
  stored.set_point_count(series.point_count);
  stored.set_last_x(series.last->x);
  stored.set_last_value(series.last->value);
  stored.set_absent_reason(series.last->absent_reason);
  event.points.assign(points.begin(), points.end());
  transaction.Append(std::move(event));
}

}  // namespace

absl::StatusOr<SeriesKey> AppendPoints(Transaction& transaction, RunKey run,
                                       const SeriesRow& declaration,
                                       std::span<const SeriesPoint> points,
                                       int64_t now_us) {
  std::optional<SeriesRow> found =
      MaybeSeries(transaction, run, declaration.name);
  SeriesRow series = found.has_value() ? *std::move(found) : declaration;
  if (absl::Status sound = CheckPoints(series.name, series.last, points);
      !sound.ok())
    return sound;
  if (series.key == SeriesKey{}) {
    series.run = run;
    series.point_count = 0;
    series.key = InsertSeries(transaction, run, series);
  }
  if (points.empty()) return series.key;
  absl::StatusOr<int64_t> grown = AppendChunks(transaction, series, points);
  if (!grown.ok()) return grown.status();
  series.point_count += static_cast<int64_t>(points.size());
  series.last = points.back();
  if (series.last->is_absent()) series.last->value = 0;
  UpdateCounts(transaction, series, *grown);
  AppendEvent(transaction, series, points, now_us);
  return series.key;
}

std::vector<SeriesRow> ReadSeriesList(Reader& reader, RunKey run) {
  Statement read = reader.Prepare(absl::StrCat(
      "SELECT ", kSeriesColumns, " FROM series WHERE run = ? ORDER BY name"));
  read.Bind(run);
  std::vector<SeriesRow> rows;
  while (read.Step()) rows.push_back(FromColumns(read));
  return rows;
}

absl::StatusOr<SeriesRow> FindSeries(Reader& reader, RunKey run,
                                     absl::string_view name) {
  std::optional<SeriesRow> found = MaybeSeries(reader, run, name);
  if (found.has_value()) return *std::move(found);
  std::vector<std::string> names;
  for (SeriesRow& row : ReadSeriesList(reader, run))
    names.push_back(std::move(row.name));
  return absl::NotFoundError(
      names.empty() ? absl::StrCat("there is no series ", name,
                                   ": the run has recorded none yet")
                    : absl::StrCat("there is no series ", name,
                                   SuggestName(name, names)));
}

absl::StatusOr<std::vector<SeriesPoint>> ReadPoints(Reader& reader,
                                                    SeriesKey series,
                                                    int64_t from,
                                                    int64_t limit) {
  Statement read = reader.Prepare(
      "SELECT first_index, points FROM series_chunk"
      " WHERE series = ?1 AND first_index >= ?2 - ?2 % ?4"
      " AND first_index < ?3 ORDER BY first_index");
  const int64_t end = from > INT64_MAX - limit ? INT64_MAX : from + limit;
  read.Bind(series, from, end, kChunkPoints);
  std::vector<SeriesPoint> points;
  while (read.Step()) {
    absl::StatusOr<std::vector<SeriesPoint>> chunk = DecodePoints(read.View(1));
    if (!chunk.ok()) return chunk.status();
    int64_t index = read.Int64(0);
    for (SeriesPoint& point : *chunk) {
      if (index >= from && index < end) points.push_back(std::move(point));
      ++index;
    }
  }
  return points;
}

}  // namespace engram::store
