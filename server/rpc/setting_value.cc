#include "server/rpc/setting_value.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "core/spec/nearest_name.h"

namespace engram {
namespace {

absl::Status Wrong(const SettingOrigin& setting, absl::string_view wanted) {
  return absl::InvalidArgumentError(absl::StrCat(
      setting.key, " = ", setting.value, " (", setting.origin, "): ", wanted));
}

// The factor of a unit; 0 for one that does not exist.
double Factor(const std::string& unit) {
  static const auto* const factors =
      new std::map<std::string, double>{{"", 1},
                                        {"B", 1},
                                        {"kB", 1e3},
                                        {"MB", 1e6},
                                        {"GB", 1e9},
                                        {"TB", 1e12},
                                        {"KiB", 1024.0},
                                        {"MiB", 1048576.0},
                                        {"GiB", 1073741824.0},
                                        {"TiB", 1099511627776.0}};
  const auto found = factors->find(unit);
  return found == factors->end() ? 0 : found->second;
}

enum class Reach { kNoAddress, kLoopback, kNetwork };

// Who can reach a host as it stands before the port: "127.0.0.1", "[::1]".
Reach ReachOf(absl::string_view host) {
  if (host == "localhost") return Reach::kLoopback;
  const bool is_v6 =
      absl::ConsumePrefix(&host, "[") && absl::ConsumeSuffix(&host, "]");
  const std::string text(host);
  in_addr v4 = {};
  in6_addr v6 = {};
  if (!is_v6 && inet_pton(AF_INET, text.c_str(), &v4) == 1) {
    return absl::StartsWith(text, "127.") ? Reach::kLoopback : Reach::kNetwork;
  }
  if (is_v6 && inet_pton(AF_INET6, text.c_str(), &v6) == 1) {
    return IN6_IS_ADDR_LOOPBACK(&v6) ? Reach::kLoopback : Reach::kNetwork;
  }
  return Reach::kNoAddress;
}

}  // namespace

absl::Status SetCount(const SettingOrigin& setting, int& count) {
  if (!absl::SimpleAtoi(setting.value, &count) || count < 1) {
    return Wrong(setting, "takes a whole number of at least 1");
  }
  return absl::OkStatus();
}

absl::Status SetBytes(const SettingOrigin& setting, int64_t& bytes) {
  const std::string text(absl::StripAsciiWhitespace(setting.value));
  const size_t end =
      std::min(text.find_first_not_of("0123456789.eE+-"), text.size());
  double number = 0;
  const double factor =
      Factor(std::string(absl::StripAsciiWhitespace(text.substr(end))));
  const bool is_number = absl::SimpleAtod(text.substr(0, end), &number);
  constexpr double kLeast = 1e6, kMost = 1e15;
  if (!is_number || factor == 0 || !(number * factor >= kLeast) ||
      number * factor > kMost) {
    return Wrong(setting, "takes bytes of at least 1 MB, such as 8 GB");
  }
  bytes = static_cast<int64_t>(number * factor);
  return absl::OkStatus();
}

absl::Status SetBytesOrNone(const SettingOrigin& setting, int64_t& bytes) {
  if (absl::StripAsciiWhitespace(setting.value) != "0") {
    return SetBytes(setting, bytes);
  }
  bytes = 0;
  return absl::OkStatus();
}

absl::Status SetPeriod(const SettingOrigin& setting, int64_t& seconds) {
  static const auto* const units = new std::map<std::string, double>{
      {"s", 1}, {"min", 60}, {"h", 3600}, {"d", 86'400}};
  const std::string text(absl::StripAsciiWhitespace(setting.value));
  const size_t end =
      std::min(text.find_first_not_of("0123456789."), text.size());
  const auto unit =
      units->find(std::string(absl::StripAsciiWhitespace(text.substr(end))));
  double number = 0;
  constexpr double kMost = 366 * 86'400.0;
  if (text == "0") {
    seconds = 0;
  } else if (!absl::SimpleAtod(text.substr(0, end), &number) ||
             unit == units->end() || !(number * unit->second >= 1) ||
             number * unit->second > kMost) {
    return Wrong(setting,
                 "takes a time of at least 1 s with its unit (s, min, h, d), "
                 "such as 24 h, or 0 for never");
  } else {
    seconds = static_cast<int64_t>(number * unit->second);
  }
  return absl::OkStatus();
}

absl::Status CheckChoice(const SettingOrigin& setting,
                         const std::vector<std::string>& choices) {
  if (std::find(choices.begin(), choices.end(), setting.value) !=
      choices.end()) {
    return absl::OkStatus();
  }
  return Wrong(setting,
               absl::StrCat("takes one of ", absl::StrJoin(choices, ", ")));
}

absl::Status CheckListen(absl::string_view key, absl::string_view listen,
                         bool has_tls) {
  const size_t colon = listen.rfind(':');
  int port = -1;
  if (colon == absl::string_view::npos ||
      !absl::SimpleAtoi(listen.substr(colon + 1), &port) || port < 0 ||
      port > 65535) {
    return absl::InvalidArgumentError(absl::StrCat(
        key, " = ", listen, ": takes address:port, such as 127.0.0.1:7070"));
  }
  const Reach reach = ReachOf(listen.substr(0, colon));
  if (reach == Reach::kNoAddress) {
    return absl::InvalidArgumentError(absl::StrCat(
        key, " = ", listen,
        ": takes an IP address of this machine and a port: 127.0.0.1:", port,
        " for this machine alone, 0.0.0.0:", port, " or [::]:", port,
        " for the network"));
  }
  if (reach == Reach::kLoopback || has_tls) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      key, " = ", listen,
      ": tokens would cross the network in the clear; an address other than "
      "loopback needs TLS: set tls_cert and tls_key to the PEM files of a "
      "certificate and its key. Or listen on 127.0.0.1:",
      port, " and reach it from elsewhere through ssh -L ", port,
      ":127.0.0.1:", port));
}

}  // namespace engram
