#include "server/gateway/json_syntax.h"

#include <cstddef>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/spec/utf8.h"

namespace engram {
namespace {

constexpr int kMaxDepth = 64;

// Reads one value by recursive descent. Every Read returns false at the first
// fault, which `fault_` then describes.
class Reader {
 public:
  explicit Reader(absl::string_view text) : text_(text) {}

  absl::Status Check() {
    if (ReadValue(0) && AtEnd()) return absl::OkStatus();
    return Fault();
  }

 private:
  bool ReadValue(int depth);
  bool ReadObject(int depth);
  bool ReadArray(int depth);
  bool ReadText();
  bool ReadEscape();
  bool ReadNumber();
  bool ReadDigits();
  bool ReadWord(absl::string_view word);
  bool AtEnd();

  void SkipSpace() {
    while (Peek() == ' ' || Peek() == '\t' || Peek() == '\n' || Peek() == '\r')
      ++at_;
  }
  // 0 at the end: a NUL inside is a fault wherever it stands.
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool Take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool Fail(absl::string_view expected) {
    expected_ = std::string(expected);
    return false;
  }
  absl::Status Fault() const;

  const absl::string_view text_;
  size_t at_ = 0;
  std::string expected_;
};

bool Reader::ReadValue(int depth) {
  SkipSpace();
  if (depth > kMaxDepth) {
    return Fail(absl::StrCat("at most ", kMaxDepth, " levels of nesting"));
  }
  switch (Peek()) {
    case '{':
      return ReadObject(depth);
    case '[':
      return ReadArray(depth);
    case '"':
      return ReadText();
    case 't':
      return ReadWord("true");
    case 'f':
      return ReadWord("false");
    case 'n':
      return ReadWord("null");
    default:
      return ReadNumber();
  }
}

bool Reader::ReadObject(int depth) {
  Take('{');
  SkipSpace();
  if (Take('}')) return true;
  while (true) {
    SkipSpace();
    if (Peek() != '"') return Fail("a name in double quotes");
    if (!ReadText()) return false;
    SkipSpace();
    if (!Take(':')) return Fail("':'");
    if (!ReadValue(depth + 1)) return false;
    SkipSpace();
    if (Take('}')) return true;
    if (!Take(',')) return Fail("',' or '}'");
  }
}

bool Reader::ReadArray(int depth) {
  Take('[');
  SkipSpace();
  if (Take(']')) return true;
  while (true) {
    if (!ReadValue(depth + 1)) return false;
    SkipSpace();
    if (Take(']')) return true;
    if (!Take(',')) return Fail("',' or ']'");
  }
}

bool Reader::ReadText() {
  Take('"');
  while (at_ < text_.size()) {
    const auto c = static_cast<unsigned char>(text_[at_]);
    if (c < 0x20) return Fail("no control character inside a text");
    if (c == '"') {
      ++at_;
      return true;
    }
    ++at_;
    if (c == '\\' && !ReadEscape()) return false;
  }
  return Fail("'\"' at the end of the text");
}

bool Reader::ReadEscape() {
  if (absl::string_view("\"\\/bfnrt").find(Peek()) != absl::string_view::npos &&
      at_ < text_.size()) {
    ++at_;
    return true;
  }
  if (!Take('u')) return Fail("one of \" \\ / b f n r t u after a backslash");
  for (int i = 0; i < 4; ++i, ++at_) {
    if (!absl::ascii_isxdigit(static_cast<unsigned char>(Peek()))) {
      return Fail("four hexadecimal digits after \\u");
    }
  }
  return true;
}

bool Reader::ReadDigits() {
  if (!absl::ascii_isdigit(static_cast<unsigned char>(Peek()))) {
    return Fail("a digit");
  }
  while (absl::ascii_isdigit(static_cast<unsigned char>(Peek()))) ++at_;
  return true;
}

bool Reader::ReadNumber() {
  const bool is_negative = Take('-');
  if (!is_negative &&
      !absl::ascii_isdigit(static_cast<unsigned char>(Peek()))) {
    return Fail("a value");
  }
  if (!Take('0') && !ReadDigits()) return false;
  if (Take('.') && !ReadDigits()) return false;
  if (Take('e') || Take('E')) {
    if (!Take('+')) Take('-');
    return ReadDigits();
  }
  return true;
}

bool Reader::ReadWord(absl::string_view word) {
  if (text_.substr(at_, word.size()) != word) return Fail("a value");
  at_ += word.size();
  return true;
}

bool Reader::AtEnd() {
  SkipSpace();
  return at_ == text_.size() || Fail("nothing more after the value");
}

absl::Status Reader::Fault() const {
  int line = 1;
  size_t line_start = 0;
  for (size_t i = 0; i < at_ && i < text_.size(); ++i) {
    if (text_[i] != '\n') continue;
    ++line;
    line_start = i + 1;
  }
  std::string got = "the end";
  if (at_ < text_.size()) {
    const char c = text_[at_];
    got =
        absl::ascii_isprint(static_cast<unsigned char>(c))
            ? absl::StrCat("'", absl::string_view(&c, 1), "'")
            : absl::StrFormat("the byte 0x%02x", static_cast<unsigned char>(c));
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "the body is not JSON: line ", line, ", column ", at_ - line_start + 1,
      ": got ", got, ", expected ", expected_));
}

}  // namespace

absl::Status CheckJsonSyntax(absl::string_view text) {
  if (const size_t bad = FirstBadUtf8(text); bad != absl::string_view::npos) {
    return absl::InvalidArgumentError(
        absl::StrCat("the body is not JSON: byte ", bad + 1,
                     " is a control character or not part of valid UTF-8"));
  }
  return Reader(text).Check();
}

}  // namespace engram
