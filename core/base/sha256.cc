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

struct Sha256Stream::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { EVP_MD_CTX_free(context); }
};

Sha256Stream::Sha256Stream() : state_(std::make_unique<State>()) {
  ENGRAM_EXPECT(EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr) == 1);
}

Sha256Stream::~Sha256Stream() = default;

void Sha256Stream::Add(absl::string_view bytes) {
  ENGRAM_EXPECT(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) ==
                1);
}

std::array<uint8_t, 32> Sha256Stream::Finish() {
  std::array<uint8_t, 32> digest;
  ENGRAM_EXPECT(EVP_DigestFinal_ex(state_->context, digest.data(), nullptr) ==
                1);
  return digest;
}

}  // namespace engram
