#include "core/base/sha256.h"

#include <openssl/evp.h>

#include <string>

#include "absl/strings/escaping.h"
#include "core/base/contract.h"

namespace engram {

std::array<uint8_t, 32> Sha256(absl::string_view bytes) {
  std::array<uint8_t, 32> digest;
  const int ok = EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr,
                            EVP_sha256(), nullptr);
  ENGRAM_EXPECT(ok == 1);
  return digest;
}

std::string Sha256Hex(absl::string_view bytes) {
  const std::array<uint8_t, 32> digest = Sha256(bytes);
  return absl::BytesToHexString(absl::string_view(
      reinterpret_cast<const char*>(digest.data()), digest.size()));
}

}  // namespace engram
