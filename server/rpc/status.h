#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/spec/fault.h"

namespace google::protobuf {
class Message;
}
namespace grpc {
class Status;
}

namespace engram {

// A refusal's details travel as payloads of the absl::Status: one
// google.rpc message each, under its type's URL. Plain functions thus say all
// that a client can act on without a gRPC type in sight.
absl::Status WithDetail(absl::Status status,
                        const google::protobuf::Message& detail);

// INVALID_ARGUMENT about one field of the request (BadRequest).
absl::Status BadField(absl::string_view field, absl::string_view message);

// INVALID_ARGUMENT about a text: BadRequest has one violation a fault, with
// field "text:<line>:<path>"; beyond 256 KiB of them the last one has no field
// and says how many more there are. The message has one line a fault, or, when
// there are many, one sentence: "37 faults; the first: ...".
absl::Status BadText(const Faults& faults, const std::string& file);

// RESOURCE_EXHAUSTED (QuotaFailure). `subject` is whose quota: "users/ada".
absl::Status QuotaExceeded(absl::string_view subject,
                           absl::string_view message);

// FAILED_PRECONDITION (PreconditionFailure). `type` is a constant such as
// "RUN_NOT_ENDED", `subject` the resource's name.
absl::Status NotReady(absl::string_view type, absl::string_view subject,
                      absl::string_view message);

// NOT_FOUND (ResourceInfo): "there is no run k7m2q9xw4p/17; did you mean ...?"
// `type` is a word for people: "run", "preset". The nearest of `known` is
// suggested if it is near.
absl::Status Unknown(absl::string_view type, absl::string_view name,
                     const std::vector<std::string>& known);

// NOT_FOUND with the store's own words, and ResourceInfo of what was asked for.
absl::Status NamedNotFound(absl::string_view message, absl::string_view name);

// PERMISSION_DENIED (ErrorInfo with this reason).
absl::Status NotPermitted(absl::string_view reason, absl::string_view message);

// UNAUTHENTICATED (ErrorInfo with this reason: TOKEN_MISSING, ...).
absl::Status NotAuthenticated(absl::string_view reason,
                              absl::string_view message);

// The one place where a Status becomes gRPC's: code, message and, when there
// are details, a google.rpc.Status in the trailers.
grpc::Status ToGrpc(const absl::Status& status);

}  // namespace engram
