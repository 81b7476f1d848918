#include "server/store/filter_lexer.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace engram::store {
namespace {

// Bytes above 127 are letters of other alphabets, in UTF-8.
bool IsFieldLetter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' ||
         c == '.' || c == '-' || static_cast<unsigned char>(c) > 127;
}

bool IsValueLetter(char c) {
  return IsFieldLetter(c) || c == ':' || c == '+' || c == '/' || c == '@' ||
         c == '*' || c == '%';
}

}  // namespace

std::string Shown(const Token& token) {
  switch (token.kind) {
    case Token::Kind::kEnd:
      return "the end";
    case Token::Kind::kBad:
      return token.text;
    case Token::Kind::kWord:
    case Token::Kind::kQuoted:
    case Token::Kind::kSymbol:
      return absl::StrCat("'", token.text, "'");
  }
  return "";
}

std::optional<Operator> OperatorOf(const Token& token) {
  if (token.kind != Token::Kind::kSymbol) return std::nullopt;
  if (token.text == "=") return Operator::kEqual;
  if (token.text == "!=") return Operator::kNotEqual;
  if (token.text == "<") return Operator::kLess;
  if (token.text == "<=") return Operator::kAtMost;
  if (token.text == ">") return Operator::kGreater;
  if (token.text == ">=") return Operator::kAtLeast;
  if (token.text == ":") return Operator::kHas;
  return std::nullopt;
}

Token Lexer::Next() {
  SkipBlanks();
  if (at_ >= text_.size()) return Make(Token::Kind::kEnd, 0);
  if (text_[at_] == '\'' || text_[at_] == '"') return Quoted();
  if (IsFieldLetter(text_[at_])) return Word(/*is_value=*/false);
  return Symbol();
}

Token Lexer::NextValue() {
  SkipBlanks();
  if (at_ >= text_.size()) return Make(Token::Kind::kEnd, 0);
  if (text_[at_] == '\'' || text_[at_] == '"') return Quoted();
  if (IsValueLetter(text_[at_])) return Word(/*is_value=*/true);
  return Symbol();
}

void Lexer::SkipBlanks() {
  while (at_ < text_.size() &&
         absl::ascii_isspace(static_cast<unsigned char>(text_[at_])))
    ++at_;
}

Token Lexer::Quoted() {
  const char quote = text_[at_];
  Token token{Token::Kind::kQuoted, "", static_cast<int>(at_) + 1};
  for (++at_; at_ < text_.size(); ++at_) {
    if (text_[at_] == quote) {
      ++at_;
      if (at_ >= text_.size() || text_[at_] != quote) return token;
    }
    token.text.push_back(text_[at_]);
  }
  return {Token::Kind::kBad, "text without its closing quote", token.column};
}

Token Lexer::Symbol() {
  const char c = text_[at_];
  const bool is_pair = at_ + 1 < text_.size() && text_[at_ + 1] == '=' &&
                       (c == '<' || c == '>' || c == '!');
  if (is_pair) return Make(Token::Kind::kSymbol, 2);
  return Make(Token::Kind::kSymbol, 1);
}

Token Lexer::Word(bool is_value) {
  size_t length = 0;
  while (at_ + length < text_.size() &&
         (is_value ? IsValueLetter(text_[at_ + length])
                   : IsFieldLetter(text_[at_ + length])))
    ++length;
  return Make(Token::Kind::kWord, length);
}

Token Lexer::Make(Token::Kind kind, size_t length) {
  Token token{kind, std::string(text_.substr(at_, length)),
              static_cast<int>(at_) + 1};
  at_ += length;
  return token;
}

}  // namespace engram::store
