#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "server/store/filter.h"

namespace engram::store {

struct Token {
  enum class Kind { kEnd, kWord, kQuoted, kSymbol, kBad };
  Kind kind = Kind::kEnd;
  std::string text;  // without quotes; of kBad what is wrong
  int column = 0;    // 1-based
};

// How a message shows it: "'foo'", "the end".
std::string Shown(const Token& token);
std::optional<Operator> OperatorOf(const Token& token);

// Cuts a filter into tokens. What a word is depends on where it stands: a
// value may hold ':' and '+', which a field may not ("create_time >
// 2026-01-31T12:00:00Z", "title:stdp").
class Lexer {
 public:
  explicit Lexer(absl::string_view text) : text_(text) {}

  Token Next();
  Token NextValue();
  Token Peek() const { return Lexer(*this).Next(); }

 private:
  void SkipBlanks();
  Token Quoted();
  Token Symbol();
  Token Word(bool is_value);
  Token Make(Token::Kind kind, size_t length);

  absl::string_view text_;
  size_t at_ = 0;
};

}  // namespace engram::store
