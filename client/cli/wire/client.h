#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/cli/wire/methods.h"
#include "client/cli/wire/request_id.h"
#include "google/protobuf/message_lite.h"

namespace grpc {
class Channel;
}  // namespace grpc

namespace engram::cli {

// A call with many messages one way or both. Used by one thread.
class Stream {
 public:
  enum class Outcome { kMessage, kTimeout, kEnd };

  virtual ~Stream() = default;
  // False when the stream has ended; Finish says why.
  virtual bool Write(const google::protobuf::MessageLite& message) = 0;
  virtual void WritesDone() = 0;
  // Waits for the next message, but not longer than `timeout`. A message that
  // comes later is given by the next call.
  virtual Outcome Read(google::protobuf::MessageLite* message,
                       absl::Duration timeout) = 0;
  // After kEnd or a refused Write: how the call ended.
  virtual absl::Status Finish() = 0;
};

// One server, as one user. Errors are the server's, with its google.rpc.Status
// as the payload kDetails where it sent one.
class Client {
 public:
  static constexpr char kDetails[] = "google.rpc.Status";

  struct Options {
    std::string server;  // "localhost:7070", "unix:/run/engram/engramd.sock"
    std::string token;   // sent with every call; empty sends none
    absl::Duration deadline = absl::Seconds(60);
    std::function<void(absl::Duration)> sleep;
  };

  Client(std::shared_ptr<grpc::Channel> channel, Options options);

  const std::string& server() const { return options_.server; }

  template <class Request, class Response>
  absl::StatusOr<Response> Call(const Method<Request, Response>& method,
                                const Request& request) {
    Response response;
    const absl::Status status = CallOnce(method.path, request, &response);
    if (!status.ok()) return status;
    return response;
  }

  // Gives the request an id of its own and repeats it with the same id while
  // the server is away in mid-call or its answer is late, so that it takes
  // effect once.
  template <class Request, class Response>
  absl::StatusOr<Response> Change(const Method<Request, Response>& method,
                                  Request request) {
    request.set_request_id(NewRequestId());
    Response response;
    const absl::Status status = CallAgain(method.path, request, &response);
    if (!status.ok()) return status;
    return response;
  }

  // Without a deadline: watchers stay.
  template <class Request, class Response>
  std::unique_ptr<Stream> Open(const StreamMethod<Request, Response>& method) {
    return OpenStream(method.path);
  }

 private:
  absl::Status CallOnce(const char* path,
                        const google::protobuf::MessageLite& request,
                        google::protobuf::MessageLite* response);
  absl::Status CallAgain(const char* path,
                         const google::protobuf::MessageLite& request,
                         google::protobuf::MessageLite* response);
  std::unique_ptr<Stream> OpenStream(const char* path);

  std::shared_ptr<grpc::Channel> channel_;
  Options options_;
  // Whether any call has reached the server yet.
  bool reached_ = false;
};

// A channel to `server`: in plain text on this machine, with TLS elsewhere,
// so that no token crosses a network in the clear. `authorities` (PEM) vouch
// for the server in place of those that this machine trusts; with them a port
// of this machine is spoken to with TLS, too.
std::shared_ptr<grpc::Channel> ConnectTo(const std::string& server,
                                         const std::string& authorities);

// Whether `server` is an address of this machine alone.
bool IsLocal(const std::string& server);

}  // namespace engram::cli
