#pragma once

#include <grpc/grpc_security_constants.h>
#include <grpcpp/security/auth_context.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>
#include <grpcpp/support/status.h>

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/rpc/caller.h"
#include "server/rpc/gate.h"
#include "server/rpc/status.h"

namespace engram {

inline bool IsEncrypted(const grpc::CallbackServerContext& context) {
  const auto types = context.auth_context()->FindPropertyValues(
      GRPC_TRANSPORT_SECURITY_TYPE_PROPERTY_NAME);
  return !types.empty() && types.front() == "tls";
}

// Where a call comes from and by what: "unix:", "ipv4:127.0.0.1:40112",
// "tls+ipv4:10.0.0.7:40112". The HTTP gateway, which alone calls in-process
// from outside, says whom it calls for: "https:10.0.0.7:40112".
inline std::string PeerOf(const grpc::CallbackServerContext& context) {
  const std::string peer = context.peer();
  // What gRPC says of a peer in the same process.
  if (peer != "unknown") {
    return IsEncrypted(context) ? absl::StrCat("tls+", peer) : peer;
  }
  const auto found = context.client_metadata().find("engram-http-peer");
  if (found == context.client_metadata().end()) return peer;
  return std::string(found->second.data(), found->second.size());
}

// What gRPC knows of a call. `method` is the descriptor's full name:
// "engram.v1.Experiments.CreateExperiment".
inline CallFacts FactsOf(const grpc::CallbackServerContext& context,
                         absl::string_view method) {
  CallFacts facts{.method = std::string(method),
                  .authorization = std::nullopt,
                  .peer = PeerOf(context)};
  const auto found = context.client_metadata().find("authorization");
  if (found != context.client_metadata().end()) {
    facts.authorization.emplace(found->second.data(), found->second.size());
  }
  return facts;
}

// Who makes a streaming call, and the line that its end leaves in the log. The
// gate outlives it.
class StreamCall {
 public:
  StreamCall(Gate& gate, const grpc::CallbackServerContext& context,
             absl::string_view method)
      : gate_(gate),
        facts_(FactsOf(context, method)),
        begun_us_(gate.NowUs()),
        caller_(gate.Authenticate(facts_)) {}

  const absl::StatusOr<Caller>& caller() const { return caller_; }
  // Whether the caller's token still opens the stream: it may have been revoked
  // or have expired since.
  absl::Status StillMay() const { return gate_.Authenticate(facts_).status(); }
  // Call it once, before the stream is finished: who has seen its end finds
  // the line.
  void LogEnd(const absl::Status& status) const {
    gate_.LogEnd(facts_, caller_.ok() ? &*caller_ : nullptr, status, begun_us_);
  }

 private:
  Gate& gate_;
  const CallFacts facts_;
  const int64_t begun_us_;
  const absl::StatusOr<Caller> caller_;
};

// The whole of a unary call: `function` is a plain
// `absl::StatusOr<Reply>(const Caller&, const Request&)`, run on the gate's
// pool after token, scope and request id were checked.
template <class Request, class Reply, class Function>
grpc::ServerUnaryReactor* Handle(Gate& gate,
                                 grpc::CallbackServerContext* context,
                                 absl::string_view method,
                                 const Request* request, Reply* reply,
                                 Function function) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  gate.Call(
      FactsOf(*context, method), *request, *reply,
      [request, reply, function](const Caller& caller) -> absl::Status {
        absl::StatusOr<Reply> result = function(caller, *request);
        if (!result.ok()) return result.status();
        *reply = *std::move(result);
        return absl::OkStatus();
      },
      [reactor](const absl::Status& status) {
        reactor->Finish(ToGrpc(status));
      });
  return reactor;
}

}  // namespace engram
