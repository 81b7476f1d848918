#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/gateway/codec.h"
#include "server/gateway/http.h"

namespace google::protobuf {
class MethodDescriptor;
}

namespace engram {

// What a Connect request asks for, as its header says.
struct ConnectRequest {
  const google::protobuf::MethodDescriptor* method = nullptr;
  bool is_stream = false;  // enveloped, both ways
  Encoding encoding = Encoding::kJson;
  std::string content_type;  // of the answer
};

// The method that a path names, if the gateway serves it. NOT_FOUND, with the
// nearest that it does serve.
absl::StatusOr<const google::protobuf::MethodDescriptor*> FindHttpMethod(
    absl::string_view path);

// UNIMPLEMENTED, which becomes 415: a content type that does not fit the
// method; says which do.
absl::StatusOr<ConnectRequest> ReadContentType(
    const google::protobuf::MethodDescriptor& method,
    const HttpRequest& request);

// The call's time, at most `longest`. INVALID_ARGUMENT: not a number of at
// most ten digits; or another version of the protocol than 1; UNIMPLEMENTED: a
// compressed body.
absl::StatusOr<std::chrono::milliseconds> ReadCallHeader(
    const HttpRequest& http, const ConnectRequest& request,
    std::chrono::milliseconds longest);

// The body's messages, serialized. INVALID_ARGUMENT: see codec.h, envelope.h;
// UNIMPLEMENTED: not exactly one message where the method takes one.
absl::StatusOr<std::vector<std::string>> ReadMessages(
    const HttpRequest& http, const ConnectRequest& request);

// For "Accept-Post".
std::string AcceptedTypes(const google::protobuf::MethodDescriptor& method);

}  // namespace engram
