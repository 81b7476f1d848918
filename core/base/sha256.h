#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace engram {

// SHA-256 (FIPS 180-4) of the bytes. Thread-safe.
std::array<uint8_t, 32> Sha256(absl::string_view bytes);

// The same as 64 lowercase hexadecimal digits.
std::string Sha256Hex(absl::string_view bytes);

}  // namespace engram
