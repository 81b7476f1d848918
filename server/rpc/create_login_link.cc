#include "server/rpc/create_login_link.h"

#include <google/protobuf/util/time_util.h>

#include "absl/strings/str_cat.h"
#include "server/rpc/login_links.h"
#include "server/rpc/status.h"

namespace engram {

absl::StatusOr<v1::CreateLoginLinkResponse> CreateLoginLink(
    const Caller& caller, const v1::CreateLoginLinkRequest& /*request*/,
    const Parts& parts) {
  const std::string base_url =
      parts.login_links == nullptr ? "" : parts.login_links->base_url();
  if (base_url.empty()) {
    return NotReady("NO_HTTP", "http_listen",
                    "this server has no HTTP address to log in at; start "
                    "engramd with --http-listen 127.0.0.1:7080");
  }
  absl::StatusOr<LoginLinks::Code> code = parts.login_links->Make(caller);
  if (!code.ok()) return code.status();
  v1::CreateLoginLinkResponse reply;
  reply.set_url(absl::StrCat(base_url, "/login?code=", code->text));
  *reply.mutable_expire_time() =
      google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(
          code->expire_us);
  return reply;
}

}  // namespace engram
