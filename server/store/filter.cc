#include "server/store/filter.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/store/filter_lexer.h"

namespace engram::store {
namespace {

constexpr int kMaxDepth = 100;
constexpr size_t kMaxLength = 10'000;
constexpr size_t kMaxOrderTerms = 8;

class Parser {
 public:
  explicit Parser(absl::string_view text) : lexer_(text) {}

  absl::StatusOr<Filter> Parse() {
    absl::StatusOr<Filter> filter = ParseLevel(0);
    if (!filter.ok()) return filter;
    const Token rest = lexer_.Next();
    if (rest.kind == Token::Kind::kEnd) return filter;
    if (rest.text == ")") return Fault(rest, "a closing bracket too many");
    return Fault(rest, absl::StrCat("'", rest.text,
                                    "' after the end; parts are "
                                    "joined by AND or OR"));
  }

 private:
  static absl::Status Fault(const Token& token, absl::string_view what) {
    return FilterFault(token.column, what);
  }

  // term { AND term } | term { OR term }
  absl::StatusOr<Filter> ParseLevel(int depth) {
    absl::StatusOr<Filter> first = ParseTerm(depth);
    if (!first.ok()) return first;
    Filter level;
    level.parts.push_back(*std::move(first));
    for (Token token = lexer_.Peek(); IsJoin(token); token = lexer_.Peek()) {
      const auto kind =
          token.text == "AND" ? Filter::Kind::kAnd : Filter::Kind::kOr;
      if (level.kind != Filter::Kind::kAll && level.kind != kind)
        return Fault(token,
                     "AND and OR side by side: put brackets around the "
                     "parts that belong together");
      level.kind = kind;
      lexer_.Next();
      absl::StatusOr<Filter> part = ParseTerm(depth);
      if (!part.ok()) return part;
      level.parts.push_back(*std::move(part));
    }
    if (level.kind == Filter::Kind::kAll) return std::move(level.parts.front());
    return level;
  }

  static bool IsJoin(const Token& token) {
    return token.kind == Token::Kind::kWord &&
           (token.text == "AND" || token.text == "OR");
  }

  absl::StatusOr<Filter> ParseTerm(int depth) {
    const Token token = lexer_.Peek();
    if (depth > kMaxDepth)
      return Fault(token, absl::StrCat("more than ", kMaxDepth,
                                       " brackets or NOTs within each other"));
    if (token.kind == Token::Kind::kWord && token.text == "NOT") {
      lexer_.Next();
      absl::StatusOr<Filter> part = ParseTerm(depth + 1);
      if (!part.ok()) return part;
      Filter filter;
      filter.kind = Filter::Kind::kNot;
      filter.parts.push_back(*std::move(part));
      return filter;
    }
    if (token.text != "(" || token.kind != Token::Kind::kSymbol)
      return ParseComparison();
    lexer_.Next();
    absl::StatusOr<Filter> filter = ParseLevel(depth + 1);
    if (!filter.ok()) return filter;
    const Token close = lexer_.Next();
    if (close.text != ")" || close.kind != Token::Kind::kSymbol)
      return Fault(close, absl::StrCat("expected AND, OR or the ')' of the "
                                       "bracket at column ",
                                       token.column, ", got ", Shown(close)));
    return filter;
  }

  absl::StatusOr<Filter> ParseComparison() {
    const Token field = lexer_.Next();
    if (field.kind != Token::Kind::kWord || IsJoin(field))
      return Fault(field, absl::StrCat("expected a field (state, user, a "
                                       "parameter's path), got ",
                                       Shown(field)));
    Filter filter;
    filter.kind = Filter::Kind::kComparison;
    filter.comparison.field = field.text;
    filter.comparison.column = field.column;
    if (absl::Status read = ParseOperator(filter.comparison); !read.ok())
      return read;
    return filter;
  }

