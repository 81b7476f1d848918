#include "client/cli/wire/client.h"

#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/byte_buffer.h"

namespace engram::cli {
namespace {

using google::protobuf::MessageLite;

constexpr int kTries = 6;
// Each lasts as long as the deadline.
constexpr int kSlowTries = 3;
constexpr absl::Duration kFirstPause = absl::Milliseconds(100);
// A page of a thousand runs with many parameters stays far below.
constexpr int kLargestMessage = 256 << 20;
// Details of an error come as trailers, of which gRPC takes 8 KiB by itself:
// fewer than the faults of a long text.
constexpr int kMostMetadataBytes = 1 << 20;

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  absl::Status result(static_cast<absl::StatusCode>(status.error_code()),
                      status.error_message());
  if (!status.error_details().empty()) {
    result.SetPayload(Client::kDetails, absl::Cord(status.error_details()));
  }
  return result;
}

grpc::ByteBuffer ToBytes(const MessageLite& message) {
  const std::string text = message.SerializeAsString();
  const grpc::Slice slice(text);
  return grpc::ByteBuffer(&slice, 1);
}

bool FromBytes(const grpc::ByteBuffer& bytes, MessageLite* message) {
  std::vector<grpc::Slice> slices;
  if (!bytes.Dump(&slices).ok()) return false;
  std::string text;
  for (const grpc::Slice& slice : slices) {
    text.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return message->ParseFromString(text);
}

void Authorize(const std::string& token, grpc::ClientContext* context) {
  if (token.empty()) return;
  context->AddMetadata("authorization", absl::StrCat("Bearer ", token));
}

// Blocking calls over gRPC's asynchronous interface, whose queue alone can
// stop waiting after a while without ending the call.
class GrpcStream final : public Stream {
 public:
  GrpcStream(const std::shared_ptr<grpc::Channel>& channel, const char* path,
             const std::string& token)
      : stub_(channel) {
    Authorize(token, &context_);
    call_ = stub_.PrepareCall(&context_, path, &queue_);
    call_->StartCall(Tag(kStart));
    started_ = Await(kStart);
  }

  ~GrpcStream() override {
    context_.TryCancel();
    if (!finished_) Finish().IgnoreError();
    queue_.Shutdown();
    void* tag;
    bool ok;
    while (queue_.Next(&tag, &ok)) {
    }
  }

  bool Write(const MessageLite& message) override {
    if (!started_) return false;
    call_->Write(ToBytes(message), Tag(kWrite));
    return Await(kWrite);
  }

  void WritesDone() override {
    if (!started_) return;
    call_->WritesDone(Tag(kWritesDone));
    Await(kWritesDone);
  }

  Outcome Read(MessageLite* message, absl::Duration timeout) override {
    if (!started_ || ended_) return Outcome::kEnd;
    if (!reading_) {
      call_->Read(&bytes_, Tag(kRead));
      reading_ = true;
    }
    if (!read_done_ && !WaitForRead(timeout)) return Outcome::kTimeout;
    reading_ = read_done_ = false;
    if (!read_ok_) {
      ended_ = true;
      return Outcome::kEnd;
    }
    if (!FromBytes(bytes_, message)) {
      ended_ = true;
      broken_ = true;
      context_.TryCancel();
      return Outcome::kEnd;
    }
    return Outcome::kMessage;
  }

  absl::Status Finish() override {
    if (finished_) return status_;
    if (reading_ && !read_done_) Await(kRead);
    grpc::Status status;
    call_->Finish(&status, Tag(kFinish));
    Await(kFinish);
    finished_ = true;
    status_ = broken_ ? absl::DataLossError(
                            "the server sent a message that cannot be read")
                      : FromGrpc(status);
    return status_;
  }

 private:
  enum Step : uintptr_t { kStart = 1, kWrite, kWritesDone, kRead, kFinish };

  static void* Tag(Step step) { return reinterpret_cast<void*>(step); }

  void Note(void* tag, bool ok) {
    if (tag != Tag(kRead)) return;
    read_done_ = true;
    read_ok_ = ok;
  }

  // Waits for the end of `step`; a read that ends meanwhile is kept.
  bool Await(Step step) {
    void* tag;
    bool ok;
    while (queue_.Next(&tag, &ok)) {
      Note(tag, ok);
      if (tag == Tag(step)) return ok;
    }
    return false;
  }

  bool WaitForRead(absl::Duration timeout) {
    const auto deadline =
        std::chrono::system_clock::now() + absl::ToChronoMicroseconds(timeout);
    void* tag;
    bool ok;
    if (queue_.AsyncNext(&tag, &ok, deadline) !=
        grpc::CompletionQueue::GOT_EVENT) {
      return false;
    }
    Note(tag, ok);
    return read_done_;
  }

  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  grpc::GenericStub stub_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
  grpc::ByteBuffer bytes_;
  bool started_ = false;
  bool reading_ = false;    // a read was asked for
  bool read_done_ = false;  // and has ended
  bool read_ok_ = false;    // with a message
  bool ended_ = false;
  bool broken_ = false;
  bool finished_ = false;
  absl::Status status_;
};

absl::Status CallBlocking(const std::shared_ptr<grpc::Channel>& channel,
                          const char* path, const MessageLite& request,
                          MessageLite* response, grpc::ClientContext* context) {
  grpc::CompletionQueue queue;
  grpc::GenericStub stub(channel);
  auto call = stub.PrepareUnaryCall(context, path, ToBytes(request), &queue);
  call->StartCall();
  grpc::ByteBuffer bytes;
  grpc::Status status;
  call->Finish(&bytes, &status, nullptr);
  void* tag;
  bool ok;
  queue.Next(&tag, &ok);
  if (!status.ok()) return FromGrpc(status);
  if (!FromBytes(bytes, response)) {
    return absl::DataLossError("the server sent a message that cannot be read");
  }
  return absl::OkStatus();
}

}  // namespace

Client::Client(std::shared_ptr<grpc::Channel> channel, Options options)
    : channel_(std::move(channel)), options_(std::move(options)) {}

absl::Status Client::CallOnce(const char* path, const MessageLite& request,
                              MessageLite* response) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       absl::ToChronoMicroseconds(options_.deadline));
  Authorize(options_.token, &context);
  const absl::Status status =
      CallBlocking(channel_, path, request, response, &context);
  if (!absl::IsUnavailable(status)) reached_ = true;
  return status;
}

