#include "server/gateway/connect_error.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>

#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/spec/json_text.h"
#include "google/rpc/status.pb.h"

namespace engram {
namespace {

std::string Quoted(absl::string_view text) {
  std::string json;
  AppendJsonText(text, json);
  return json;
}

// The detail as JSON, "" for a type that is not linked in.
std::string DebugJson(absl::string_view type, const std::string& value) {
  using google::protobuf::DescriptorPool;
  using google::protobuf::Message;
  const auto* descriptor =
      DescriptorPool::generated_pool()->FindMessageTypeByName(
          std::string(type));
  if (descriptor == nullptr) return "";
  const std::unique_ptr<Message> message(
      google::protobuf::MessageFactory::generated_factory()
          ->GetPrototype(descriptor)
          ->New());
  std::string json;
  if (!message->ParseFromString(value) ||
      !google::protobuf::util::MessageToJsonString(*message, &json).ok()) {
    return "";
  }
  return json;
}

std::string DetailJson(const google::protobuf::Any& detail) {
  absl::string_view type = detail.type_url();
  type = type.substr(type.rfind('/') + 1);
  // Connect wants standard base64 without its padding.
  std::string value = absl::Base64Escape(detail.value());
  while (!value.empty() && value.back() == '=') value.pop_back();
  std::string json =
      absl::StrCat("{\"type\":", Quoted(type), ",\"value\":\"", value, "\"");
  const std::string debug = DebugJson(type, detail.value());
  if (!debug.empty()) absl::StrAppend(&json, ",\"debug\":", debug);
  return absl::StrCat(json, "}");
}

}  // namespace

absl::string_view ConnectCode(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::OK:
      return "ok";
    case grpc::StatusCode::CANCELLED:
      return "canceled";
    case grpc::StatusCode::INVALID_ARGUMENT:
      return "invalid_argument";
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return "deadline_exceeded";
    case grpc::StatusCode::NOT_FOUND:
      return "not_found";
    case grpc::StatusCode::ALREADY_EXISTS:
      return "already_exists";
    case grpc::StatusCode::PERMISSION_DENIED:
      return "permission_denied";
    case grpc::StatusCode::UNAUTHENTICATED:
      return "unauthenticated";
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return "resource_exhausted";
    case grpc::StatusCode::FAILED_PRECONDITION:
      return "failed_precondition";
    case grpc::StatusCode::ABORTED:
      return "aborted";
    case grpc::StatusCode::OUT_OF_RANGE:
      return "out_of_range";
    case grpc::StatusCode::UNIMPLEMENTED:
      return "unimplemented";
    case grpc::StatusCode::INTERNAL:
      return "internal";
    case grpc::StatusCode::UNAVAILABLE:
      return "unavailable";
    case grpc::StatusCode::DATA_LOSS:
      return "data_loss";
    case grpc::StatusCode::UNKNOWN:
    case grpc::StatusCode::DO_NOT_USE:
      break;
  }
  return "unknown";
}

int HttpStatusOf(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::OK:
      return 200;
    case grpc::StatusCode::CANCELLED:
      return 499;
    case grpc::StatusCode::INVALID_ARGUMENT:
    case grpc::StatusCode::FAILED_PRECONDITION:
    case grpc::StatusCode::OUT_OF_RANGE:
      return 400;
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return 504;
    case grpc::StatusCode::NOT_FOUND:
      return 404;
    case grpc::StatusCode::ALREADY_EXISTS:
    case grpc::StatusCode::ABORTED:
      return 409;
    case grpc::StatusCode::PERMISSION_DENIED:
      return 403;
    case grpc::StatusCode::UNAUTHENTICATED:
      return 401;
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return 429;
    case grpc::StatusCode::UNIMPLEMENTED:
      return 501;
    case grpc::StatusCode::UNAVAILABLE:
      return 503;
    case grpc::StatusCode::INTERNAL:
    case grpc::StatusCode::DATA_LOSS:
    case grpc::StatusCode::UNKNOWN:
    case grpc::StatusCode::DO_NOT_USE:
      break;
  }
  return 500;
}

std::string ErrorJson(const grpc::Status& status) {
  std::string json =
      absl::StrCat("{\"code\":\"", ConnectCode(status.error_code()),
                   "\",\"message\":", Quoted(status.error_message()));
  google::rpc::Status wire;
  if (!status.error_details().empty() &&
      wire.ParseFromString(status.error_details()) && wire.details_size() > 0) {
    absl::string_view separator = ",\"details\":[";
    for (const auto& detail : wire.details()) {
      absl::StrAppend(&json, separator, DetailJson(detail));
      separator = ",";
    }
    json += "]";
  }
  return absl::StrCat(json, "}");
}

std::string EndOfStreamJson(const grpc::Status& status) {
  if (status.ok()) return "{}";
  return absl::StrCat("{\"error\":", ErrorJson(status), "}");
}

grpc::Status AsGrpc(const absl::Status& status) {
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()),
                      std::string(status.message()));
}

}  // namespace engram
