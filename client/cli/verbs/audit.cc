#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "client/cli/listing.h"
#include "client/cli/names.h"
#include "client/cli/paging.h"
#include "client/cli/scope.h"
#include "client/cli/text/utf8.h"
#include "client/cli/verbs/accounts.h"
#include "client/cli/wire/explain.h"
#include "client/cli/wording.h"

namespace engram::cli {
namespace {

using v1::AuditEntry;

struct Flags {
  std::string user;
  std::string method;
  std::string since;
  std::string until;
  int64_t limit = 50;
};

// "Experiments.Cancel"; programs read the whole.
std::string ShortMethod(const std::string& method) {
  return std::string(absl::StripPrefix(method, "engram.v1."));
}

Cell OutcomeCell(const AuditEntry& entry) {
  return {entry.outcome(), entry.outcome() == "OK" ? Tone::kPlain : Tone::kBad};
}

// Whatever a stranger sent is shown without what could steer a terminal.
std::vector<Column<AuditEntry>> Columns() {
  return {
      {"time", "time", Align::kLeft,
       [](const AuditEntry& e) -> Cell {
         return {ClockText(TimeOf(e.time())), Tone::kDim};
       },
       [](const AuditEntry& e) { return IsoTime(true, e.time()); }},
      {"user", "user", Align::kLeft,
       [](const AuditEntry& e) -> Cell {
         return {Printable(ShortName(e.user()))};
       },
       [](const AuditEntry& e) { return e.user(); }},
      {"token", "token", Align::kLeft,
       [](const AuditEntry& e) -> Cell { return {ShortName(e.token())}; },
       [](const AuditEntry& e) { return e.token(); }},
      {"method", "what", Align::kLeft,
       [](const AuditEntry& e) -> Cell { return {ShortMethod(e.method())}; },
       [](const AuditEntry& e) { return e.method(); }},
      {"resource", "of", Align::kLeft,
       [](const AuditEntry& e) -> Cell {
         return {Printable(ShortName(e.resource()))};
       },
       [](const AuditEntry& e) { return e.resource(); }},
      {"outcome", "outcome", Align::kLeft, OutcomeCell},
      {"peer", "from", Align::kLeft,
       [](const AuditEntry& e) -> Cell { return {Printable(e.peer())}; }},
      {"request_id", "request", Align::kLeft,
       [](const AuditEntry& e) -> Cell { return {e.request_id()}; }, nullptr,
       nullptr, false},
  };
}

// "2026-01-31", "2026-01-31T12:00:00Z", or how long ago: "7 d".
absl::Status ReadTime(const std::string& flag, const std::string& text,
                      absl::Time now, google::protobuf::Timestamp* time) {
  absl::Time moment;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, text, &moment, &error) &&
      !absl::ParseTime("%Y-%m-%d", text, &moment, &error)) {
    const auto ago = ParseLife(text);
    if (!ago.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(
          flag, " ", text,
          ": takes a day (2026-01-31), a time (2026-01-31T12:00:00Z) or how "
          "long ago ('7 d')"));
    }
    moment = now - *ago;
  }
  const int64_t us = absl::ToUnixMicros(moment);
  time->set_seconds(us / 1'000'000);
  time->set_nanos(static_cast<int32_t>(us % 1'000'000 * 1000));
  return absl::OkStatus();
}

absl::StatusOr<v1::ListAuditEntriesRequest> RequestOf(const Flags& flags,
                                                      absl::Time now) {
  v1::ListAuditEntriesRequest request;
  request.set_user(flags.user);
  request.set_method(flags.method);
  absl::Status status;
  if (!flags.since.empty()) {
    status = ReadTime("--since", flags.since, now, request.mutable_from_time());
  }
  if (status.ok() && !flags.until.empty()) {
    status =
        ReadTime("--until", flags.until, now, request.mutable_until_time());
  }
  if (!status.ok()) return status;
  return request;
}

absl::StatusOr<int> Audit(Session& session, const Flags& flags) {
  const auto request = RequestOf(flags, session.now());
  if (!request.ok()) return request.status();
  auto client = session.client();
  if (!client.ok()) return client.status();
  const auto list = FetchPages(
      **client, calls::kListAuditEntries, *request, flags.limit,
      [](v1::ListAuditEntriesResponse* r) { return r->mutable_entries(); });
  if (!list.ok()) return list.status();
  Listing<AuditEntry> listing;
  listing.items.assign(list->entries().begin(), list->entries().end());
  listing.columns = Columns();
  listing.name = [](const AuditEntry& e) { return e.request_id(); };
  listing.whole = &*list;
  listing.when_empty = "nothing was changed";
  const absl::Status shown = Present(session, listing);
  if (!shown.ok()) return shown;
  return kDone;
}

}  // namespace

Command AuditVerb() {
  const auto flags = std::make_shared<Flags>();
  Command command;
  command.name = "audit";
  command.summary = "List who changed what, or tried to, and from where";
  command.details =
      "Every call of a method that changes something leaves one entry, refused "
      "ones too, and so do logins and logouts of browsers. Newest first; "
      "entries are kept for 400 days.";
  command.arguments = {
      {"--user", "USER", "of this user alone", &flags->user, false,
       Completes::kUser},
      {"--method", "METHOD", "of this method alone: CreateToken, login",
       &flags->method},
      {"--since", "TIME", "not before: 2026-01-31, '7 d' (ago)", &flags->since},
      {"--until", "TIME", "before this", &flags->until},
      {"--limit", "N", "at most so many; 0 for all (default 50)",
       &flags->limit},
  };
  command.examples = {
      {"engram admin audit --since '7 d' --user ada", "what ada did this week"},
      {"engram admin audit --method CreateToken -o csv", "for a spreadsheet"}};
  command.run = [flags](Session& session) { return Audit(session, *flags); };
  return command;
}

}  // namespace engram::cli
