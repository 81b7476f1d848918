#include <algorithm>
#include <exception>
#include <set>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/store/array_table.h"
#include "server/store/backup_manifest.h"
#include "server/store/file_copy.h"
#include "server/store/run_table.h"
#include "server/store/series_codec.h"
#include "server/store/statement.h"
#include "server/store/store_parts.h"

namespace engram::store {
namespace {

namespace fs = std::filesystem;

// More would say nothing new.
constexpr size_t kMostProblems = 1000;

using Problems = std::vector<std::string>;

void CheckPages(Reader& reader, absl::string_view file, bool deep,
                Problems& problems) {
  Statement check = reader.PrepareOnce(deep ? "PRAGMA integrity_check"
                                            : "PRAGMA quick_check");
  while (check.Step())
    if (check.View(0) != "ok")
      problems.push_back(absl::StrCat(file, ": ", check.View(0)));
}

// One line for each row that the text gives, `what` before its first column.
void CheckNone(Reader& reader, const std::string& text, absl::string_view what,
               Problems& problems) {
  Statement check = reader.PrepareOnce(text);
  while (check.Step())
    problems.push_back(absl::StrCat(what, " ", check.View(0)));
}

void CheckRows(Reader& reader, Problems& problems) {
  CheckNone(reader,
            "SELECT \"table\" || ' (' || count(*) || ' of them)'"
            " FROM pragma_foreign_key_check GROUP BY \"table\"",
            "rows name others that are not there, in table", problems);
  CheckNone(reader,
            "SELECT e.id FROM experiment e WHERE e.run_count <>"
            " (SELECT count(*) FROM run r WHERE r.experiment = e.key)",
            "runs are missing of experiment", problems);
  CheckNone(reader,
            "SELECT e.id || '/' || r.point FROM run r"
            " JOIN experiment e ON e.key = r.experiment WHERE r.state <>"
            " (SELECT t.to_state FROM transition t WHERE t.run = r.key"
            "  ORDER BY t.sequence DESC LIMIT 1)",
            "the state is not that of the last transition of run", problems);
  CheckNone(reader,
            "SELECT s.name || ' of run key ' || s.run FROM series s WHERE"
            " s.point_count <> (SELECT coalesce(sum(c.point_count), 0)"
            "  FROM series_chunk c WHERE c.series = s.key)",
            "points are missing of series", problems);
}

void CheckTrees(Reader& reader, Problems& problems) {
  Statement keys = reader.PrepareOnce("SELECT key FROM run ORDER BY key");
  while (keys.Step()) {
    const RunKey key{keys.Int64(0)};
    if (absl::Status read = ReadTree(reader, key).status(); !read.ok())
      problems.push_back(
          absl::StrCat("tree of run key ", Int(key), ": ", read.message()));
  }
}

void CheckSeries(Reader& reader, Problems& problems) {
  Statement chunks =
      reader.PrepareOnce("SELECT key, point_count, points FROM series_chunk");
  while (chunks.Step()) {
    auto points = DecodePoints(chunks.View(2));
    const bool is_whole =
        points.ok() && static_cast<int64_t>(points->size()) == chunks.Int64(1);
    if (!is_whole)
      problems.push_back(absl::StrCat("chunk ", chunks.Int64(0),
                                      " of a series cannot be read"));
  }
}

int64_t CountRows(Reader& reader, absl::string_view table) {
  Statement count =
      reader.PrepareOnce(absl::StrCat("SELECT count(*) FROM ", table));
  return count.Step() ? count.Int64(0) : 0;
}

// Whose chunk it is, in words; for chunks that are not well.
void NameOwners(Reader& reader,
                const absl::flat_hash_map<std::string, std::string>& bad,
                Problems& problems) {
  std::set<std::string> named;
  const auto look = [&](Statement read) {
    v1::ArrayManifest manifest;
    while (read.Step()) {
      const absl::string_view bytes = read.View(1);
      if (!manifest.ParseFromArray(bytes.data(),
                                   static_cast<int>(bytes.size())))
        continue;
      for (const std::string& digest : manifest.chunks()) {
        const auto found = bad.find(digest);
        if (found == bad.end()) continue;
        named.insert(digest);
        problems.push_back(absl::StrCat(read.View(0), ": chunk ",
                                        absl::BytesToHexString(digest), " ",
                                        found->second));
      }
    }
  };
  look(reader.PrepareOnce(
      "SELECT 'array ' || a.path || CASE WHEN a.step < 0 THEN ' (final)' ELSE"
      " ' (step ' || a.step || ')' END || ' of run ' || e.id || '/' || r.point,"
      " a.manifest FROM array a JOIN run r ON r.key = a.run"
      " JOIN experiment e ON e.key = r.experiment"));
  look(reader.PrepareOnce("SELECT 'dataset ' || name, manifest FROM dataset"));
  look(reader.PrepareOnce(
      "SELECT 'input ' || i.name || ' of experiment ' || e.id, i.manifest"
      " FROM experiment_input i JOIN experiment e ON e.key = i.experiment"));
  for (const auto& [digest, what] : bad)
    if (!named.contains(digest))
      problems.push_back(
          absl::StrCat("chunk ", absl::BytesToHexString(digest), " ", what));
}

// Each kept build is the file whose digest it is called by.
void CheckBuilds(const fs::path& builds, Problems& problems) {
  std::error_code error;
  for (fs::recursive_directory_iterator entry(builds, error), end;
       !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().lexically_relative(builds).string();
    if (!entry->is_regular_file(error) || !IsBuildPath(name)) continue;
    const auto digest = FileSha256(entry->path());
    if (!digest.ok())
      problems.emplace_back(digest.status().message());
    else if (*digest != name.substr(0, digest->size()))
      problems.push_back(absl::StrCat("build ", name, " was altered: it has ",
                                      "the digest ", *digest));
  }
}

std::string Advice(bool is_damaged) {
  if (is_damaged)
    return "A database is damaged. Stop the server, keep a copy of the data "
           "folder as it is, and restore the newest backup into a new folder: "
           "engramd restore BACKUP --data NEW_FOLDER. Look after the disk "
           "(smartctl -a) before you use it again.";
  return "The databases are whole, and everything that is not listed can be "
         "read. Arrays that have lost chunks come back from a backup that has "
         "them, or when their run is submitted again: the same specification "
         "and seed on the same build give the same bytes.";
}

}  // namespace

// Parts of a check, each of which may fail without ending the others.
class Store::Checker {
 public:
  Checker(Store& store, bool deep) : store_(store), deep_(deep) {}

