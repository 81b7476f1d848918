#include "any_call.h"

#include <google/protobuf/util/json_util.h>
#include <grpcpp/generic/generic_stub.h>

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "server/gateway/envelope.h"
#include "tests/server/gateway/http_client.h"

namespace engram {
namespace {

constexpr int kMomentMs = 300;

std::string PathOf(const std::string& method) {
  const size_t dot = method.rfind('.');
  return absl::StrCat("/", method.substr(0, dot), "/", method.substr(dot + 1));
}

std::string ReasonOf(const grpc::Status& status) {
  google::rpc::Status wire;
  wire.ParseFromString(status.error_details());
  for (const auto& detail : wire.details()) {
    google::rpc::ErrorInfo info;
    if (detail.UnpackTo(&info)) return info.reason();
  }
  return "";
}

// What follows `"name":"` in a JSON text, up to the next quote.
std::string JsonText(const std::string& json, const std::string& name) {
  const std::string start = absl::StrCat("\"", name, "\":\"");
  const size_t at = json.find(start);
  if (at == std::string::npos) return "";
  const size_t begin = at + start.size();
  return json.substr(begin, json.find('"', begin) - begin);
}

grpc::StatusCode CodeOf(const std::string& connect_code) {
  static const auto* const codes = new std::map<std::string, grpc::StatusCode>{
      {"", grpc::StatusCode::OK},
      {"canceled", grpc::StatusCode::CANCELLED},
      {"unknown", grpc::StatusCode::UNKNOWN},
      {"invalid_argument", grpc::StatusCode::INVALID_ARGUMENT},
      {"deadline_exceeded", grpc::StatusCode::DEADLINE_EXCEEDED},
      {"not_found", grpc::StatusCode::NOT_FOUND},
      {"already_exists", grpc::StatusCode::ALREADY_EXISTS},
      {"permission_denied", grpc::StatusCode::PERMISSION_DENIED},
      {"resource_exhausted", grpc::StatusCode::RESOURCE_EXHAUSTED},
      {"failed_precondition", grpc::StatusCode::FAILED_PRECONDITION},
      {"aborted", grpc::StatusCode::ABORTED},
      {"out_of_range", grpc::StatusCode::OUT_OF_RANGE},
      {"unimplemented", grpc::StatusCode::UNIMPLEMENTED},
      {"internal", grpc::StatusCode::INTERNAL},
      {"unavailable", grpc::StatusCode::UNAVAILABLE},
      {"data_loss", grpc::StatusCode::DATA_LOSS},
      {"unauthenticated", grpc::StatusCode::UNAUTHENTICATED}};
  const auto found = codes->find(connect_code);
  ENGRAM_EXPECT(found != codes->end());
  return found->second;
}

bool IsStream(const std::string& method) {
  const auto& descriptor = MethodOf(method);
  return descriptor.client_streaming() || descriptor.server_streaming();
}

}  // namespace

const google::protobuf::MethodDescriptor& MethodOf(const std::string& method) {
  const auto* found =
      google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
          method);
  ENGRAM_EXPECT(found != nullptr);
  return *found;
}

std::unique_ptr<google::protobuf::Message> RequestFor(
    const std::string& method) {
  const auto* prototype =
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(
          MethodOf(method).input_type());
  return std::unique_ptr<google::protobuf::Message>(prototype->New());
}

Answer CallByGrpc(const std::shared_ptr<grpc::Channel>& channel,
                  const std::string& method, const std::string& authorization,
                  const google::protobuf::Message& request) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  // What is no stream ends by itself.
  context.set_deadline(
      std::chrono::system_clock::now() +
      std::chrono::milliseconds(IsStream(method) ? kMomentMs : 60'000));
  if (!authorization.empty()) {
    context.AddMetadata("authorization", authorization);
  }
  const grpc::Slice bytes(request.SerializeAsString());
  grpc::ByteBuffer sent(&bytes, 1), reply;
  std::mutex mutex;
  std::condition_variable changed;
  bool is_done = false;
  grpc::Status status;
  stub.UnaryCall(&context, PathOf(method), grpc::StubOptions(), &sent, &reply,
                 [&](grpc::Status ended) {
                   const std::lock_guard lock(mutex);
                   status = std::move(ended);
                   is_done = true;
                   changed.notify_one();
                 });
  std::unique_lock lock(mutex);
  changed.wait(lock, [&] { return is_done; });
  return {.code = status.error_code(),
          .reason = ReasonOf(status),
          .message = status.error_message()};
}

Answer CallByHttp(int port, const std::string& ca, Encoding encoding,
                  const std::string& method, const std::string& authorization,
                  const google::protobuf::Message& request) {
  const bool is_json = encoding == Encoding::kJson;
  std::string body;
  if (is_json) {
    const auto made =
        google::protobuf::util::MessageToJsonString(request, &body);
    ENGRAM_EXPECT(made.ok());
  } else {
    body = request.SerializeAsString();
  }
  const bool is_stream = IsStream(method);
  const std::string type = absl::StrCat(
      "application/", is_stream ? "connect+" : "", is_json ? "json" : "proto");
  std::string fields =
      is_stream ? absl::StrCat("Connect-Timeout-Ms: ", kMomentMs, "\r\n") : "";
  if (!authorization.empty()) {
    absl::StrAppend(&fields, "Authorization: ", authorization, "\r\n");
  }
  const std::string text = Post(port, PathOf(method), type,
                                is_stream ? Envelope(0, body) : body, fields);
  const TestResponse response =
      ca.empty() ? Call(port, text) : CallTls(port, ca, text);
  ENGRAM_EXPECT(response.status != 0);
  return {.code = CodeOf(JsonText(response.body, "code")),
          .reason = JsonText(response.body, "reason"),
          .message = response.body.substr(0, 500),
          .http_status = response.status};
}

}  // namespace engram
