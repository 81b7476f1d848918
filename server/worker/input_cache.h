#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/programs/program.h"
#include "engram/v1/workers.pb.h"
#include "server/worker/chunk_keeper.h"

namespace engram {

// Arrays that runs read from outside their trees: fetched from the store when
// the first run needs them, and kept in files of the worker's own folder, by
// digest, as long as there is room. Used by the thread that executes.
class InputCache {
 public:
  // Twice what one run may read.
  static constexpr int64_t kBoundBytes = int64_t{2} << 30;

  // Files go to `folder`/inputs. `chunks` outlives the cache.
  InputCache(const std::string& folder, ChunkKeeper& chunks,
             int64_t bound_bytes = kBoundBytes);

  // All of the assignment's inputs, in files; those that were used longest ago
  // make room. While it fetches, `stopped` is asked now and then.
  // NOT_FOUND, DATA_LOSS, INVALID_ARGUMENT: there is no such array (any more);
  // CANCELLED: stopped; anything else is this machine's fault or the moment's.
  // The result is good until the next call.
  absl::StatusOr<std::unique_ptr<Inputs>> Fetch(
      const v1::RunAssignment& assignment,
      const std::function<bool()>& stopped);

  int64_t byte_size() const;

 private:
  struct Entry {
    std::string digest;  // hex
    int64_t byte_size = 0;
  };

  std::string PathOf(const std::string& digest) const;
  bool Use(const std::string& digest);
  absl::Status FetchOne(const v1::ArrayManifest& manifest,
                        const std::function<bool()>& stopped);
  void MakeRoom(size_t in_use);

  const std::string folder_;
  ChunkKeeper& chunks_;
  const int64_t bound_bytes_;
  std::list<Entry> entries_;  // the one that was used last is first
};

}  // namespace engram
