#include "server/gateway/own_addresses.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace engram {
namespace {

constexpr absl::string_view kScheme = "http://";
constexpr int kHttpPort = 80;

std::string InBrackets(absl::string_view address) {
  return absl::StrContains(address, ':') ? absl::StrCat("[", address, "]")
                                         : std::string(address);
}

}  // namespace

OwnAddresses::OwnAddresses(absl::string_view address, int port,
                           const std::vector<std::string>& names) {
  std::set<std::string> all = {"localhost", "127.0.0.1", "[::1]",
                               InBrackets(address)};
  for (const std::string& name : names) all.insert(absl::AsciiStrToLower(name));
  for (const std::string& name : all) {
    hosts_.insert(absl::StrCat(name, ":", port));
    // Browsers leave the scheme's own port out.
    if (port == kHttpPort) hosts_.insert(name);
  }
}

bool OwnAddresses::IsOwnHost(absl::string_view host) const {
  return hosts_.count(absl::AsciiStrToLower(host)) > 0;
}

bool OwnAddresses::IsOwnOrigin(absl::string_view origin) const {
  return absl::StartsWith(origin, kScheme) &&
         IsOwnHost(origin.substr(kScheme.size()));
}

std::string OwnAddresses::List() const { return absl::StrJoin(hosts_, ", "); }

}  // namespace engram
