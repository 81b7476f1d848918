#include "server/worker/blob_client.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <map>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engram/v1/blobs.grpc.pb.h"
#include "server/array/chunk.h"
#include "server/worker/rpc.h"

namespace engram {
namespace {

using std::chrono::steady_clock;

// The most that one call may ask for.
constexpr size_t kMostAsked = 10000;

// What another try may change.
bool IsPassing(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kPermissionDenied:
      return true;
    default:
      return false;
  }
}

// gRPC's deadlines are by the clock on the wall.
void Limit(steady_clock::time_point deadline, grpc::ClientContext& context) {
  if (deadline == steady_clock::time_point::max()) return;
  context.set_deadline(
      std::chrono::system_clock::now() +
      std::chrono::duration_cast<std::chrono::system_clock::duration>(
          deadline - steady_clock::now()));
}

absl::Status Take(const v1::ReadResponse& response, const std::string& digest,
                  ChunkKeeper::TakeChunk take) {
  const auto plain = Unpack(response.data(), /*compressed=*/false, digest);
  return plain.ok() ? take(*plain) : plain.status();
}

}  // namespace

BlobClient::BlobClient(std::shared_ptr<grpc::Channel> channel,
                       std::string token, std::function<bool()> gone,
                       Timing timing)
    : channel_(std::move(channel)),
      token_(std::move(token)),
      gone_(std::move(gone)),
      timing_(timing) {}

absl::Status BlobClient::Persist(absl::FunctionRef<absl::Status()> attempt,
                                 Deadline deadline) {
  const auto begun = steady_clock::now();
  while (true) {
    absl::Status tried = attempt();
    const auto now = steady_clock::now();
    const bool may_pass =
        IsPassing(tried) ||
        (absl::IsResourceExhausted(tried) && now - begun < timing_.no_room);
    if (!may_pass || gone_()) return tried;
    if (now + timing_.wait >= deadline) {
      return absl::DeadlineExceededError(tried.message());
    }
    std::this_thread::sleep_for(timing_.wait);
  }
}

absl::Status BlobClient::Keep(std::span<const std::string> digests,
                              ReadChunk read, Deadline deadline) {
  for (size_t at = 0; at < digests.size(); at += kMostAsked) {
    const auto some =
        digests.subspan(at, std::min(kMostAsked, digests.size() - at));
    const auto read_some = [&](size_t index) { return read(at + index); };
    const absl::Status kept =
        Persist([&] { return Try(some, read_some, deadline); }, deadline);
    if (!kept.ok()) return kept;
  }
  return absl::OkStatus();
}

absl::Status BlobClient::Try(std::span<const std::string> digests,
                             ReadChunk read, Deadline deadline) {
  std::vector<size_t> missing;
  absl::Status found = FindMissing(digests, missing, deadline);
  if (!found.ok() || missing.empty()) return found;
  return Write(digests, missing, read, deadline);
}

absl::Status BlobClient::FindMissing(std::span<const std::string> digests,
                                     std::vector<size_t>& missing,
                                     Deadline deadline) {
  std::map<absl::string_view, size_t> by_digest;  // equal chunks once
  v1::FindMissingRequest request;
  for (size_t i = 0; i < digests.size(); ++i) {
    if (by_digest.emplace(digests[i], i).second) {
      request.add_digests(digests[i]);
    }
  }
  grpc::ClientContext context;
  Authorize(token_, context);
  Limit(deadline, context);
  v1::FindMissingResponse response;
  const grpc::Status status =
      v1::Blobs::NewStub(channel_)->FindMissing(&context, request, &response);
  for (const std::string& digest : response.digests()) {
    const auto chunk = by_digest.find(digest);
    if (chunk != by_digest.end()) missing.push_back(chunk->second);
  }
  return ToStatus(status);
}

absl::Status BlobClient::Write(std::span<const std::string> digests,
                               std::span<const size_t> indices, ReadChunk read,
                               Deadline deadline) {
  grpc::ClientContext context;
  Authorize(token_, context);
  Limit(deadline, context);
  v1::WriteResponse response;
  const auto stub = v1::Blobs::NewStub(channel_);
  const auto stream = stub->Write(&context, &response);
  absl::Status unread;
  for (const size_t index : indices) {
    const absl::StatusOr<std::string> bytes = read(index);
    if (!bytes.ok()) {
      unread = bytes.status();
      context.TryCancel();
      break;
    }
    PackedChunk packed = Pack(std::as_bytes(std::span(*bytes)));
    v1::WriteRequest request;
    request.set_digest(digests[index]);
    request.set_data(std::move(packed.data));
    request.set_compressed(packed.compressed);
    if (!stream->Write(request)) break;  // Finish says why
  }
  stream->WritesDone();
  absl::Status status = ToStatus(stream->Finish());
  if (!unread.ok()) return unread;
  if (!status.ok()) return status;
  if (response.chunk_count() != std::ssize(indices)) {
    return absl::DataLossError(
        absl::StrCat("the store took ", response.chunk_count(), " of ",
                     indices.size(), " chunks and gave no reason"));
  }
  return absl::OkStatus();
}

absl::Status BlobClient::Fetch(std::span<const std::string> digests,
                               TakeChunk take) {
  while (!digests.empty()) {
    const absl::Status fetched =
        Persist([&] { return Read(digests, take); }, Deadline::max());
    if (!fetched.ok()) return fetched;
  }
  return absl::OkStatus();
}

absl::Status BlobClient::Read(std::span<const std::string>& digests,
                              TakeChunk take) {
  v1::ReadRequest request;
  for (const std::string& digest :
       digests.first(std::min(kMostAsked, digests.size()))) {
    request.add_digests(digest);
  }
  grpc::ClientContext context;
  Authorize(token_, context);
  const auto stub = v1::Blobs::NewStub(channel_);
  const auto stream = stub->Read(&context, request);
  v1::ReadResponse response;
  int taken = 0;
  absl::Status refused;
  while (stream->Read(&response)) {
    refused = taken < request.digests_size()
                  ? Take(response, request.digests(taken), take)
                  : absl::DataLossError("the store sent more than was asked");
    if (!refused.ok()) break;
    digests = digests.subspan(1);
    ++taken;
  }
  if (!refused.ok()) context.TryCancel();
  const absl::Status ended = ToStatus(stream->Finish());
  if (!refused.ok()) return refused;
  if (taken == request.digests_size()) return absl::OkStatus();
  return !ended.ok()
             ? ended
             : absl::DataLossError(absl::StrCat("the store sent ", taken,
                                                " of ", request.digests_size(),
                                                " chunks and gave no reason"));
}

}  // namespace engram
