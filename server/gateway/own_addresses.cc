#include "server/gateway/own_addresses.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace engram {
namespace {

constexpr int kHttpPort = 80;
constexpr int kHttpsPort = 443;

std::string InBrackets(absl::string_view address) {
  return absl::StrContains(address, ':') ? absl::StrCat("[", address, "]")
                                         : std::string(address);
}

}  // namespace

OwnAddresses::OwnAddresses(absl::string_view address, int port,
                           const std::vector<std::string>& names, bool is_https)
    : scheme_(is_https ? "https://" : "http://") {
  std::set<std::string> all = {"localhost", "127.0.0.1", "[::1]",
                               InBrackets(address)};
  for (const std::string& name : names) {
    all.insert(InBrackets(absl::AsciiStrToLower(name)));
  }
  for (const std::string& name : all) {
    hosts_.insert(absl::StrCat(name, ":", port));
    // Browsers leave the scheme's own port out.
    if (port == (is_https ? kHttpsPort : kHttpPort)) hosts_.insert(name);
  }
}

bool OwnAddresses::IsOwnHost(absl::string_view host) const {
  const std::string name = absl::AsciiStrToLower(host);
  if (hosts_.count(name) > 0) return true;
  const size_t dot = name.find('.');
  return dot != std::string::npos && dot > 0 &&
         hosts_.count("*" + name.substr(dot)) > 0;
}

bool OwnAddresses::IsOwnOrigin(absl::string_view origin) const {
  return absl::StartsWith(origin, scheme_) &&
         IsOwnHost(origin.substr(scheme_.size()));
}

std::string OwnAddresses::List() const { return absl::StrJoin(hosts_, ", "); }

}  // namespace engram
