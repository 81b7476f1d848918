#include "server/rpc/sealed_secret.h"

#include <array>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/base/contract.h"
#include "core/base/sha256.h"
#include "server/rpc/status.h"

namespace engram {
namespace {

constexpr absl::string_view kPrefix = "engram_";
constexpr size_t kBytes = 32;
constexpr size_t kCheckDigits = 16;
static_assert(kSealedSize == kCheckDigits + 2 * kBytes);
static_assert(kSecretSize == kPrefix.size() + 2 * kBytes);

std::string UnderPad(absl::string_view bytes, absl::string_view bearer,
                     absl::string_view request_id) {
  const std::array<uint8_t, kBytes> pad =
      Sha256(absl::StrCat("engram sealed reply\n", bearer, "\n", request_id));
  std::string result(bytes);
  for (size_t i = 0; i < kBytes; ++i) {
    result[i] = static_cast<char>(static_cast<uint8_t>(result[i]) ^ pad[i]);
  }
  return result;
}

// Tells whether the right pad was taken off; of 256 random bits it gives
// nothing away.
std::string CheckDigits(absl::string_view secret) {
  return Sha256Hex(absl::StrCat("engram sealed check\n", secret))
      .substr(0, kCheckDigits);
}

}  // namespace

std::string Seal(absl::string_view secret, absl::string_view bearer,
                 absl::string_view request_id) {
  const std::string bytes =
      absl::HexStringToBytes(absl::StripPrefix(secret, kPrefix));
  ENGRAM_EXPECT(secret.size() == kSecretSize && bytes.size() == kBytes);
  return absl::StrCat(CheckDigits(secret), absl::BytesToHexString(UnderPad(
                                               bytes, bearer, request_id)));
}

absl::StatusOr<std::string> Unseal(absl::string_view sealed,
                                   absl::string_view bearer,
                                   absl::string_view request_id) {
  ENGRAM_EXPECT(sealed.size() == kSealedSize);
  const std::string bytes = absl::HexStringToBytes(sealed.substr(kCheckDigits));
  const std::string secret = absl::StrCat(
      kPrefix, absl::BytesToHexString(UnderPad(bytes, bearer, request_id)));
  if (CheckDigits(secret) != sealed.substr(0, kCheckDigits)) {
    return NotReady("SECRET_OF_ANOTHER_BEARER", request_id,
                    "the token that this request made was told to the bearer "
                    "of another token and cannot be told again; revoke it and "
                    "make another one");
  }
  return secret;
}

}  // namespace engram
