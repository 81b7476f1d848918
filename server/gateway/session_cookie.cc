#include "server/gateway/session_cookie.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace engram {
namespace {

constexpr absl::string_view kAttributes = "; Path=/; HttpOnly; SameSite=Strict";

}  // namespace

SessionCookie::SessionCookie(int port, bool is_secure)
    : name_(absl::StrCat(is_secure ? "__Host-" : "", "engram_session_", port)),
      attributes_(absl::StrCat(kAttributes, is_secure ? "; Secure" : "")) {}

std::optional<std::string> SessionCookie::Read(absl::string_view header) const {
  for (absl::string_view part : absl::StrSplit(header, ';')) {
    const std::pair<absl::string_view, absl::string_view> pair =
        absl::StrSplit(part, absl::MaxSplits('=', 1));
    if (absl::StripAsciiWhitespace(pair.first) == name_) {
      return std::string(absl::StripAsciiWhitespace(pair.second));
    }
  }
  return std::nullopt;
}

std::string SessionCookie::Set(absl::string_view secret, int64_t life_s) const {
  return absl::StrCat(name_, "=", secret, "; Max-Age=", life_s, attributes_);
}

std::string SessionCookie::Clear() const {
  return absl::StrCat(name_, "=; Max-Age=0", attributes_);
}

}  // namespace engram
