#pragma once

#include <map>
#include <new>
#include <string>
#include <utility>

#include "server/worker/chunk_keeper.h"

namespace engram {

// Keeps chunks in memory, or refuses with `answer`.
class FakeKeeper final : public ChunkKeeper {
 public:
  absl::Status Keep(std::span<const std::string> digests, ReadChunk read,
                    std::chrono::steady_clock::time_point until) override {
    ++calls;
    deadline = until;
    if (std::exchange(throws_bad_alloc, false)) throw std::bad_alloc();
    if (!answer.ok()) return answer;
    for (size_t i = 0; i < digests.size(); ++i) {
      if (digests[i] == refused) {
        return absl::InvalidArgumentError("this chunk is not wanted");
      }
      absl::StatusOr<std::string> bytes = read(i);
      if (!bytes.ok()) return bytes.status();
      chunks[digests[i]] = *std::move(bytes);
    }
    return absl::OkStatus();
  }

  absl::Status Fetch(std::span<const std::string> digests,
                     TakeChunk take) override {
    if (!fetch_answer.ok()) return fetch_answer;
    for (const std::string& digest : digests) {
      const auto chunk = chunks.find(digest);
      if (chunk == chunks.end()) {
        return absl::NotFoundError("the store has no such chunk");
      }
      absl::Status taken = take(chunk->second);
      if (!taken.ok()) return taken;
    }
    return absl::OkStatus();
  }

  // The bytes that a manifest names.
  template <class Digests>
  std::string Bytes(const Digests& digests) const {
    std::string bytes;
    for (const std::string& digest : digests) bytes += chunks.at(digest);
    return bytes;
  }

  std::map<std::string, std::string> chunks;  // plain bytes by digest
  absl::Status answer, fetch_answer;
  std::string refused;            // digest
  bool throws_bad_alloc = false;  // once
  int calls = 0;
  std::chrono::steady_clock::time_point deadline;  // of the last call
};

}  // namespace engram
