#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "server/worker/chunk_keeper.h"

namespace grpc {
class Channel;
}

namespace engram {

// Keeps chunks in the server's store through Blobs: asks which it lacks, and
// writes those. While the server does not answer, or does not know the worker
// (whether that is for good, the stream finds out), it tries again, until
// `gone` says that there is no use; a store that has no room is given a minute
// to get some.
class BlobClient final : public ChunkKeeper {
 public:
  struct Timing {
    std::chrono::milliseconds wait{200};       // before another try
    std::chrono::milliseconds no_room{60000};  // before that is final
  };

  BlobClient(std::shared_ptr<grpc::Channel> channel, std::string token,
             std::function<bool()> gone, Timing timing);

  absl::Status Keep(std::span<const std::string> digests, ReadChunk read,
                    std::chrono::steady_clock::time_point deadline) override;
  absl::Status Fetch(std::span<const std::string> digests,
                     TakeChunk take) override;

 private:
  using Deadline = std::chrono::steady_clock::time_point;

  absl::Status Persist(absl::FunctionRef<absl::Status()> attempt,
                       Deadline deadline);
  absl::Status Try(std::span<const std::string> digests, ReadChunk read,
                   Deadline deadline);
  absl::Status FindMissing(std::span<const std::string> digests,
                           std::vector<size_t>& missing, Deadline deadline);
  absl::Status Write(std::span<const std::string> digests,
                     std::span<const size_t> indices, ReadChunk read,
                     Deadline deadline);
  // Takes away from `digests` what was taken.
  absl::Status Read(std::span<const std::string>& digests, TakeChunk take);

  const std::shared_ptr<grpc::Channel> channel_;
  const std::string token_;
  const std::function<bool()> gone_;
  const Timing timing_;
};

}  // namespace engram
