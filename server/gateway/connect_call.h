#pragma once

#include <grpcpp/channel.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/gateway/exchange.h"

namespace google::protobuf {
class MethodDescriptor;
}

namespace engram {

// Joins the Connect protocol (https://connectrpc.com/docs/protocol) to gRPC:
// any method whose `(engram.v1.access).http` is true, by its descriptor alone.
class ConnectCalls {
 public:
  // `call_life` bounds every call's time, whatever its client asks for.
  ConnectCalls(std::shared_ptr<grpc::Channel> channel,
               std::chrono::milliseconds call_life);

  // Whether a path is of the form of a method's, "/engram.v1.Runs/GetRun",
  // though there may be no such method.
  static bool IsMethodPath(absl::string_view path);

  // Makes the call and answers. `authorization` goes along as metadata; what
  // else the client sent does not.
  void Serve(const HttpRequest& request,
             const std::optional<std::string>& authorization,
             std::shared_ptr<Exchange> exchange) const;

 private:
  const std::shared_ptr<grpc::Channel> channel_;
  const std::chrono::milliseconds call_life_;
};

// An error as a unary call's answer: also for what is refused before any
// method is called.
HttpResponse ConnectRefusal(int http_status, const absl::Status& status);

}  // namespace engram
