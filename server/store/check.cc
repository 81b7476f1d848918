#include <set>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/store/array_table.h"
#include "server/store/run_table.h"
#include "server/store/series_codec.h"
#include "server/store/statement.h"
#include "server/store/store_parts.h"

namespace engram::store {
namespace {

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
  CheckNone(reader, "SELECT DISTINCT \"table\" FROM pragma_foreign_key_check",
            "a row names one that is not there, in table", problems);
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

int64_t CountRuns(Reader& reader) {
  Statement count = reader.Prepare("SELECT count(*) FROM run");
  return count.Step() ? count.Int64(0) : 0;
}

void CheckChunksPresent(const absl::flat_hash_set<Digest>& here,
                        const std::set<std::string>& used, Problems& problems) {
  for (const std::string& bytes : used) {
    absl::StatusOr<Digest> digest = DigestFromBytes(bytes);
    if (!digest.ok() || !here.contains(*digest))
      problems.push_back(absl::StrCat("an array names chunk ",
                                      absl::BytesToHexString(bytes),
                                      ", which is not in blobs.db"));
  }
}

}  // namespace

absl::StatusOr<CheckResult> Store::Check(bool deep) {
  // No chunk may go between reading who names it and looking for it.
  MutexLock lock(parts_->maintenance);
  CheckResult result;
  std::set<std::string> used;
  absl::Status status = ReadWith([&](Reader& reader) {
    CheckPages(reader, kMainFile, deep, result.problems);
    CheckRows(reader, result.problems);
    if (deep) CheckTrees(reader, result.problems);
    if (deep) CheckSeries(reader, result.problems);
    ForEachUsedChunk(reader,
                     [&](absl::string_view digest) { used.emplace(digest); });
    result.runs_read = CountRuns(reader);
  });
  if (!status.ok()) return status;
  status = parts_->blobs.Read([&](Reader& reader) {
    CheckPages(reader, kBlobFile, deep, result.problems);
  });
  if (!status.ok()) return status;
  absl::flat_hash_set<Digest> here;
  status = parts_->blobs.ForEachDigest(
      [&](const Digest& digest) { here.insert(digest); });
  if (!status.ok()) return status;
  CheckChunksPresent(here, used, result.problems);
  if (!deep) return result;
  for (const Digest& digest : here) {
    ++result.chunks_read;
    if (absl::Status read = blobs().Get(digest).status(); !read.ok())
      result.problems.emplace_back(read.message());
  }
  return result;
}

}  // namespace engram::store
