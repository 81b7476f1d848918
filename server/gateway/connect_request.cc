#include "server/gateway/connect_request.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "core/spec/nearest_name.h"
#include "server/gateway/envelope.h"
#include "server/rpc/access.h"

namespace engram {
namespace {

using google::protobuf::MethodDescriptor;

// The protocol's own bound on the digits of a time limit.
constexpr size_t kTimeoutDigits = 10;

bool IsStream(const MethodDescriptor& method) {
  return method.client_streaming() || method.server_streaming();
}

std::string PathOf(absl::string_view method) {
  const size_t dot = method.rfind('.');
  return absl::StrCat("/", method.substr(0, dot), "/", method.substr(dot + 1));
}

std::vector<std::string> HttpPaths() {
  std::vector<std::string> paths;
  for (const std::string& method : AllMethods()) {
    const v1::Access* access = FindAccess(method);
    if (access != nullptr && access->http()) paths.push_back(PathOf(method));
  }
  return paths;
}

bool IsIdentity(std::optional<absl::string_view> encoding) {
  return !encoding || encoding->empty() || *encoding == "identity";
}

}  // namespace

absl::StatusOr<const MethodDescriptor*> FindHttpMethod(absl::string_view path) {
  std::string name(absl::StripPrefix(path, "/"));
  std::replace(name.begin(), name.end(), '/', '.');
  const v1::Access* access = FindAccess(name);
  const MethodDescriptor* method =
      google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
          name);
  // Exactly one slash where the service ends: no second spelling of a path.
  if (access != nullptr && access->http() && method != nullptr &&
      PathOf(name) == path) {
    return method;
  }
  std::string message =
      absl::StrCat(path, " is not a method that is served over HTTP");
  const std::string nearest = NearestName(path, HttpPaths());
  if (!nearest.empty()) {
    absl::StrAppend(&message, "; did you mean ", nearest, "?");
  }
  return absl::NotFoundError(message);
}

std::string AcceptedTypes(const MethodDescriptor& method) {
  return IsStream(method)
             ? "application/connect+json, application/connect+proto"
             : "application/json, application/proto";
}

absl::StatusOr<ConnectRequest> ReadContentType(const MethodDescriptor& method,
                                               const HttpRequest& request) {
  const absl::string_view field = request.Field("content-type").value_or("");
  const std::string type = absl::AsciiStrToLower(
      absl::StripAsciiWhitespace(field.substr(0, field.find(';'))));
  ConnectRequest read{.method = &method,
                      .is_stream = IsStream(method),
                      .encoding = Encoding::kJson,
                      .content_type = type};
  const absl::string_view prefix =
      read.is_stream ? "application/connect+" : "application/";
  if (type == absl::StrCat(prefix, "json")) return read;
  if (type == absl::StrCat(prefix, "proto")) {
    read.encoding = Encoding::kProto;
    return read;
  }
  return absl::UnimplementedError(absl::StrCat(
      method.full_name(), ": got content type ", type.empty() ? "none" : type,
      ", wanted one of ", AcceptedTypes(method)));
}

absl::StatusOr<std::chrono::milliseconds> ReadCallHeader(
    const HttpRequest& http, const ConnectRequest& request,
    std::chrono::milliseconds longest) {
  const absl::string_view version =
      http.Field("connect-protocol-version").value_or("1");
  if (version != "1") {
    return absl::InvalidArgumentError(
        absl::StrCat("connect-protocol-version: got ", version, ", wanted 1"));
  }
  const absl::string_view encoding =
      request.is_stream ? "connect-content-encoding" : "content-encoding";
  if (!IsIdentity(http.Field(encoding))) {
    return absl::UnimplementedError(
        absl::StrCat(encoding, ": got ", *http.Field(encoding),
                     ", wanted identity: requests come uncompressed"));
  }
  const auto timeout = http.Field("connect-timeout-ms");
  if (!timeout) return longest;
  uint64_t milliseconds = 0;
  if (timeout->empty() || timeout->size() > kTimeoutDigits ||
      !std::all_of(timeout->begin(), timeout->end(),
                   [](char c) { return c >= '0' && c <= '9'; }) ||
      !absl::SimpleAtoi(*timeout, &milliseconds)) {
    return absl::InvalidArgumentError(
        absl::StrCat("connect-timeout-ms: got ", *timeout,
                     ", wanted a number of at most ten digits"));
  }
  return std::min(longest, std::chrono::milliseconds(milliseconds));
}

absl::StatusOr<std::vector<std::string>> ReadMessages(
    const HttpRequest& http, const ConnectRequest& request) {
  std::vector<absl::string_view> texts = {http.body};
  if (request.is_stream) {
    absl::StatusOr<std::vector<absl::string_view>> read =
        ReadEnvelopes(http.body);
    if (!read.ok()) return read.status();
    texts = *std::move(read);
  }
  if (!request.method->client_streaming() && texts.size() != 1) {
    return absl::UnimplementedError(absl::StrCat(request.method->full_name(),
                                                 ": got ", texts.size(),
                                                 " messages, wanted one"));
  }
  std::vector<std::string> messages;
  for (absl::string_view text : texts) {
    absl::StatusOr<std::string> message =
        DecodeMessage(request.encoding, *request.method->input_type(), text);
    if (!message.ok()) return message.status();
    messages.push_back(*std::move(message));
  }
  return messages;
}

}  // namespace engram
