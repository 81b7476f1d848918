#include "client/cli/text/valid_utf8.h"

#include <cstdint>

namespace engram::cli {
namespace {

// Bytes of the character that begins so; 0 for none.
size_t LengthOf(uint8_t first) {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first < 0xe0) return 2;
  if (first >= 0xe0 && first < 0xf0) return 3;
  if (first >= 0xf0 && first < 0xf5) return 4;
  return 0;
}

// Whether the second byte keeps the number in the range of its length.
bool FitsSecond(uint8_t first, uint8_t second) {
  if (first == 0xe0) return second >= 0xa0;
  if (first == 0xed) return second < 0xa0;
  if (first == 0xf0) return second >= 0x90;
  if (first == 0xf4) return second < 0x90;
  return true;
}

}  // namespace

size_t FirstNotUtf8(absl::string_view text) {
  const auto byte = [&](size_t at) { return static_cast<uint8_t>(text[at]); };
  for (size_t at = 0; at < text.size();) {
    const size_t length = LengthOf(byte(at));
    if (length == 0 || at + length > text.size()) return at;
    for (size_t k = 1; k < length; ++k) {
      if ((byte(at + k) & 0xc0) != 0x80) return at;
    }
    if (length > 1 && !FitsSecond(byte(at), byte(at + 1))) return at;
    at += length;
  }
  return absl::string_view::npos;
}

}  // namespace engram::cli
