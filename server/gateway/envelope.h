#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace engram {

// Connect's framing of streams: one byte of flags, the length as four bytes,
// the most significant first, and the message.
inline constexpr uint8_t kCompressedFlag = 1;
inline constexpr uint8_t kEndOfStreamFlag = 2;

std::string Envelope(uint8_t flags, absl::string_view message);

// The messages of a whole request body; they view into it. INVALID_ARGUMENT
// says at which byte it breaks off, or which flag is not understood.
absl::StatusOr<std::vector<absl::string_view>> ReadEnvelopes(
    absl::string_view body);

}  // namespace engram