absl::Status Client::CallAgain(const char* path, const MessageLite& request,
                               MessageLite* response) {
  absl::Duration pause = kFirstPause;
  for (int i = 1;; ++i) {
    const absl::Status status = CallOnce(path, request, response);
    // A change whose answer is late may have been made or not: only the same
    // request once more finds out which.
    const bool is_late = absl::IsDeadlineExceeded(status);
    if (!is_late && !absl::IsUnavailable(status)) return status;
    if (i >= (is_late ? kSlowTries : kTries)) return status;
    // A server that was never there is reported at once.
    if (!reached_ && absl::StrContains(status.message(), "failed to connect")) {
      return status;
    }
    options_.sleep(pause);
    pause *= 2;
  }
}

std::unique_ptr<Stream> Client::OpenStream(const char* path) {
  return std::make_unique<GrpcStream>(channel_, path, options_.token);
}

bool IsLocal(const std::string& server) {
  if (absl::StartsWith(server, "unix:")) return true;
  const std::string host = server.substr(0, server.rfind(':'));
  return host == "localhost" || host == "[::1]" ||
         absl::StartsWith(host, "127.");
}

std::shared_ptr<grpc::Channel> ConnectTo(const std::string& server,
                                         const std::string& authorities) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kLargestMessage);
  arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, kMostMetadataBytes);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  // Not a pause, for all its name, but how long one attempt to connect may take
  // (https://github.com/grpc/grpc/blob/master/doc/connection-backoff.md): a
  // server on a busy machine is slow to greet, not away.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 10'000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
  // A proxy of the environment is for the web, not for a lab's own server.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  const bool is_plain = absl::StartsWith(server, "unix:") ||
                        (IsLocal(server) && authorities.empty());
  const auto credentials =
      is_plain ? grpc::InsecureChannelCredentials()
               : grpc::SslCredentials({.pem_root_certs = authorities,
                                       .pem_private_key = "",
                                       .pem_cert_chain = ""});
  return grpc::CreateCustomChannel(server, credentials, arguments);
}

}  // namespace engram::cli