  CheckResult Run() {
    CheckRowsOfMain();
    CheckChunks();
    if (deep_) CheckBuilds(store_.folder() / kBuildsFolder, result_.problems);
    const size_t count = result_.problems.size();
    if (count > 0) result_.advice = Advice(is_damaged_);
    if (count > kMostProblems) {
      result_.problems.resize(kMostProblems);
      result_.problems.push_back(
          absl::StrCat("and ", count - kMostProblems, " more"));
    }
    return std::move(result_);
  }

 private:
  // What unwinds `read` is a problem of `what`.
  void Part(absl::string_view what, BlobFile* blobs,
            const std::function<void(Reader&)>& read) {
    absl::Status status;
    try {
      status = blobs == nullptr ? store_.ReadWith(read) : blobs->Read(read);
    } catch (const std::exception& error) {
      status = absl::DataLossError(error.what());
    }
    if (status.ok()) return;
    is_damaged_ = true;
    result_.problems.push_back(absl::StrCat(what, ": ", status.message()));
  }
  void Pages(const char* file, BlobFile* blobs) {
    const size_t before = result_.problems.size();
    Part(file, blobs, [&](Reader& reader) {
      CheckPages(reader, file, deep_, result_.problems);
    });
    is_damaged_ |= result_.problems.size() > before;
  }

  void CheckRowsOfMain() {
    Pages(kMainFile, nullptr);
    Part("rows of engram.db", nullptr, [&](Reader& reader) {
      const size_t before = result_.problems.size();
      CheckRows(reader, result_.problems);
      is_damaged_ |= result_.problems.size() > before;
      result_.runs_read = CountRows(reader, "run");
      result_.experiments_read = CountRows(reader, "experiment");
    });
    if (!deep_) return;
    Part("trees of runs", nullptr,
         [&](Reader& reader) { CheckTrees(reader, result_.problems); });
    Part("series", nullptr,
         [&](Reader& reader) { CheckSeries(reader, result_.problems); });
  }

  void CheckChunks() {
    BlobFile& blobs = store_.parts_->blobs;
    Pages(kBlobFile, &blobs);
    std::set<std::string> used;
    Part("manifests of arrays", nullptr, [&](Reader& reader) {
      ForEachUsedChunk(reader,
                       [&](absl::string_view digest) { used.emplace(digest); });
    });
    result_.chunks_named = static_cast<int64_t>(used.size());
    absl::flat_hash_set<std::string> here;
    Part("chunks", &blobs, [&](Reader& reader) {
      Statement read = reader.Prepare("SELECT digest FROM chunk ORDER BY key");
      while (read.Step()) here.emplace(read.View(0));
    });
    absl::flat_hash_map<std::string, std::string> bad;
    for (const std::string& digest : used)
      if (!here.contains(digest)) bad[digest] = "is not in blobs.db";
    if (deep_) CompareDigests(here, bad);
    if (bad.empty()) return;
    Part("owners of chunks", nullptr,
         [&](Reader& reader) { NameOwners(reader, bad, result_.problems); });
  }

  void CompareDigests(const absl::flat_hash_set<std::string>& here,
                      absl::flat_hash_map<std::string, std::string>& bad) {
    for (const std::string& bytes : here) {
      if (store_.parts_->has_cancelled_backups) return;
      const absl::StatusOr<Digest> digest = DigestFromBytes(bytes);
      const absl::Status read =
          digest.ok() ? store_.blobs().Get(*digest).status() : digest.status();
      ++result_.chunks_read;
      if (!read.ok())
        bad[bytes] = absl::StrCat("cannot be read: ", read.message());
    }
  }

  Store& store_;
  const bool deep_;
  CheckResult result_;
  bool is_damaged_ = false;  // so that rows cannot be trusted
};

absl::StatusOr<CheckResult> Store::Check(bool deep) {
  // No chunk may go between reading who names it and looking for it.
  MutexLock lock(parts_->maintenance);
  CheckResult result = Checker(*this, deep).Run();
  // A stop waits for no long check; half of one says nothing.
  if (parts_->has_cancelled_backups)
    return absl::CancelledError("the server stops; check once it is back");
  return result;
}

}  // namespace engram::store
