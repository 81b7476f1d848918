#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace engram {

// A fresh secret, "engram_" and 256 bits from the operating system in hex.
std::string NewSecret();

// What a request's "authorization" header carries: "Bearer <secret>".
struct Bearer {
  std::string secret;
  bool is_worker = false;  // 64 digits without the prefix: a worker process's
};

// UNAUTHENTICATED for a header that is missing (TOKEN_MISSING) or has another
// form (TOKEN_MALFORMED). The message never repeats the secret.
absl::StatusOr<Bearer> ReadBearer(const std::optional<std::string>& header);

// How a person gets a token, as the end of every such message.
absl::string_view HowToGetAToken();

}  // namespace engram
