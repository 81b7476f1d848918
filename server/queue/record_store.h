#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/queue/attempt_record.h"
#include "server/queue/recorded_item.h"
#include "server/queue/worker_link.h"
#include "server/store/keys.h"

namespace engram::store {
class Blobs;
class Reader;
class Transaction;
}  // namespace engram::store

namespace engram {

// What a run has recorded after ordinal `after`, in order; points with
// `declared`. Reads no more than that.
absl::StatusOr<std::vector<RecordedItem>> LoadRecord(store::Reader& reader,
                                                     store::RunKey run,
                                                     int64_t after = 0);

// The same from the start, of a run that records no more, a part at a time: so
// that whoever reads on the writer's thread lets others write in between.
class RecordLoader {
 public:
  explicit RecordLoader(store::RunKey run) : run_(run) {}

  // Reads some more; false once there is no more to read.
  absl::StatusOr<bool> Continue(store::Reader& reader);
  std::vector<RecordedItem> Take() { return std::move(items_); }

 private:
  const store::RunKey run_;
  std::vector<RecordedItem> items_;
  std::map<std::string, int64_t> points_;  // of each series, read so far
};

// INVALID_ARGUMENT: chunks of the manifest are not in the store.
absl::Status CheckChunks(store::Blobs& blobs, const RecordedManifest& manifest);

// Takes an attempt's items: those with ordinals that are stored are compared
// and dropped, the others stored, points gathered per series. Gives the first
// difference, after which nothing was stored. INVALID_ARGUMENT: items that
// cannot be (a gap, a series without declaration, chunks that are not there).
absl::StatusOr<std::optional<std::string>> StoreItems(
    store::Transaction& transaction, store::Blobs& blobs, Staging& staging,
    AttemptRecord& attempt, const ItemsReport& report, int64_t now_us);

// Compares a verification's items and stores nothing. The same otherwise.
absl::StatusOr<std::optional<std::string>> CompareItems(
    Staging& staging, AttemptRecord& attempt, const ItemsReport& report);

}  // namespace engram
