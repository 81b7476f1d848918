#include "client/cli/wire/explain.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <tuple>
#include <vector>

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/cli/text/utf8.h"
#include "client/cli/wire/client.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace engram::cli {
namespace {

google::rpc::Status DetailsOf(const absl::Status& status) {
  google::rpc::Status details;
  if (const auto payload = status.GetPayload(Client::kDetails)) {
    // Details that cannot be read leave the message to speak alone.
    if (!details.ParseFromString(std::string(*payload))) details.Clear();
  }
  return details;
}

template <class Detail>
std::optional<Detail> Find(const google::rpc::Status& details) {
  for (const auto& any : details.details()) {
    Detail detail;
    if (any.Is<Detail>() && any.UnpackTo(&detail)) return detail;
  }
  return std::nullopt;
}

// One fault of a text, or of another field of the request.
struct Line {
  bool is_rest = false;  // says how many more there are, not which
  int64_t number = 0;
  std::string place;
  std::string what;
};

// `field` is "text:<line>:<path>" for the experiment's text.
Line LineOf(const google::rpc::BadRequest::FieldViolation& violation) {
  Line line;
  line.is_rest = violation.field().empty();
  line.what = Printable(violation.description());
  line.place = Printable(violation.field());
  const std::vector<std::string> parts =
      absl::StrSplit(violation.field(), absl::MaxSplits(':', 2));
  if (parts.size() == 3 && parts[0] == "text" &&
      absl::SimpleAtoi(parts[1], &line.number)) {
    line.place = Printable(parts[2]);
  }
  return line;
}

std::string FaultLines(const google::rpc::BadRequest& bad,
                       const std::string& file) {
  std::vector<Line> lines;
  for (const auto& violation : bad.field_violations()) {
    lines.push_back(LineOf(violation));
  }
  std::stable_sort(lines.begin(), lines.end(),
                   [](const Line& a, const Line& b) {
                     return std::tie(a.is_rest, a.number, a.place) <
                            std::tie(b.is_rest, b.number, b.place);
                   });
  std::string text;
  for (const Line& line : lines) {
    if (!file.empty() && !line.is_rest) absl::StrAppend(&text, file, ":");
    if (line.number > 0) absl::StrAppend(&text, line.number, ":");
    if (!text.empty() && text.back() == ':') text += ' ';
    if (!line.place.empty()) absl::StrAppend(&text, line.place, ": ");
    absl::StrAppend(&text, line.what, "\n");
  }
  return text;
}

// What is wrong between client and certificate, in gRPC's words and in ours;
// empty when it is something else.
std::string TlsFault(absl::string_view message) {
  if (absl::StrContains(message, "certificate verify failed")) {
    return "its certificate is not one that this client trusts, or has "
           "expired; name the lab's own authority with --ca FILE or ENGRAM_CA";
  }
  if (absl::StrContains(message, "is not in peer certificate") ||
      absl::StrContains(message, "ostname")) {
    return "its certificate is for another name; call it by a name that the "
           "certificate has";
  }
  if (absl::StrContains(message, "wrong version number")) {
    return "it does not speak TLS; reach it from its own machine, or through "
           "ssh -L, as localhost";
  }
  if (absl::StrContains(message, "andshake failed")) {
    return "it and this client found no common TLS";
  }
  return "";
}

std::string Unreachable(const absl::Status& status,
                        const ErrorContext& context) {
  const std::string fault = TlsFault(status.message());
  if (!fault.empty()) {
    return absl::StrCat("engram: no secure connection to ", context.server,
                        ": ", fault, "\n");
  }
  if (absl::StrContains(status.message(), "failed to connect") ||
      absl::StrContains(status.message(), "resolution failed") ||
      absl::StrContains(status.message(), "onnection refused")) {
    // Something is there, but does not speak as this client does.
    const bool is_strange = absl::StrContains(status.message(), "last error") &&
                            !absl::StrContains(status.message(), "refused") &&
                            !absl::StrContains(status.message(), "No such");
    return absl::StrCat(
        "engram: no server answers at ", context.server,
        "; start one with `engramd`, or name another with --server or "
        "ENGRAM_SERVER",
        is_strange ? "; if it speaks TLS, name its authority with --ca FILE"
                   : "",
        "\n");
  }
  return absl::StrCat("engram: the server at ", context.server,
                      " does not answer: ", Printable(status.message()), "\n");
}

// What helps with an error that the server gave a constant name.
std::string NextStep(const google::rpc::Status& details,
                     const absl::Status& status) {
  const auto info = Find<google::rpc::ErrorInfo>(details);
  const bool names_command = absl::StrContains(status.message(), "engram ");
  if (absl::IsUnauthenticated(status) && !names_command) {
    return "ask an admin for a token (engram admin tokens create USER), then "
           "store it with: engram login\n";
  }
  if (info && info->metadata().contains("hint")) {
    return Printable(info->metadata().at("hint")) + "\n";
  }
  return "";
}

}  // namespace

ExitCode ExitCodeOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return kDone;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kUnimplemented:
      return kInvalid;
    case absl::StatusCode::kNotFound:
      return kNotFound;
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
      return kNotPermitted;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
      return kUnreachable;
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kFailedPrecondition:
      return kConflict;
    case absl::StatusCode::kResourceExhausted:
      return kQuota;
    case absl::StatusCode::kCancelled:
      return kInterrupted;
    default:
      return kRunOrClaimFailed;
  }
}

std::string ExplainError(const absl::Status& status,
                         const ErrorContext& context) {
  if (absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status)) {
    return Unreachable(status, context);
  }
  const google::rpc::Status details = DetailsOf(status);
  const auto bad = Find<google::rpc::BadRequest>(details);
  if (bad && bad->field_violations_size() > 0) {
    return FaultLines(*bad, context.file);
  }
  const bool named = absl::StartsWith(status.message(), "engram");
  std::string text =
      absl::StrCat(named ? "" : "engram: ", Printable(status.message()), "\n");
  if (const auto quota = Find<google::rpc::QuotaFailure>(details)) {
    for (const auto& violation : quota->violations()) {
      if (absl::StrContains(status.message(), violation.description())) {
        continue;
      }
      absl::StrAppend(&text, Printable(violation.subject()), ": ",
                      Printable(violation.description()), "\n");
    }
  }
  if (const auto failure = Find<google::rpc::PreconditionFailure>(details)) {
    for (const auto& violation : failure->violations()) {
      if (absl::StrContains(status.message(), violation.description())) {
        continue;
      }
      absl::StrAppend(&text, Printable(violation.subject()), ": ",
                      Printable(violation.description()), "\n");
    }
  }
  return text + NextStep(details, status);
}

}  // namespace engram::cli
