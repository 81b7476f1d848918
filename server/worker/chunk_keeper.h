#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace engram {

// Where the chunks of a run's arrays and states go, and come from. Called from
// several threads.
class ChunkKeeper {
 public:
  // The plain bytes of the chunk with this index; asked of those that the store
  // lacks alone.
  using ReadChunk = absl::FunctionRef<absl::StatusOr<std::string>(size_t)>;
  using TakeChunk = absl::FunctionRef<absl::Status(absl::string_view)>;

  virtual ~ChunkKeeper() = default;
  // Returns once all are durable, or with the reason why they cannot be:
  // DEADLINE_EXCEEDED when that took too long.
  virtual absl::Status Keep(std::span<const std::string> digests,
                            ReadChunk read,
                            std::chrono::steady_clock::time_point deadline) = 0;
  // Gives the plain bytes of all, in order, each of which has its digest.
  // NOT_FOUND when the store has one no more.
  virtual absl::Status Fetch(std::span<const std::string> digests,
                             TakeChunk take) = 0;
};

}  // namespace engram
