#pragma once

#include <span>

#include "absl/status/status.h"
#include "server/array/chunk.h"

namespace engram {

// Where the chunks of a run's arrays go.
class ChunkKeeper {
 public:
  virtual ~ChunkKeeper() = default;
  // Returns once all are durable, or with the reason why they cannot be.
  virtual absl::Status Keep(std::span<const Chunk> chunks) = 0;
};

}  // namespace engram
