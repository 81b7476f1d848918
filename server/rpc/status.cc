#include "server/rpc/status.h"

#include <grpcpp/support/status.h>

#include <map>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/spec/nearest_name.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace engram {
namespace {

constexpr absl::string_view kTypePrefix = "type.googleapis.com/";
// Details travel in HTTP/2 trailers, as base64; clients of ours take 1 MiB.
constexpr size_t kMostFaultBytes = 256 << 10;
// Line number, tags and lengths of one fault.
constexpr size_t kFaultOverhead = 32;
// As many faults, and as many bytes, are said in the message line by line.
constexpr size_t kFewFaults = 10;
constexpr size_t kShortMessage = 2 << 10;

absl::Status WithErrorInfo(absl::Status status, absl::string_view reason) {
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(reason));
  info.set_domain("engram");
  return WithDetail(std::move(status), info);
}

// A line a fault where there are few, else one sentence: a long message does
// not fit the trailers of clients that take 8 KiB.
std::string FaultMessage(const Faults& faults, const std::string& file) {
  if (faults.size() <= kFewFaults) {
    std::vector<std::string> lines;
    for (const Fault& fault : faults) lines.push_back(fault.Format(file));
    std::string message = absl::StrJoin(lines, "\n");
    if (faults.size() < 2 || message.size() <= kShortMessage) return message;
  }
  return absl::StrCat(faults.size(),
                      " faults; the first: ", faults.front().Format(file));
}

}  // namespace

absl::Status WithDetail(absl::Status status,
                        const google::protobuf::Message& detail) {
  status.SetPayload(absl::StrCat(std::string(kTypePrefix),
                                 detail.GetDescriptor()->full_name()),
                    absl::Cord(detail.SerializeAsString()));
  return status;
}

absl::Status BadField(absl::string_view field, absl::string_view message) {
  google::rpc::BadRequest detail;
  auto* violation = detail.add_field_violations();
  violation->set_field(std::string(field));
  violation->set_description(std::string(message));
  return WithDetail(
      absl::InvalidArgumentError(absl::StrCat(field, ": ", message)), detail);
}

absl::Status BadText(const Faults& faults, const std::string& file) {
  google::rpc::BadRequest detail;
  size_t bytes = 0;
  for (size_t i = 0; i < faults.size(); ++i) {
    const Fault& fault = faults[i];
    auto* violation = detail.add_field_violations();
    bytes += fault.path.size() + fault.message.size() + kFaultOverhead;
    if (i > 0 && bytes > kMostFaultBytes) {
      violation->set_description(
          absl::StrCat("and ", faults.size() - i, " more"));
      break;
    }
    violation->set_field(absl::StrCat("text:", fault.line, ":", fault.path));
    violation->set_description(fault.message);
  }
  return WithDetail(absl::InvalidArgumentError(FaultMessage(faults, file)),
                    detail);
}

absl::Status QuotaExceeded(absl::string_view subject,
                           absl::string_view message) {
  google::rpc::QuotaFailure detail;
  auto* violation = detail.add_violations();
  violation->set_subject(std::string(subject));
  violation->set_description(std::string(message));
  return WithDetail(absl::ResourceExhaustedError(message), detail);
}

absl::Status NotReady(absl::string_view type, absl::string_view subject,
                      absl::string_view message) {
  google::rpc::PreconditionFailure detail;
  auto* violation = detail.add_violations();
  violation->set_type(std::string(type));
  violation->set_subject(std::string(subject));
  violation->set_description(std::string(message));
  return WithDetail(absl::FailedPreconditionError(message), detail);
}

absl::Status Unknown(absl::string_view type, absl::string_view name,
                     const std::vector<std::string>& known) {
  std::string message = absl::StrCat("there is no ", type, " ", name);
  const std::string nearest = NearestName(name, known);
  if (!nearest.empty()) {
    absl::StrAppend(&message, "; did you mean ", nearest, "?");
  }
  google::rpc::ResourceInfo detail;
  detail.set_resource_type(std::string(type));
  detail.set_resource_name(std::string(name));
  detail.set_description(nearest);
  return WithDetail(absl::NotFoundError(message), detail);
}

absl::Status NamedNotFound(absl::string_view message, absl::string_view name) {
  google::rpc::ResourceInfo detail;
  detail.set_resource_name(std::string(name));
  return WithDetail(absl::NotFoundError(message), detail);
}

absl::Status NotPermitted(absl::string_view reason, absl::string_view message) {
  return WithErrorInfo(absl::PermissionDeniedError(message), reason);
}

absl::Status NotAuthenticated(absl::string_view reason,
                              absl::string_view message) {
  return WithErrorInfo(absl::UnauthenticatedError(message), reason);
}

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  google::rpc::Status wire;
  wire.set_code(static_cast<int>(status.code()));
  wire.set_message(std::string(status.message()));
  // Sorted, because Abseil hands payloads out in no order.
  std::map<std::string, std::string> payloads;
  status.ForEachPayload([&](absl::string_view url, const absl::Cord& bytes) {
    payloads[std::string(url)] = std::string(bytes);
  });
  for (auto& [url, bytes] : payloads) {
    auto* detail = wire.add_details();
    detail->set_type_url(url);
    detail->set_value(bytes);
  }
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()),
                      std::string(status.message()),
                      payloads.empty() ? "" : wire.SerializeAsString());
}

}  // namespace engram
