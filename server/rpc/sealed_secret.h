#pragma once

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace engram {

// Characters of what NewSecret gives, and of the same under seal.
inline constexpr size_t kSecretSize = 71;
inline constexpr size_t kSealedSize = 80;

// A new token's secret as it is remembered with the reply that told it: XORed
// with the SHA-256 of the caller's own secret and the request id, so it is
// readable for him who shows that secret again and for nobody who has the
// database. A request id seals one secret, so no pad is used twice.
std::string Seal(absl::string_view secret, absl::string_view bearer,
                 absl::string_view request_id);

// FAILED_PRECONDITION: it was sealed for another bearer.
absl::StatusOr<std::string> Unseal(absl::string_view sealed,
                                   absl::string_view bearer,
                                   absl::string_view request_id);

}  // namespace engram
