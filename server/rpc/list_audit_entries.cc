#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/spec/nearest_name.h"
#include "server/rpc/access.h"
#include "server/rpc/admin.h"
#include "server/rpc/login_links.h"
#include "server/rpc/name.h"
#include "server/rpc/page.h"
#include "server/rpc/status.h"
#include "server/store/audit_table.h"
#include "server/store/store.h"

namespace engram {
namespace {

using google::protobuf::util::TimeUtil;

constexpr char kList[] = "audit";

// What entries may tell of, by full name.
std::vector<std::string> AuditedMethods() {
  std::vector<std::string> names = {LoginLinks::kLogin, LoginLinks::kLogout,
                                    "first start"};
  for (const std::string& method : AllMethods()) {
    const v1::Access* access = FindAccess(method);
    if (access != nullptr && access->mutation()) names.push_back(method);
  }
  return names;
}

std::string LastPart(const std::string& method) {
  return method.substr(method.rfind('.') + 1);
}

// Both forms that a request may have; "" for every method.
absl::StatusOr<std::string> FullMethod(const std::string& asked) {
  if (asked.empty()) return std::string();
  std::vector<std::string> known;
  for (const std::string& method : AuditedMethods()) {
    if (asked == method || asked == LastPart(method)) return method;
    known.push_back(LastPart(method));
  }
  const std::string nearest = NearestName(LastPart(asked), known);
  return BadField(
      "method",
      absl::StrCat("'", asked, "' changes nothing, or is no method",
                   nearest.empty()
                       ? "; take one such as CreateToken or login"
                       : absl::StrCat("; did you mean ", nearest, "?")));
}

absl::StatusOr<store::AuditFilter> FilterOf(
    const v1::ListAuditEntriesRequest& request) {
  store::AuditFilter filter;
  const auto method = FullMethod(request.method());
  if (!method.ok()) return method.status();
  filter.method = *method;
  if (!request.user().empty()) {
    filter.user = absl::StrCat("users/", Bare(request.user(), "users"));
  }
  if (request.has_from_time()) {
    filter.from_us = TimeUtil::TimestampToMicroseconds(request.from_time());
  }
  if (request.has_until_time()) {
    filter.until_us = TimeUtil::TimestampToMicroseconds(request.until_time());
  }
  const auto before = ReadPageToken(kList, request.page_token());
  if (!before.ok()) return before.status();
  if (!before->empty() && !absl::SimpleAtoi(*before, &filter.before_key)) {
    return BadField("page_token", "this is no token of this list");
  }
  return filter;
}

v1::AuditEntry EntryMessage(const store::AuditRow& row) {
  v1::AuditEntry entry;
  *entry.mutable_time() = TimeUtil::MicrosecondsToTimestamp(row.time_us);
  entry.set_user(row.user);
  entry.set_token(row.token);
  entry.set_method(row.method);
  entry.set_resource(row.target);
  entry.set_request_id(row.request_id);
  entry.set_peer(row.peer);
  entry.set_outcome(row.outcome);
  return entry;
}

}  // namespace

absl::StatusOr<v1::ListAuditEntriesResponse> ListAuditEntries(
    const Caller& /*caller*/, const v1::ListAuditEntriesRequest& request,
    const Parts& parts) {
  const absl::StatusOr<int> size = PageSize(request.page_size(), 100);
  if (!size.ok()) return size.status();
  const auto filter = FilterOf(request);
  if (!filter.ok()) return filter.status();
  return parts.store.Read([&](store::Reader& reader)
                              -> absl::StatusOr<v1::ListAuditEntriesResponse> {
    v1::ListAuditEntriesResponse reply;
    // One more than asked for tells whether there is another page.
    const auto rows = store::ReadAudit(reader, *filter, *size + 1);
    const size_t shown = std::min(rows.size(), static_cast<size_t>(*size));
    for (size_t i = 0; i < shown; ++i) {
      *reply.add_entries() = EntryMessage(rows[i]);
    }
    if (rows.size() > shown) {
      reply.set_next_page_token(
          PageToken(kList, absl::StrCat(rows[shown - 1].key)));
    }
    return reply;
  });
}

}  // namespace engram
