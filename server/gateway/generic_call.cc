#include "server/gateway/generic_call.h"

#include <grpcpp/support/slice.h>

namespace engram {
namespace {

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  if (!buffer.Dump(&slices).ok()) return "";
  std::string bytes;
  bytes.reserve(buffer.Length());
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

}  // namespace

std::shared_ptr<GenericCall> GenericCall::Make(
    const std::shared_ptr<grpc::Channel>& channel, Options options) {
  return std::shared_ptr<GenericCall>(
      new GenericCall(channel, std::move(options)));
}

void GenericCall::Start() {
  self_ = shared_from_this();
  stub_.PrepareBidiStreamingCall(&context_, options_.method,
                                 grpc::StubOptions(), this);
  AddHold();
  WriteNext();
  // Before the call begins: in-process, a message that comes together with the
  // status is dropped when no read waits for it (gRPC 1.51).
  Read();
  StartCall();
}

GenericCall::GenericCall(const std::shared_ptr<grpc::Channel>& channel,
                         Options options)
    : options_(std::move(options)), stub_(channel) {
  for (const auto& [name, value] : options_.metadata) {
    context_.AddMetadata(name, value);
  }
  context_.set_deadline(std::chrono::system_clock::now() + options_.timeout);
  for (const std::string& request : options_.requests) {
    grpc::Slice slice(request);
    requests_.emplace_back(&slice, 1);
  }
  options_.requests.clear();
}

void GenericCall::WriteNext() {
  if (written_ == requests_.size()) return StartWritesDone();
  grpc::ByteBuffer* request = &requests_[written_++];
  if (written_ == requests_.size()) {
    StartWriteLast(request, grpc::WriteOptions());
  } else {
    StartWrite(request);
  }
}

void GenericCall::OnWriteDone(bool ok) {
  if (ok && written_ < requests_.size()) WriteNext();
}

void GenericCall::Read() {
  {
    MutexLock lock(mu_);
    if (!has_hold_ || is_reading_ || is_cancelled_) return;
    is_reading_ = true;
  }
  StartRead(&response_);
}

void GenericCall::OnReadDone(bool ok) {
  {
    MutexLock lock(mu_);
    is_reading_ = false;
    ok = ok && !is_cancelled_;
  }
  if (!ok) return ReleaseHold();
  std::string bytes = BytesOf(response_);
  response_.Clear();
  options_.on_message(std::move(bytes));
}

void GenericCall::Cancel() {
  context_.TryCancel();
  bool is_reading = false;
  {
    MutexLock lock(mu_);
    is_cancelled_ = true;
    is_reading = is_reading_;
  }
  // A read under way ends, without a message, and releases the hold itself.
  if (!is_reading) ReleaseHold();
}

void GenericCall::ReleaseHold() {
  {
    MutexLock lock(mu_);
    if (!has_hold_) return;
    has_hold_ = false;
  }
  RemoveHold();
}

void GenericCall::OnDone(const grpc::Status& status) {
  const auto on_done = std::move(options_.on_done);
  options_.on_message = nullptr;
  const std::shared_ptr<GenericCall> self = std::move(self_);
  on_done(status);
}

}  // namespace engram
