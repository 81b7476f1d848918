#pragma once

#include <set>
#include <string>

#include "server/worker/chunk_keeper.h"

namespace engram {

// Keeps digests, or refuses with `answer`.
class FakeKeeper final : public ChunkKeeper {
 public:
  absl::Status Keep(std::span<const Chunk> chunks) override {
    for (const Chunk& chunk : chunks) digests.insert(chunk.digest);
    return answer;
  }

  std::set<std::string> digests;
  absl::Status answer;
};

}  // namespace engram
