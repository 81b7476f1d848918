#pragma once

#include <array>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace engram::store {

using Digest = std::array<uint8_t, 32>;  // SHA-256 of plain bytes

// INVALID_ARGUMENT unless it is 32 bytes long.
absl::StatusOr<Digest> DigestFromBytes(absl::string_view bytes);
// A view of the digest's own bytes.
absl::string_view DigestBytes(const Digest& digest);

}  // namespace engram::store
