#include "server/worker/blob_client.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engram/v1/blobs.grpc.pb.h"
#include "server/worker/rpc.h"

namespace engram {
namespace {

// The most that one FindMissing may ask for.
constexpr size_t kMostAsked = 10000;
constexpr std::chrono::milliseconds kWait{200};

}  // namespace

BlobClient::BlobClient(std::shared_ptr<grpc::Channel> channel,
                       std::string token, std::function<bool()> gone)
    : channel_(std::move(channel)),
      token_(std::move(token)),
      gone_(std::move(gone)) {}

absl::Status BlobClient::Keep(std::span<const Chunk> chunks) {
  while (!chunks.empty()) {
    const auto some = chunks.first(std::min(kMostAsked, chunks.size()));
    absl::Status tried = Try(some);
    while (absl::IsUnavailable(tried) && !gone_()) {
      std::this_thread::sleep_for(kWait);
      tried = Try(some);
    }
    if (!tried.ok()) return tried;
    chunks = chunks.subspan(some.size());
  }
  return absl::OkStatus();
}

absl::Status BlobClient::Try(std::span<const Chunk> chunks) {
  std::vector<const Chunk*> missing;
  absl::Status found = FindMissing(chunks, missing);
  if (!found.ok() || missing.empty()) return found;
  return Write(missing);
}

absl::Status BlobClient::FindMissing(std::span<const Chunk> chunks,
                                     std::vector<const Chunk*>& missing) {
  std::map<std::string, const Chunk*> by_digest;  // equal chunks once
  v1::FindMissingRequest request;
  for (const Chunk& chunk : chunks) {
    if (by_digest.emplace(chunk.digest, &chunk).second) {
      request.add_digests(chunk.digest);
    }
  }
  grpc::ClientContext context;
  Authorize(token_, context);
  v1::FindMissingResponse response;
  const grpc::Status status =
      v1::Blobs::NewStub(channel_)->FindMissing(&context, request, &response);
  for (const std::string& digest : response.digests()) {
    const auto chunk = by_digest.find(digest);
    if (chunk != by_digest.end()) missing.push_back(chunk->second);
  }
  return ToStatus(status);
}

absl::Status BlobClient::Write(std::span<const Chunk* const> chunks) {
  grpc::ClientContext context;
  Authorize(token_, context);
  v1::WriteResponse response;
  const auto stub = v1::Blobs::NewStub(channel_);
  const auto stream = stub->Write(&context, &response);
  for (const Chunk* chunk : chunks) {
    PackedChunk packed = Pack(chunk->bytes);
    v1::WriteRequest request;
    request.set_digest(chunk->digest);
    request.set_data(std::move(packed.data));
    request.set_compressed(packed.compressed);
    if (!stream->Write(request)) break;  // Finish says why
  }
  stream->WritesDone();
  absl::Status status = ToStatus(stream->Finish());
  if (!status.ok()) return status;
  if (response.chunk_count() != static_cast<int64_t>(chunks.size())) {
    return absl::DataLossError(
        absl::StrCat("the store took ", response.chunk_count(), " of ",
                     chunks.size(), " chunks and gave no reason"));
  }
  return absl::OkStatus();
}

}  // namespace engram
