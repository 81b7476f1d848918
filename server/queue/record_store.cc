#include "server/queue/record_store.h"

#include <algorithm>
#include <map>
#include <span>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/queue/stored_item.h"
#include "server/store/array_table.h"
#include "server/store/blobs.h"
#include "server/store/item_table.h"
#include "server/store/log_table.h"
#include "server/store/run_table.h"
#include "server/store/series_table.h"
#include "server/store/spike_table.h"

namespace engram {
namespace {

using store::RunKey;
using store::SeriesPoint;
using store::v1::ItemChunk;
using store::v1::StoredItem;

// So many chunks of items are read at once: each was one report of a worker.
constexpr int kChunksAtOnce = 32;

using Counts = std::map<std::string, int64_t>;  // of points, by series

// Points of one run's series, given out one after the other.
class StoredSeries {
 public:
  // `counts`: how many points of each series are wanted, those after `before`
  // of each.
  static absl::StatusOr<StoredSeries> Load(store::Reader& reader, RunKey run,
                                           const Counts& counts,
                                           const Counts& before) {
    StoredSeries all;
    for (const store::SeriesRow& row : store::ReadSeriesList(reader, run)) {
      const auto wanted = counts.find(row.name);
      if (wanted == counts.end()) continue;
      const auto read = before.find(row.name);
      auto points = store::ReadPoints(reader, row.key,
                                      read == before.end() ? 0 : read->second,
                                      wanted->second);
      if (!points.ok()) return points.status();
      all.series_[row.name] = {
          SeriesInfo{row.name, row.unit, row.x, row.x_unit}, *std::move(points),
          0};
    }
    return all;
  }

  absl::StatusOr<RecordedItem> Next(const std::string& name) {
    Entry& entry = series_[name];
    if (entry.next == entry.points.size()) {
      return absl::DataLossError(absl::StrCat(
          "series ", name, " has fewer points than items of it are stored"));
    }
    const SeriesPoint& point = entry.points[entry.next++];
    return RecordedPoint{.series = 0,
                         .declared = entry.info,
                         .x = point.x,
                         .value = point.value,
                         .absent_reason = point.absent_reason};
  }

