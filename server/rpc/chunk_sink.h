#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engram/v1/array.pb.h"
#include "server/rpc/array_file.h"

namespace engram::store {
class Blobs;
}

namespace engram {

// Puts an array's bytes into the store as they come: no more than a chunk of
// them is held. What is left behind when the rest never comes is garbage, which
// is collected.
class ChunkSink {
 public:
  explicit ChunkSink(store::Blobs& blobs) : blobs_(blobs) {}

  absl::Status Add(absl::string_view bytes);
  // Durable when it returns.
  absl::StatusOr<v1::ArrayManifest> Finish(const ArrayFacts& facts);

 private:
  absl::Status Put(absl::string_view bytes);

  store::Blobs& blobs_;
  std::string rest_;  // less than a chunk
  std::vector<std::string> digests_;
  int64_t byte_size_ = 0;
};

}  // namespace engram
