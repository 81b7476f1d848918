#pragma once

#include <grpcpp/support/status.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace engram {

// How the Connect protocol writes errors
// (https://connectrpc.com/docs/protocol#error-end-stream).

// "invalid_argument".
absl::string_view ConnectCode(grpc::StatusCode code);

// The HTTP status that a unary call's error goes with.
int HttpStatusOf(grpc::StatusCode code);

// {"code":...,"message":...,"details":[{"type","value","debug"}]}: details are
// those of the google.rpc.Status that gRPC carries; `debug` is there for
// readers without the types at hand.
std::string ErrorJson(const grpc::Status& status);

// The message that ends a stream: {} or {"error":{...}}.
std::string EndOfStreamJson(const grpc::Status& status);

// For what the gateway refuses itself.
grpc::Status AsGrpc(const absl::Status& status);

}  // namespace engram
