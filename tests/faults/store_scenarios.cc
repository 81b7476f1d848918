#include "tests/faults/store_scenarios.h"

#include <atomic>
#include <functional>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/sha256.h"
#include "server/store/array_table.h"
#include "server/store/attempt_table.h"
#include "server/store/claim_table.h"
#include "server/store/connection.h"
#include "server/store/item_table.h"
#include "server/store/log_table.h"
#include "server/store/migrations.h"
#include "server/store/series_table.h"
#include "server/store/setting_table.h"
#include "tests/server/store/store_folder.h"

namespace engram::faults {
namespace {

namespace fs = std::filesystem;
using namespace store;  // NOLINT: the scenarios speak of nothing else

constexpr int64_t kHourUs = 3'600'000'000;
constexpr int64_t kSubmittedRuns = 40;
constexpr int64_t kPoints = 1500;  // more than a chunk of a series holds

// Of a clock that never jumps.
std::atomic<int64_t> steady_us = 0;

std::string ArrayBytes(char fill) {
  std::string bytes;
  for (int i = 0; i < 1500; ++i)
    bytes += Sha256Hex(std::string(1, fill) + absl::StrCat(i));
  return bytes;
}

Chunk ChunkOf(char fill) {
  Chunk chunk;
  chunk.data = ArrayBytes(fill);
  chunk.digest = Sha256(chunk.data);
  return chunk;
}

RunKey RunOfA(Reader& reader, int64_t point) {
  return *FindRun(reader, *FindExperiment(reader, "aaaaaaaaaa"), point);
}

// Writes and leaves its name; promised if the store says that it is durable.
void Do(Store& store, const std::string& name, Promised& promised,
        const std::function<absl::Status(Transaction&)>& work) {
  const absl::Status status = store.Write([&](Transaction& transaction) {
    StoreSetting(transaction, name, "done");
    return work(transaction);
  });
  if (status.ok()) promised.insert(name);
}

absl::Status SubmitB(Transaction& transaction) {
  const ExperimentRow row = SomeExperiment('b', kSubmittedRuns);
  const auto key = InsertExperiment(transaction, row);
  if (!key.ok()) return key.status();
  InsertRuns(transaction, *key, SomeRuns(kSubmittedRuns), row.resources,
             "users/ada", "submitted", row.create_time_us);
  return absl::OkStatus();
}

int64_t PartsOfB(Reader& reader) {
  const auto key = FindExperiment(reader, "bbbbbbbbbb");
  if (!key.ok()) return 0;
  return 1 + std::ssize(ReadRuns(reader, *key, {}));
}

absl::Status NameArray(Transaction& transaction, int64_t point, char fill) {
  ArrayRow array{RunOfA(transaction, point), "weights", -1, {}};
  array.manifest.add_chunks(std::string(DigestBytes(ChunkOf(fill).digest)));
  StoreArray(transaction, array);
  return absl::OkStatus();
}

absl::Status RecordOfRun(Transaction& transaction) {
  const RunKey run = RunOfA(transaction, 0);
  SeriesRow series;
  series.name = "weight_norm";
  series.x = "trial";
  std::vector<SeriesPoint> points;
  v1::ItemChunk items;
  items.add_series(series.name);
  for (int64_t i = 0; i < kPoints; ++i) {
    points.push_back(
        {static_cast<double>(i), 0.37 * static_cast<double>(i), ""});
    items.add_items()->set_point(0);
  }
  const auto stored = AppendPoints(transaction, run, series, points, kNoonUs);
  if (!stored.ok()) return stored.status();
  AppendItems(transaction, run, 1, items);
  AppendLog(transaction, run, {0, kNoonUs, 1, "info", std::string(9000, 'x')});
  StoreSummary(transaction, run, {"score", "1", 0.5, ""});
  return NameArray(transaction, 0, 'r');
}

int64_t PartsOfRecord(Reader& reader) {
  const RunKey run = RunOfA(reader, 0);
  int64_t points = 0;
  for (const SeriesRow& row : ReadSeriesList(reader, run))
    points += row.point_count;
  return points + std::ssize(ReadItems(reader, run)->chunks) +
         std::ssize(ReadLog(reader, run, 0, 10)) +
         std::ssize(ReadSummary(reader, run)) +
         std::ssize(ReadArrays(reader, run));
}

absl::Status EndOfRun(Transaction& transaction) {
  const RunKey run = RunOfA(transaction, 1);
  AttemptRow attempt{.run = run, .number = 1};
  attempt.end_time_us = kNoonUs;
  attempt.end_state = "succeeded";
  StoreAttempt(transaction, attempt, kNoonUs);
  if (!ChangeState(transaction, run,
                   {.from = "queued",
                    .to = "succeeded",
                    .actor = "server",
                    .now_us = kNoonUs,
                    .end_time_us = kNoonUs}))
    return absl::InternalError("the run is not queued");
  const auto key = *FindExperiment(transaction, "aaaaaaaaaa");
  ClaimRow claim = ReadClaims(transaction, key).front();
  claim.outcome = "holds";
  StoreClaimResult(transaction, key, claim, kNoonUs);
  SetExperimentEnd(transaction, key, kNoonUs);
  return absl::OkStatus();
}

int64_t PartsOfEnd(Reader& reader) {
  const auto key = *FindExperiment(reader, "aaaaaaaaaa");
  const RunKey run = RunOfA(reader, 1);
  return std::ssize(ReadAttempts(reader, run)) +
         (ReadRun(reader, run).state == "succeeded" ? 1 : 0) +
         std::ssize(ReadTransitions(reader, run)) - 1 +
         (ReadClaims(reader, key).front().outcome == "holds" ? 1 : 0) +
         (ReadExperiment(reader, key).end_time_us.has_value() ? 1 : 0);
}

int64_t NoParts(Reader&) { return 0; }

// How many rows each thing has when it is there.
struct Thing {
  int64_t (*parts)(Reader&);
  int64_t whole;
};
const std::map<std::string, Thing> kThings = {
    {"submit", {PartsOfB, 1 + kSubmittedRuns}},
    {"record", {PartsOfRecord, kPoints + 4}},
    {"end", {PartsOfEnd, 5}},
    {"one more", {NoParts, 0}},
};

// Three runs, a claim, an array that run 2 names, and a chunk that nobody does.
void FillBase(Store& store) {
  SubmitSome(store, 'a', 3);
  const Chunk chunks[] = {ChunkOf('u'), ChunkOf('x')};
  EXPECT_TRUE(store.blobs().Put(chunks).ok());
  store::Do(store, [](Transaction& transaction) {
    EXPECT_TRUE(NameArray(transaction, 2, 'u').ok());
    ClaimRow claim;
    claim.subject = "mean of score";
    InsertClaims(transaction, *FindExperiment(transaction, "aaaaaaaaaa"),
                 {&claim, 1});
    StoreSetting(transaction, "base", "done");
  });
}

void PrepareNothing(const fs::path&) {}

void PrepareBase(const fs::path& folder) { FillBase(**OpenStore(folder)); }

// As a server that was killed leaves them: with all of it in the logs.
void PrepareLogs(const fs::path& folder) {
  const StoreFolder other;
  const auto store = OpenStore(other.path());
  FillBase(**store);
  for (const char* name :
       {"engram.db", "engram.db-wal", "blobs.db", "blobs.db-wal"})
    fs::copy_file(other.path() / name, folder / name);
}

void PrepareSchema1(const fs::path& folder) {
  auto connection = Connection::OpenWriter(folder / "engram.db", {});
  ASSERT_TRUE(connection.ok()) << connection.status();
  const Schema first = {kMainFileId, MainSchema().scripts.first(1)};
  ASSERT_TRUE(Migrate(**connection, first, folder / "backup").ok());
  (*connection)
      ->Execute("INSERT INTO setting (name, value) VALUES ('base', 'done')");
  (*connection)->Checkpoint(/*truncate=*/true);
}

void Open(const fs::path& folder, std::unique_ptr<Store>& store,
          Promised& promised) {
  auto opened = OpenStore(folder);
  if (!opened.ok()) return;
  store = *std::move(opened);
  static_cast<void>(WriteOnce(*store, promised));
}

void OpenAndClose(const fs::path& folder, std::unique_ptr<Store>& store,
                  Promised& promised) {
  Open(folder, store, promised);
  store.reset();
}

void Submit(const fs::path&, std::unique_ptr<Store>& store,
            Promised& promised) {
  Do(*store, "submit", promised, SubmitB);
}

void Record(const fs::path&, std::unique_ptr<Store>& store,
            Promised& promised) {
  // A chunk is durable before the row that names it, or it is not named.
  const Chunk chunk = ChunkOf('r');
  if (!store->blobs().Put({&chunk, 1}).ok()) return;
  promised.insert("chunk r");
  Do(*store, "record", promised, RecordOfRun);
}

void End(const fs::path&, std::unique_ptr<Store>& store, Promised& promised) {
  Do(*store, "end", promised, EndOfRun);
}

void Backup(const fs::path& folder, std::unique_ptr<Store>& store,
            Promised& promised) {
  const auto backup = store->Backup(kNoonUs);
  if (backup.ok()) {
    promised.insert("backup");
  } else if (fs::exists(folder / "backup") &&
             !fs::is_empty(folder / "backup")) {
    ADD_FAILURE() << "a backup that failed was left: " << backup.status();
  }
}

void Collect(const fs::path&, std::unique_ptr<Store>& store,
             Promised& promised) {
  // What is here when a store is opened is spared for an hour.
  steady_us += 2 * kHourUs;
  const auto result = store->CollectGarbage(/*dry_run=*/false);
  if (!result.ok()) return;
  EXPECT_EQ(result->chunk_count, 1);
  promised.insert("collected");
}

void CheckChunks(Store& store, const Promised& promised,
                 std::vector<std::string>& faults) {
  const auto is_here = [&](char fill) {
    return store.blobs().Get(ChunkOf(fill).digest).ok();
  };
  if (!is_here('u')) faults.push_back("a chunk that an array names is gone");
  if (promised.contains("chunk r") && !is_here('r'))
    faults.push_back("a chunk that was promised is gone");
  if (promised.contains("collected") && is_here('x'))
    faults.push_back("a chunk that was collected is here");
}

void CheckThings(Reader& reader, const Promised& promised,
                 std::vector<std::string>& faults) {
  for (const auto& [name, thing] : kThings) {
    const bool is_here = ReadSetting(reader, name).has_value();
    if (!is_here && promised.contains(name))
      faults.push_back(absl::StrCat(name, " was promised and is gone"));
    const int64_t parts = thing.parts(reader);
    if (parts != (is_here ? thing.whole : 0))
      faults.push_back(absl::StrCat(name, " is there by ", parts, " of ",
                                    thing.whole, " parts"));
  }
}

// The copy is a store of its own, with everything.
void CheckBackup(const fs::path& folder, std::vector<std::string>& faults) {
  const StoreFolder restored;
  for (const auto& backup : fs::directory_iterator(folder / "backup")) {
    if (!backup.is_directory()) continue;
    for (const char* name : {"engram.db", "blobs.db"})
      fs::copy_file(backup.path() / name, restored.path() / name);
    const auto copy = OpenStore(restored.path());
    if (!copy.ok())
      faults.push_back(absl::StrCat("backup: ", copy.status().ToString()));
    else
      for (const std::string& fault : FaultsOf(**copy, {"base"}))
        faults.push_back(absl::StrCat("backup: ", fault));
    return;
  }
  faults.push_back("the backup is not there");
}

}  // namespace

const std::vector<Scenario>& Scenarios() {
  static const std::vector<Scenario> all = {
      {"open_fresh", PrepareNothing, true, Open},
      {"open_with_logs_and_close", PrepareLogs, true, OpenAndClose},
      {"submit", PrepareBase, false, Submit},
      {"record", PrepareBase, false, Record},
      {"end_with_claims", PrepareBase, false, End},
      {"backup", PrepareBase, false, Backup},
      {"collect_garbage", PrepareBase, false, Collect},
      {"migrate_from_schema_1", PrepareSchema1, true, Open},
  };
  return all;
}

absl::StatusOr<std::unique_ptr<Store>> OpenStore(const fs::path& folder) {
  StoreOptions options;
  options.folder = folder;
  options.now_us = [] { return kNoonUs; };
  options.steady_us = [] { return steady_us.load(); };
  options.checkpoint_pages = 20;
  return Store::Open(options);
}

absl::Status WriteOnce(Store& store, Promised& promised) {
  const absl::Status status = store.Write([](Transaction& transaction) {
    StoreSetting(transaction, "one more", "done");
    return absl::OkStatus();
  });
  if (status.ok()) promised.insert("one more");
  return status;
}

std::vector<std::string> FaultsOf(Store& store, const Promised& promised) {
  std::vector<std::string> faults;
  bool has_base = false, has_runs = false;
  const absl::Status read = store.Read([&](Reader& reader) {
    has_base = ReadSetting(reader, "base").has_value();
    has_runs = FindExperiment(reader, "aaaaaaaaaa").ok();
    if (has_runs) CheckThings(reader, promised, faults);
    if (!has_runs && promised.contains("one more") &&
        !ReadSetting(reader, "one more").has_value())
      faults.push_back("one more was promised and is gone");
    return absl::OkStatus();
  });
  if (!read.ok()) faults.push_back(read.ToString());
  if (promised.contains("base") && !has_base)
    faults.push_back("what was there before is gone");
  if (has_runs) CheckChunks(store, promised, faults);
  const auto check = store.Check(/*deep=*/true);
  if (!check.ok()) {
    faults.push_back(check.status().ToString());
  } else {
    faults.insert(faults.end(), check->problems.begin(), check->problems.end());
  }
  if (promised.contains("backup")) CheckBackup(store.folder(), faults);
  return faults;
}

}  // namespace engram::faults