 private:
  struct Entry {
    SeriesInfo info;
    std::vector<SeriesPoint> points;
    std::size_t next = 0;
  };
  std::map<std::string, Entry> series_;
};

// Calls `visit(chunk, item)` for each item after ordinal `after`.
template <class Visit>
absl::Status ForEachItem(const store::StoredItems& stored, int64_t after,
                         const Visit& visit) {
  int64_t ordinal = stored.first_ordinal;
  for (const ItemChunk& chunk : stored.chunks) {
    for (const StoredItem& item : chunk.items()) {
      if (ordinal++ <= after) continue;
      if (auto status = visit(chunk, item); !status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

Counts CountPoints(const store::StoredItems& stored, int64_t after) {
  Counts counts;
  ForEachItem(stored, after,
              [&](const ItemChunk& chunk, const StoredItem& item) {
                if (item.content_case() == StoredItem::kPoint) {
                  ++counts[chunk.series(item.point())];
                }
                return absl::OkStatus();
              })
      .IgnoreError();
  return counts;
}

// The items after ordinal `after`, with their points, of which the series have
// `before` earlier ones.
absl::Status AppendStored(store::Reader& reader, RunKey run,
                          const store::StoredItems& stored, int64_t after,
                          const Counts& wanted, const Counts& before,
                          std::vector<RecordedItem>& items) {
  auto series = StoredSeries::Load(reader, run, wanted, before);
  if (!series.ok()) return series.status();
  return ForEachItem(
      stored, after,
      [&](const ItemChunk& chunk, const StoredItem& item) -> absl::Status {
        if (item.content_case() != StoredItem::kPoint) {
          items.push_back(FromStored(item));
          return absl::OkStatus();
        }
        auto point = series->Next(chunk.series(item.point()));
        if (!point.ok()) return point.status();
        items.push_back(*std::move(point));
        return absl::OkStatus();
      });
}

// New items on their way into the store.
class NewItems {
 public:
  NewItems(store::Transaction& transaction, const AttemptRecord& attempt,
           int64_t now_us)
      : transaction_(transaction), attempt_(attempt), now_us_(now_us) {}

  void Add(const RecordedItem& item, const SeriesInfo* series) {
    if (const auto* point = std::get_if<RecordedPoint>(&item)) {
      AddPoint(*point, *series);
      return;
    }
    *chunk_.add_items() = ToStored(item);
    std::visit([this](const auto& kind) { Keep(kind); }, item);
  }

  absl::Status Write(int64_t first_ordinal) {
    for (const auto& [name, gathered] : points_) {
      const auto key =
          store::AppendPoints(transaction_, attempt_.key, gathered.series,
                              gathered.points, now_us_);
      if (!key.ok()) return key.status();
    }
    for (const auto& [name, gathered] : spikes_) {
      const auto status =
          store::AppendSpikes(transaction_, attempt_.key, gathered.population,
                              gathered.steps, gathered.units, first_ordinal);
      if (!status.ok()) return status;
    }
    store::AppendItems(transaction_, attempt_.key, first_ordinal, chunk_);
    store::SetStoredOrdinal(transaction_, attempt_.key,
                            first_ordinal + chunk_.items_size() - 1);
    return absl::OkStatus();
  }

 private:
  struct Gathered {
    int index = 0;  // in the chunk
    store::SeriesRow series;
    std::vector<SeriesPoint> points;
  };

  struct GatheredSpikes {
    store::PopulationRow population;
    std::vector<int64_t> steps;
    std::vector<int32_t> units;
  };

  void AddPoint(const RecordedPoint& point, const SeriesInfo& info) {
    const auto [it, is_new] = points_.try_emplace(info.name);
    Gathered& gathered = it->second;
    if (is_new) {
      gathered.index = chunk_.series_size();
      chunk_.add_series(info.name);
      gathered.series.name = info.name;
      gathered.series.unit = info.unit;
      gathered.series.x = info.x;
      gathered.series.x_unit = info.x_unit;
    }
    gathered.points.push_back({point.x, point.value, point.absent_reason});
    chunk_.add_items()->set_point(gathered.index);
  }
  void Keep(const RecordedPoint&) {}
  void Keep(const RecordedArray& array) {
    store::StoreArray(transaction_, {attempt_.key, array.path, array.step,
                                     ToStored(array.manifest)});
  }
  // The chunk has them whole.
  void Keep(const RecordedSpikes& spikes) {
    GatheredSpikes& gathered = spikes_[spikes.population.name];
    gathered.population.name = spikes.population.name;
    gathered.population.unit_count = spikes.population.units;
    gathered.population.dt_ms = spikes.population.dt;
    gathered.steps.insert(gathered.steps.end(), spikes.steps.begin(),
                          spikes.steps.end());
    gathered.units.insert(gathered.units.end(), spikes.units.begin(),
                          spikes.units.end());
  }
  void Keep(const RecordedSummary& summary) {
    store::StoreSummary(
        transaction_, attempt_.key,
        {summary.name, summary.unit, summary.value, summary.absent_reason});
  }
  void Keep(const RecordedLog& log) {
    store::AppendLog(transaction_, attempt_.key,
                     {0, now_us_, attempt_.number, log.level, log.text});
  }

  store::Transaction& transaction_;
  const AttemptRecord& attempt_;
  const int64_t now_us_;
  ItemChunk chunk_;
  std::map<std::string, Gathered> points_;
  std::map<std::string, GatheredSpikes> spikes_;
};

// The series that a point belongs to; null for other kinds of items.
absl::StatusOr<const SeriesInfo*> SeriesOf(AttemptRecord& attempt,
                                           const RecordedItem& item) {
  const auto* point = std::get_if<RecordedPoint>(&item);
  if (point == nullptr) return nullptr;
  if (point->declared) attempt.series[point->series] = *point->declared;
  const auto it = attempt.series.find(point->series);
  if (it == attempt.series.end()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "a point of series ", point->series, ", which was not declared"));
  }
  return &it->second;
}

absl::Status CheckPresent(store::Blobs& blobs,
                          std::span<const store::Digest> digests,
                          absl::string_view what) {
  if (digests.empty()) return absl::OkStatus();
  const auto missing = blobs.FindMissing(digests);
  if (!missing.ok()) return missing.status();
  if (missing->empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      missing->size(), " chunks of ", what,
      " are not in the store; they are written before ", what, " is reported"));
}

absl::Status AddDigests(const RecordedManifest& manifest,
                        std::vector<store::Digest>& digests) {
  for (const std::string& chunk : manifest.chunks) {
    const auto digest = store::DigestFromBytes(chunk);
    if (!digest.ok()) return digest.status();
    digests.push_back(*digest);
  }
  return absl::OkStatus();
}

absl::Status CheckArrays(store::Blobs& blobs, const ItemsReport& report,
                         int64_t stored) {
  std::vector<store::Digest> digests;
  int64_t ordinal = report.first_ordinal;
  for (const RecordedItem& item : report.items) {
    const auto* array = std::get_if<RecordedArray>(&item);
    if (ordinal++ <= stored || array == nullptr) continue;
    auto status = AddDigests(array->manifest, digests);
    if (!status.ok()) return status;
  }
  return CheckPresent(blobs, digests, "an array");
}

// A difference, unless one was found before and the attempt goes on.
std::optional<std::string> CompareOne(AttemptRecord& attempt, int64_t ordinal,
                                      const RecordedItem& item) {
  const auto* summary = std::get_if<RecordedSummary>(&item);
  if (attempt.is_current && summary != nullptr) {
    attempt.found[summary->name] = *summary;
  }
  if (!attempt.first_difference.empty()) return std::nullopt;
  auto difference = attempt.comparer->Compare(ordinal, item);
  if (difference) attempt.first_difference = *difference;
  return difference;
}

absl::Status CheckOrder(const AttemptRecord& attempt,
                        const ItemsReport& report) {
  if (report.first_ordinal == attempt.ordinal->now + 1) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("items from ", report.first_ordinal, " on, expected from ",
                   attempt.ordinal->now + 1));
}

}  // namespace

absl::StatusOr<std::vector<RecordedItem>> LoadRecord(store::Reader& reader,
                                                     RunKey run,
                                                     int64_t after) {
  const auto stored = store::ReadItems(reader, run, after);
  if (!stored.ok()) return stored.status();
  const Counts wanted = CountPoints(*stored, after);
  // The newest ones.
  Counts before;
  for (const store::SeriesRow& row : store::ReadSeriesList(reader, run)) {
    const auto count = wanted.find(row.name);
    if (count == wanted.end()) continue;
    before[row.name] = std::max<int64_t>(0, row.point_count - count->second);
  }
  std::vector<RecordedItem> items;
  const absl::Status status =
      AppendStored(reader, run, *stored, after, wanted, before, items);
  if (!status.ok()) return status;
  return items;
}

absl::StatusOr<bool> RecordLoader::Continue(store::Reader& reader) {
  const int64_t after = std::ssize(items_);
  const auto stored = store::ReadItems(reader, run_, after, kChunksAtOnce);
  if (!stored.ok()) return stored.status();
  const Counts wanted = CountPoints(*stored, after);
  const absl::Status status =
      AppendStored(reader, run_, *stored, after, wanted, points_, items_);
  if (!status.ok()) return status;
  for (const auto& [name, count] : wanted) points_[name] += count;
  return std::ssize(stored->chunks) == kChunksAtOnce;
}

absl::Status CheckChunks(store::Blobs& blobs,
                         const RecordedManifest& manifest) {
  std::vector<store::Digest> digests;
  auto status = AddDigests(manifest, digests);
  if (!status.ok()) return status;
  return CheckPresent(blobs, digests, "a checkpoint");
}

absl::StatusOr<std::optional<std::string>> StoreItems(
    store::Transaction& transaction, store::Blobs& blobs, Staging& staging,
    AttemptRecord& attempt, const ItemsReport& report, int64_t now_us) {
  if (auto status = CheckOrder(attempt, report); !status.ok()) return status;
  const int64_t stored =
      attempt.comparer ? attempt.comparer->stored_count() : 0;
  if (auto status = CheckArrays(blobs, report, stored); !status.ok()) {
    return status;
  }
  NewItems new_items(transaction, attempt, now_us);
  int64_t ordinal = report.first_ordinal;
  for (const RecordedItem& item : report.items) {
    const auto series = SeriesOf(attempt, item);
    if (!series.ok()) return series.status();
    if (ordinal > stored) {
      new_items.Add(item, *series);
    } else if (auto difference = attempt.comparer->Compare(ordinal, item)) {
      return difference;
    }
    ++ordinal;
  }
  staging.Set(attempt.ordinal, ordinal - 1);
  const int64_t first_new = std::max(report.first_ordinal, stored + 1);
  if (first_new >= ordinal) return std::nullopt;
  if (auto status = new_items.Write(first_new); !status.ok()) return status;
  return std::nullopt;
}

absl::StatusOr<std::optional<std::string>> CompareItems(
    Staging& staging, AttemptRecord& attempt, const ItemsReport& report) {
  if (auto status = CheckOrder(attempt, report); !status.ok()) return status;
  int64_t ordinal = report.first_ordinal;
  for (const RecordedItem& item : report.items) {
    const auto series = SeriesOf(attempt, item);
    if (!series.ok()) return series.status();
    auto difference = CompareOne(attempt, ordinal, item);
    if (difference && !attempt.is_current) {
      staging.Set(attempt.ordinal, ordinal - 1);
      return difference;
    }
    ++ordinal;
  }
  staging.Set(attempt.ordinal, ordinal - 1);
  return std::nullopt;
}

}  // namespace engram
