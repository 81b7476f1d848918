#include "server/gateway/connect_call.h"

#include <google/protobuf/descriptor.h>

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/gateway/codec.h"
#include "server/gateway/connect_error.h"
#include "server/gateway/connect_request.h"
#include "server/gateway/envelope.h"
#include "server/gateway/generic_call.h"

namespace engram {
namespace {

constexpr absl::string_view kPackagePrefix = "/engram.v1.";

HttpResponse WithType(int status, const std::string& content_type,
                      std::string body) {
  return {
      .status = status,
      .fields = {{"Content-Type", content_type}, {"Cache-Control", "no-store"}},
      .body = std::move(body)};
}

HttpResponse UnaryError(const grpc::Status& status) {
  return WithType(HttpStatusOf(status.error_code()), "application/json",
                  ErrorJson(status));
}

// One call under way; held by its gRPC call's callbacks, which let go of it
// when the call is done.
struct Running {
  ConnectRequest request;
  std::shared_ptr<Exchange> exchange;
  std::shared_ptr<GenericCall> call;
  std::string response;
  // Of an answer that could not be encoded; the call was then cancelled.
  absl::Status fault;
};

// --- unary: the answer is made when the call is done.

void TakeUnary(Running& running, std::string bytes) {
  running.response = std::move(bytes);
  // The end of the stream, which brings the status.
  running.call->Read();
}

void EndUnary(Running& running, const grpc::Status& status) {
  if (!status.ok()) return running.exchange->Respond(UnaryError(status));
  const absl::StatusOr<std::string> body =
      EncodeMessage(running.request.encoding,
                    *running.request.method->output_type(), running.response);
  if (!body.ok()) {
    return running.exchange->Respond(UnaryError(AsGrpc(body.status())));
  }
  running.exchange->Respond(WithType(200, running.request.content_type, *body));
}

// --- streams: the next message is asked for when the last one has left.

void TakeStreamed(const std::shared_ptr<Running>& running,
                  const std::string& bytes) {
  const absl::StatusOr<std::string> text =
      EncodeMessage(running->request.encoding,
                    *running->request.method->output_type(), bytes);
  if (!text.ok()) {
    running->fault = text.status();
    return running->call->Cancel();
  }
  running->exchange->Write(Envelope(0, *text), [running](bool has_left) {
    if (has_left) {
      running->call->Read();
    } else {
      running->call->Cancel();
    }
  });
}

void EndStreamed(Running& running, const grpc::Status& status) {
  const grpc::Status& shown =
      running.fault.ok() ? status : AsGrpc(running.fault);
  running.exchange->Write(Envelope(kEndOfStreamFlag, EndOfStreamJson(shown)),
                          nullptr);
  running.exchange->End();
}

void Refuse(const ConnectRequest& request, const absl::Status& status,
            Exchange& exchange) {
  const grpc::Status wire = AsGrpc(status);
  if (!request.is_stream) return exchange.Respond(UnaryError(wire));
  exchange.Respond(WithType(200, request.content_type,
                            Envelope(kEndOfStreamFlag, EndOfStreamJson(wire))));
}

void SetCallbacks(const std::shared_ptr<Running>& running,
                  GenericCall::Options& options) {
  if (running->request.is_stream) {
    options.on_message = [running](std::string bytes) {
      TakeStreamed(running, bytes);
    };
    options.on_done = [running](const grpc::Status& status) {
      EndStreamed(*running, status);
    };
  } else {
    options.on_message = [running](std::string bytes) {
      TakeUnary(*running, std::move(bytes));
    };
    options.on_done = [running](const grpc::Status& status) {
      EndUnary(*running, status);
    };
  }
}

}  // namespace

ConnectCalls::ConnectCalls(std::shared_ptr<grpc::Channel> channel,
                           std::chrono::milliseconds call_life)
    : channel_(std::move(channel)), call_life_(call_life) {}

bool ConnectCalls::IsMethodPath(absl::string_view path) {
  return absl::StartsWith(path, kPackagePrefix);
}

HttpResponse ConnectRefusal(int http_status, const absl::Status& status) {
  return WithType(http_status, "application/json", ErrorJson(AsGrpc(status)));
}

void ConnectCalls::Serve(const HttpRequest& request,
                         const std::optional<std::string>& authorization,
                         std::shared_ptr<Exchange> exchange) const {
  const auto method = FindHttpMethod(request.path);
  if (!method.ok()) {
    // The protocol's code for a path that no method has.
    return exchange->Respond(ConnectRefusal(
        404, absl::UnimplementedError(method.status().message())));
  }
  if (request.method != "POST") {
    HttpResponse response =
        ConnectRefusal(405, absl::UnimplementedError(absl::StrCat(
                                "got ", request.method,
                                ", wanted POST: methods are called "
                                "by POST, with {} where nothing is to say")));
    response.fields.emplace_back("Allow", "POST");
    return exchange->Respond(std::move(response));
  }
  const auto read = ReadContentType(**method, request);
  if (!read.ok()) {
    HttpResponse response = ConnectRefusal(415, read.status());
    response.fields.emplace_back("Accept-Post", AcceptedTypes(**method));
    return exchange->Respond(std::move(response));
  }
  const auto timeout = ReadCallHeader(request, *read, call_life_);
  if (!timeout.ok()) return Refuse(*read, timeout.status(), *exchange);
  auto messages = ReadMessages(request, *read);
  if (!messages.ok()) return Refuse(*read, messages.status(), *exchange);

  const auto running = std::make_shared<Running>();
  running->request = *read;
  running->exchange = exchange;
  GenericCall::Options options{.method = request.path,
                               .metadata = {},
                               .requests = *std::move(messages),
                               .timeout = *timeout,
                               .on_message = nullptr,
                               .on_done = nullptr};
  if (authorization) {
    options.metadata.emplace_back("authorization", *authorization);
  }
  options.metadata.emplace_back("engram-http-peer", request.SchemeAndPeer());
  SetCallbacks(running, options);
  // What a page waits for first is the head.
  if (read->is_stream) exchange->Begin(WithType(200, read->content_type, ""));
  const auto call = GenericCall::Make(channel_, std::move(options));
  running->call = call;
  call->Start();
  exchange->OnDisconnect([call] { call->Cancel(); });
}

}  // namespace engram