  absl::Status ParseOperator(Comparison& comparison) {
    const Token token = lexer_.Next();
    if (token.kind == Token::Kind::kWord && token.text == "IN") {
      comparison.op = Operator::kIn;
      return ParseList(comparison);
    }
    const auto op = OperatorOf(token);
    if (!op.has_value())
      return Fault(token,
                   absl::StrCat("expected =, !=, <, <=, >, >=, : or IN after ",
                                comparison.field, ", got ", Shown(token)));
    comparison.op = *op;
    return ParseValue(comparison);
  }

  absl::Status ParseValue(Comparison& comparison) {
    const Token token = lexer_.NextValue();
    const bool is_value =
        token.kind == Token::Kind::kWord || token.kind == Token::Kind::kQuoted;
    if (!is_value)
      return Fault(token,
                   absl::StrCat("expected a value for ", comparison.field,
                                ", got ", Shown(token)));
    comparison.values.push_back(
        {token.text, token.kind == Token::Kind::kQuoted, token.column});
    return absl::OkStatus();
  }

  absl::Status ParseList(Comparison& comparison) {
    const Token open = lexer_.Next();
    if (open.text != "(" || open.kind != Token::Kind::kSymbol)
      return Fault(open,
                   absl::StrCat("expected '(' after IN, got ", Shown(open)));
    while (true) {
      if (absl::Status value = ParseValue(comparison); !value.ok())
        return value;
      const Token token = lexer_.Next();
      if (token.kind == Token::Kind::kSymbol && token.text == ")")
        return absl::OkStatus();
      if (token.kind != Token::Kind::kSymbol || token.text != ",")
        return Fault(token, absl::StrCat("expected ',' or ')' in the list of ",
                                         "IN, got ", Shown(token)));
    }
  }

  Lexer lexer_;
};

absl::Status OrderFault(int column, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("order_by:", column, ": ", what));
}

absl::StatusOr<OrderTerm> ParseOrderTerm(absl::string_view part, int column) {
  const size_t blanks =
      part.size() - absl::StripLeadingAsciiWhitespace(part).size();
  OrderTerm term;
  term.column = column + static_cast<int>(blanks);
  const std::vector<absl::string_view> words =
      absl::StrSplit(part, absl::ByAnyChar(" \t"), absl::SkipWhitespace());
  if (words.empty())
    return OrderFault(term.column, "expected a field, got nothing");
  term.field = std::string(words[0]);
  if (words.size() == 1) return term;
  if (words.size() > 2 || (words[1] != "desc" && words[1] != "asc"))
    return OrderFault(term.column, absl::StrCat("after ", term.field,
                                                " comes desc, asc, "
                                                "a comma or nothing; got '",
                                                words[1], "'"));
  term.is_descending = words[1] == "desc";
  return term;
}

}  // namespace

absl::Status FilterFault(int column, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("filter:", column, ": ", what));
}

absl::StatusOr<Filter> ParseFilter(absl::string_view text) {
  if (text.size() > kMaxLength)
    return FilterFault(1, absl::StrCat(text.size(), " letters; at most ",
                                       kMaxLength, " are allowed"));
  if (absl::StripAsciiWhitespace(text).empty()) return Filter();
  return Parser(text).Parse();
}

absl::StatusOr<std::vector<OrderTerm>> ParseOrder(absl::string_view text) {
  std::vector<OrderTerm> terms;
  if (absl::StripAsciiWhitespace(text).empty()) return terms;
  int column = 1;
  for (const absl::string_view part : absl::StrSplit(text, ',')) {
    absl::StatusOr<OrderTerm> term = ParseOrderTerm(part, column);
    if (!term.ok()) return term.status();
    terms.push_back(*std::move(term));
    if (terms.size() > kMaxOrderTerms)
      return OrderFault(column,
                        absl::StrCat("more than ", kMaxOrderTerms, " fields"));
    column += static_cast<int>(part.size()) + 1;
  }
  return terms;
}

}  // namespace engram::store
