#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/client_callback.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/base/mutex.h"

namespace engram {

// One gRPC call of any kind, its messages as bytes: a unary call is a stream of
// one message each way. Thread-safe.
class GenericCall
    : public std::enable_shared_from_this<GenericCall>,
      private grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  struct Options {
    std::string method;  // "/engram.v1.Runs/GetRun"
    std::vector<std::pair<std::string, std::string>> metadata;
    std::vector<std::string> requests;  // serialized
    std::chrono::milliseconds timeout{0};
    // Called on gRPC's threads; must not block. `on_message` answers one Read,
    // `on_done` is called once, as the last. Both are let go after it.
    std::function<void(std::string)> on_message;
    std::function<void(const grpc::Status&)> on_done;
  };

  static std::shared_ptr<GenericCall> Make(
      const std::shared_ptr<grpc::Channel>& channel, Options options);

  // Sends the requests and asks for the first message. Once.
  void Start();
  // Asks for the next message; one at a time. At the stream's end `on_done`
  // comes instead.
  void Read();
  // Asks the server to stop; `on_done` still comes.
  void Cancel();

 private:
  GenericCall(const std::shared_ptr<grpc::Channel>& channel, Options options);
  void WriteNext();
  void ReleaseHold() ENGRAM_EXCLUDES(mu_);

  void OnWriteDone(bool ok) override;
  void OnReadDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;

  Options options_;
  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  std::vector<grpc::ByteBuffer> requests_;
  size_t written_ = 0;
  grpc::ByteBuffer response_;
  // Until OnDone, because gRPC holds a bare pointer.
  std::shared_ptr<GenericCall> self_;

  Mutex mu_;
  bool is_reading_ GUARDED_BY(mu_) = false;
  bool is_cancelled_ GUARDED_BY(mu_) = false;
  // Reads are started from outside gRPC's callbacks: the hold keeps the call
  // from being done between two of them.
  bool has_hold_ GUARDED_BY(mu_) = true;
};

}  // namespace engram
