#include "core/spec/utf8.h"

#include <cstdint>

namespace engram {
namespace {

// Bytes of the sequence that this byte starts; 0 for none.
int SequenceLength(uint8_t first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return 2;
  if (first >= 0xE0 && first < 0xF0) return 3;
  if (first >= 0xF0 && first < 0xF5) return 4;
  return 0;
}

bool IsControl(uint8_t byte) {
  return (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') ||
         byte == 0x7F;
}

// Overlong forms, surrogates and what lies beyond U+10FFFF.
bool IsForbidden(uint8_t first, uint8_t second) {
  return (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
         (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F);
}

bool IsSequence(absl::string_view bytes) {
  const auto at = [&](size_t i) { return static_cast<uint8_t>(bytes[i]); };
  if (bytes.size() == 1) return !IsControl(at(0));
  for (size_t i = 1; i < bytes.size(); ++i) {
    if ((at(i) & 0xC0) != 0x80) return false;
  }
  return !IsForbidden(at(0), at(1));
}

}  // namespace

size_t FirstBadUtf8(absl::string_view text) {
  size_t i = 0;
  while (i < text.size()) {
    const auto length =
        static_cast<size_t>(SequenceLength(static_cast<uint8_t>(text[i])));
    if (length == 0 || i + length > text.size()) return i;
    if (!IsSequence(text.substr(i, length))) return i;
    i += length;
  }
  return absl::string_view::npos;
}

}  // namespace engram
