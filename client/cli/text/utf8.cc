#include "client/cli/text/utf8.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace engram::cli {
namespace {

// Length in bytes of the character that starts with `lead`.
size_t CharacterLength(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xF0) return 4;
  if (lead >= 0xE0) return 3;
  return lead >= 0xC0 ? 2 : 1;
}

uint32_t CodePoint(absl::string_view text, size_t at, size_t length) {
  const auto byte = [&](size_t i) -> uint32_t {
    return static_cast<unsigned char>(text[at + i]);
  };
  if (length == 1) return byte(0);
  uint32_t point = byte(0) & (0xFFU >> (length + 1));
  for (size_t i = 1; i < length; ++i) point = (point << 6) | (byte(i) & 0x3FU);
  return point;
}

bool IsCombining(uint32_t point) {
  return (point >= 0x300 && point <= 0x36F) || point == 0x200B ||
         (point >= 0xFE00 && point <= 0xFE0F);
}

bool IsWide(uint32_t point) {
  return (point >= 0x1100 && point <= 0x115F) ||
         (point >= 0x2E80 && point <= 0xA4CF) ||
         (point >= 0xAC00 && point <= 0xD7A3) ||
         (point >= 0xF900 && point <= 0xFAFF) ||
         (point >= 0xFE30 && point <= 0xFE6F) ||
         (point >= 0xFF00 && point <= 0xFF60) ||
         (point >= 0x1F300 && point <= 0x1FAFF);
}

int CellsOf(uint32_t point) {
  if (IsCombining(point)) return 0;
  return IsWide(point) ? 2 : 1;
}

// Bytes of the ANSI sequence at `at`; 0 where there is none.
size_t AnsiLength(absl::string_view text, size_t at) {
  if (text[at] != '\x1b' || at + 1 >= text.size() || text[at + 1] != '[') {
    return 0;
  }
  size_t end = at + 2;
  while (end < text.size() && (text[end] < '@' || text[end] > '~')) ++end;
  return std::min(end + 1, text.size()) - at;
}

size_t LengthAt(absl::string_view text, size_t at) {
  const size_t length = CharacterLength(static_cast<unsigned char>(text[at]));
  return std::min(length, text.size() - at);
}

}  // namespace

int DisplayWidth(absl::string_view text) {
  int width = 0;
  for (size_t at = 0; at < text.size();) {
    if (const size_t ansi = AnsiLength(text, at); ansi > 0) {
      at += ansi;
      continue;
    }
    const size_t length = LengthAt(text, at);
    width += CellsOf(CodePoint(text, at, length));
    at += length;
  }
  return width;
}

std::string PadRight(absl::string_view text, int width) {
  const int missing = std::max(0, width - DisplayWidth(text));
  return absl::StrCat(text, std::string(static_cast<size_t>(missing), ' '));
}

std::string PadLeft(absl::string_view text, int width) {
  const int missing = std::max(0, width - DisplayWidth(text));
  return absl::StrCat(std::string(static_cast<size_t>(missing), ' '), text);
}

std::string Truncate(absl::string_view text, int width) {
  if (DisplayWidth(text) <= width) return std::string(text);
  if (width <= 0) return "";
  int used = 0;
  size_t at = 0;
  bool painted = false;
  while (at < text.size()) {
    if (const size_t ansi = AnsiLength(text, at); ansi > 0) {
      painted = true;
      at += ansi;
      continue;
    }
    const size_t length = LengthAt(text, at);
    const int cells = CellsOf(CodePoint(text, at, length));
    if (used + cells > width - 1) break;
    used += cells;
    at += length;
  }
  return absl::StrCat(text.substr(0, at), "…", painted ? "\x1b[0m" : "");
}

std::string Printable(absl::string_view text) {
  std::string result;
  for (size_t at = 0; at < text.size();) {
    const size_t length = LengthAt(text, at);
    const uint32_t point = CodePoint(text, at, length);
    if (point == '\n' || point == '\t') {
      result += ' ';
    } else if (point < 0x20 || (point >= 0x7F && point < 0xA0)) {
      result += '?';
    } else {
      result.append(text.substr(at, length).data(), length);
    }
    at += length;
  }
  return result;
}

std::string Wrap(absl::string_view text, int width, absl::string_view indent) {
  std::string result;
  std::string line(indent);
  const int indent_width = DisplayWidth(indent);
  for (absl::string_view word : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    const int used = DisplayWidth(line);
    if (used > indent_width && used + 1 + DisplayWidth(word) > width) {
      absl::StrAppend(&result, line, "\n");
      line = std::string(indent);
    } else if (used > indent_width) {
      line += ' ';
    }
    absl::StrAppend(&line, word);
  }
  return absl::StrCat(result, line, "\n");
}

}  // namespace engram::cli
