#pragma once

#include <functional>
#include <memory>
#include <string>

#include "server/worker/chunk_keeper.h"

namespace grpc {
class Channel;
}

namespace engram {

// Keeps chunks in the server's store through Blobs: asks which it lacks, and
// writes those. While the server does not answer it tries again, until `gone`
// says that there is no use.
class BlobClient final : public ChunkKeeper {
 public:
  BlobClient(std::shared_ptr<grpc::Channel> channel, std::string token,
             std::function<bool()> gone);

  absl::Status Keep(std::span<const Chunk> chunks) override;

 private:
  absl::Status Try(std::span<const Chunk> chunks);
  absl::Status FindMissing(std::span<const Chunk> chunks,
                           std::vector<const Chunk*>& missing);
  absl::Status Write(std::span<const Chunk* const> chunks);

  const std::shared_ptr<grpc::Channel> channel_;
  const std::string token_;
  const std::function<bool()> gone_;
};

}  // namespace engram
