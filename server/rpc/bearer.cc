#include "server/rpc/bearer.h"

#include <openssl/rand.h>

#include <algorithm>
#include <array>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/base/contract.h"
#include "server/rpc/status.h"

namespace engram {
namespace {

constexpr absl::string_view kPrefix = "engram_";
constexpr size_t kDigits = 64;

bool IsHex(absl::string_view text) {
  return text.size() == kDigits &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

}  // namespace

std::string NewSecret() {
  std::array<unsigned char, kDigits / 2> bits;
  ENGRAM_EXPECT(RAND_priv_bytes(bits.data(), bits.size()) == 1);
  return absl::StrCat(
      kPrefix, absl::BytesToHexString(absl::string_view(
                   reinterpret_cast<const char*>(bits.data()), bits.size())));
}

absl::string_view HowToGetAToken() {
  return "an admin makes one with: engram admin tokens create USER; the first "
         "admin's is in client.yaml or, on a server without a home directory, "
         "in admin.token of its data folder";
}

absl::StatusOr<Bearer> ReadBearer(const std::optional<std::string>& header) {
  if (!header.has_value()) {
    return NotAuthenticated(
        "TOKEN_MISSING",
        absl::StrCat("this call carries no token; ", HowToGetAToken()));
  }
  absl::string_view secret = *header;
  const bool has_scheme = absl::ConsumePrefix(&secret, "Bearer ");
  const bool is_user = absl::ConsumePrefix(&secret, kPrefix);
  if (!has_scheme || !IsHex(secret)) {
    return NotAuthenticated(
        "TOKEN_MALFORMED",
        absl::StrCat("this call's token is malformed: a token is sent as "
                     "'Bearer engram_' and 64 hexadecimal digits; look whether "
                     "it was copied whole, or get another: ",
                     HowToGetAToken()));
  }
  return Bearer{.secret = header->substr(7), .is_worker = !is_user};
}

}  // namespace engram
