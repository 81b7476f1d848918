#include "server/rpc/blobs.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engram/v1/blobs.grpc.pb.h"
#include "server/rpc/handler.h"
#include "server/rpc/pool.h"
#include "server/store/blobs.h"

namespace engram {
namespace {

// As much of a stream is stored in one commit; a stream holds no more.
constexpr std::size_t kBatchBytes = 8 << 20;
constexpr int kMaxDigests = 10'000;

absl::StatusOr<std::vector<store::Digest>> ReadDigests(
    const google::protobuf::RepeatedPtrField<std::string>& bytes) {
  if (bytes.size() > kMaxDigests) {
    return absl::InvalidArgumentError(absl::StrCat(
        bytes.size(), " digests; at most ", kMaxDigests, " in one call"));
  }
  std::vector<store::Digest> digests;
  for (const std::string& digest : bytes) {
    const auto read = store::DigestFromBytes(digest);
    if (!read.ok()) return read.status();
    digests.push_back(*read);
  }
  return digests;
}

absl::StatusOr<v1::FindMissingResponse> MissingOf(
    store::Blobs& blobs, const v1::FindMissingRequest& request) {
  const auto digests = ReadDigests(request.digests());
  if (!digests.ok()) return digests.status();
  const auto missing = blobs.FindMissing(*digests);
  if (!missing.ok()) return missing.status();
  v1::FindMissingResponse response;
  for (const store::Digest& digest : *missing) {
    response.add_digests(std::string(store::DigestBytes(digest)));
  }
  return response;
}

// Reads a batch, stores it on the pool, reads the next.
class WriteStream final : public grpc::ServerReadReactor<v1::WriteRequest> {
 public:
  WriteStream(Gate& gate, store::Blobs& blobs,
              grpc::CallbackServerContext* context, v1::WriteResponse* response)
      : gate_(gate),
        blobs_(blobs),
        call_(gate, *context, "engram.v1.Blobs.Write"),
        response_(response) {
    const auto& caller = call_.caller();
    if (caller.ok()) {
      StartRead(&request_);
    } else {
      End(caller.status());
    }
  }

  void OnReadDone(bool ok) override {
    is_ended_ = !ok;
    if (ok) {
      if (auto status = Keep(); !status.ok()) return End(status);
      if (bytes_ < kBatchBytes) return StartRead(&request_);
    }
    gate_.pool().Add([this] { Store(); });
  }
  void OnDone() override { delete this; }

 private:
  absl::Status Keep() {
    const auto digest = store::DigestFromBytes(request_.digest());
    if (!digest.ok()) return digest.status();
    bytes_ += request_.data().size();
    batch_.push_back(
        {*digest, std::move(*request_.mutable_data()), request_.compressed()});
    return absl::OkStatus();
  }

  void Store() {
    const absl::Status status =
        batch_.empty() ? absl::OkStatus() : blobs_.Put(batch_);
    if (!status.ok()) return End(status);
    response_->set_chunk_count(response_->chunk_count() + std::ssize(batch_));
    batch_.clear();
    bytes_ = 0;
    if (is_ended_) return End(absl::OkStatus());
    StartRead(&request_);
  }

  void End(const absl::Status& status) {
    call_.LogEnd(status);
    Finish(ToGrpc(status));
  }

  Gate& gate_;
  store::Blobs& blobs_;
  const StreamCall call_;
  v1::WriteResponse* const response_;
  v1::WriteRequest request_;
  std::vector<store::Chunk> batch_;
  std::size_t bytes_ = 0;
  bool is_ended_ = false;
};

// Reads each chunk when the one before it has gone out.
class ReadStream final : public grpc::ServerWriteReactor<v1::ReadResponse> {
 public:
  ReadStream(Gate& gate, store::Blobs& blobs,
             grpc::CallbackServerContext* context,
             const v1::ReadRequest* request)
      : gate_(gate),
        blobs_(blobs),
        call_(gate, *context, "engram.v1.Blobs.Read") {
    const auto& caller = call_.caller();
    auto digests =
        caller.ok()
            ? ReadDigests(request->digests())
            : absl::StatusOr<std::vector<store::Digest>>(caller.status());
    if (digests.ok()) {
      digests_ = *std::move(digests);
      gate_.pool().Add([this] { SendNext(); });
    } else {
      End(digests.status());
    }
  }

  void OnWriteDone(bool ok) override {
    if (!ok) return End(absl::CancelledError("the reader went away"));
    gate_.pool().Add([this] { SendNext(); });
  }
  void OnDone() override { delete this; }

 private:
  void SendNext() {
    if (next_ == digests_.size()) return End(absl::OkStatus());
    const store::Digest& digest = digests_[next_++];
    auto bytes = blobs_.Get(digest);
    if (!bytes.ok()) return End(bytes.status());
    response_.set_digest(std::string(store::DigestBytes(digest)));
    response_.set_data(*std::move(bytes));
    StartWrite(&response_);
  }

  void End(const absl::Status& status) {
    call_.LogEnd(status);
    Finish(ToGrpc(status));
  }

  Gate& gate_;
  store::Blobs& blobs_;
  const StreamCall call_;
  std::vector<store::Digest> digests_;
  std::size_t next_ = 0;
  v1::ReadResponse response_;
};

class BlobsService final : public v1::Blobs::CallbackService {
 public:
  BlobsService(Gate& gate, store::Blobs& blobs) : gate_(gate), blobs_(blobs) {}

  grpc::ServerUnaryReactor* FindMissing(
      grpc::CallbackServerContext* context,
      const v1::FindMissingRequest* request,
      v1::FindMissingResponse* response) override {
    return Handle(gate_, context, "engram.v1.Blobs.FindMissing", request,
                  response,
                  [this](const Caller&, const v1::FindMissingRequest& asked) {
                    return MissingOf(blobs_, asked);
                  });
  }
  grpc::ServerReadReactor<v1::WriteRequest>* Write(
      grpc::CallbackServerContext* context,
      v1::WriteResponse* response) override {
    return new WriteStream(gate_, blobs_, context, response);
  }
  grpc::ServerWriteReactor<v1::ReadResponse>* Read(
      grpc::CallbackServerContext* context,
      const v1::ReadRequest* request) override {
    return new ReadStream(gate_, blobs_, context, request);
  }

 private:
  Gate& gate_;
  store::Blobs& blobs_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeBlobsService(Gate& gate,
                                                store::Blobs& blobs) {
  return std::make_unique<BlobsService>(gate, blobs);
}

}  // namespace engram
