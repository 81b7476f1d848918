#include "core/base/units.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/unit_table.h"

namespace engram {
namespace {

// Beyond these a double holds neither the number nor its conversion.
constexpr int kLargestExponent = 400;
constexpr int kLargestPower = 12;

// unit := factor ((' ' | '*' | '/') factor)*
// factor := (symbol | '1' | '(' unit ')') ('^' integer)?
class UnitParser {
 public:
  explicit UnitParser(absl::string_view text) : rest_(text) {}

  std::optional<Unit> ParseAll() {
    std::optional<Unit> unit = ParseProduct(0);
    SkipSpace();
    return rest_.empty() ? unit : std::nullopt;
  }

 private:
  std::optional<Unit> ParseProduct(int depth) {
    std::optional<Unit> product = ParseFactor(depth);
    while (product) {
      SkipSpace();
      if (rest_.empty() || rest_[0] == ')') break;
      const bool divides = absl::StartsWith(rest_, "/");
      if (divides || rest_[0] == '*') rest_.remove_prefix(1);
      const std::optional<Unit> factor = ParseFactor(depth);
      if (!factor) return std::nullopt;
      product = product->Times(divides ? factor->Power(-1) : *factor);
    }
    return product;
  }

  std::optional<Unit> ParseFactor(int depth) {
    SkipSpace();
    std::optional<Unit> unit =
        absl::StartsWith(rest_, "(") ? ParseBracket(depth) : ParseSymbol();
    if (!unit || !absl::StartsWith(rest_, "^")) return unit;
    rest_.remove_prefix(1);
    int power = 0;
    const auto [end, error] =
        std::from_chars(rest_.data(), rest_.data() + rest_.size(), power);
    if (error != std::errc() || std::abs(power) > kLargestPower) {
      return std::nullopt;
    }
    rest_.remove_prefix(static_cast<size_t>(end - rest_.data()));
    return unit->Power(power);
  }

  std::optional<Unit> ParseBracket(int depth) {
    constexpr int kDeepest = 8;
    if (depth == kDeepest) return std::nullopt;
    rest_.remove_prefix(1);
    std::optional<Unit> unit = ParseProduct(depth + 1);
    if (!absl::StartsWith(rest_, ")")) return std::nullopt;
    rest_.remove_prefix(1);
    return unit;
  }

  std::optional<Unit> ParseSymbol() {
    const size_t length = rest_.find_first_of(" */()^");
    const absl::string_view symbol = rest_.substr(0, length);
    rest_.remove_prefix(symbol.size());
    return UnitTable::Find(symbol);
  }

  void SkipSpace() { rest_ = absl::StripLeadingAsciiWhitespace(rest_); }

  absl::string_view rest_;
};

struct Numeral {
  absl::string_view mantissa;  // sign, digits, point
  int exponent = 0;
  absl::string_view rest;  // behind it, without leading spaces
};

absl::string_view TakeDigits(absl::string_view& rest) {
  size_t length = 0;
  while (length < rest.size() && absl::ascii_isdigit(rest[length])) ++length;
  const absl::string_view digits = rest.substr(0, length);
  rest.remove_prefix(length);
  return digits;
}

// An `e` that no digits follow is left to the unit ("2 eV").
void TakeExponent(absl::string_view& rest, int& exponent) {
  if (rest.size() < 2 || absl::ascii_tolower(rest[0]) != 'e') return;
  absl::string_view tail = rest.substr(1);
  const bool is_negative = tail[0] == '-';
  if (is_negative || tail[0] == '+') tail.remove_prefix(1);
  const absl::string_view digits = TakeDigits(tail);
  if (digits.empty()) return;
  int size = 0;
  const auto parsed =
      std::from_chars(digits.data(), digits.data() + digits.size(), size);
  if (parsed.ec != std::errc() || size > kLargestExponent) {
    size = kLargestExponent;
  }
  exponent = is_negative ? -size : size;
  rest = tail;
}

absl::Status NotANumber(absl::string_view text) {
  return absl::InvalidArgumentError(
      absl::StrCat("\"", text, "\" is not a number"));
}

absl::StatusOr<Numeral> SplitNumeral(absl::string_view text) {
  absl::string_view rest = text;
  if (absl::StartsWith(rest, "-") || absl::StartsWith(rest, "+")) {
    rest.remove_prefix(1);
  }
  const absl::string_view whole = TakeDigits(rest);
  const bool is_other_base =
      whole == "0" && !rest.empty() &&
      (rest[0] == 'o' || rest[0] == 'x' || rest[0] == 'b') && rest.size() > 1 &&
      absl::ascii_isxdigit(rest[1]);
  if ((whole.size() > 1 && whole[0] == '0') || is_other_base) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", text,
                     "\" reads as an octal or hexadecimal number; "
                     "write it in decimal, without leading zeros"));
  }
  absl::string_view fraction;
  if (absl::StartsWith(rest, ".")) {
    rest.remove_prefix(1);
    fraction = TakeDigits(rest);
  }
  if (whole.empty() && fraction.empty()) return NotANumber(text);
  Numeral numeral;
  numeral.mantissa = text.substr(0, text.size() - rest.size());
  TakeExponent(rest, numeral.exponent);
  numeral.rest = absl::StripLeadingAsciiWhitespace(rest);
  return numeral;
}

std::optional<double> Decimal(absl::string_view mantissa, int exponent) {
  if (absl::StartsWith(mantissa, "+")) mantissa.remove_prefix(1);
  const std::string text = absl::StrCat(mantissa, "e", exponent);
  double value = 0;
  const auto parsed =
      std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec == std::errc::result_out_of_range) {
    // Too small is 0; too large has no value.
    value = std::strtod(text.c_str(), nullptr);
    if (std::isinf(value)) return std::nullopt;
    return value;
  }
  return value;
}

absl::Status TooLarge(absl::string_view text) {
  return absl::InvalidArgumentError(
      absl::StrCat("\"", text, "\" is beyond the range of a double"));
}

absl::StatusOr<double> ConvertNumeral(absl::string_view text,
                                      const Numeral& numeral,
                                      absl::string_view unit) {
  const std::optional<Unit> from = Unit::Parse(numeral.rest);
  if (!from) {
    // Text that begins with digits is rather no number than a strange unit.
    return absl::InvalidArgumentError(
        absl::StrCat("\"", numeral.rest, "\" in \"", text,
                     "\" is not a known unit; wanted ", unit));
  }
  const std::optional<Unit> to = Unit::Parse(unit);
  if (!to || !from->HasDimensionOf(*to)) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", text, "\" cannot be converted to ",
                     unit == "1" ? "a plain number" : unit,
                     unit == "1" ? ", which has no unit" : ""));
  }
  const std::optional<double> value =
      from->Convert(absl::StrCat(numeral.mantissa, "e", numeral.exponent), *to);
  if (!value) return TooLarge(text);
  return *value;
}

}  // namespace

std::optional<Unit> Unit::Parse(absl::string_view text) {
  return UnitParser(text).ParseAll();
}

std::optional<double> Unit::Convert(absl::string_view numeral,
                                    const Unit& to) const {
  const absl::StatusOr<Numeral> split = SplitNumeral(numeral);
  if (!split.ok() || !split->rest.empty()) return std::nullopt;
  const int shift = decimal_exponent_ - to.decimal_exponent_;
  const std::optional<double> value =
      Decimal(split->mantissa, split->exponent + shift);
  if (!value || factor_ == to.factor_) return value;
  const double converted = *value * factor_ / to.factor_;
  if (!std::isfinite(converted)) return std::nullopt;
  return converted;
}

Unit Unit::Times(const Unit& other) const {
  Unit product = *this;
  product.factor_ *= other.factor_;
  product.decimal_exponent_ += other.decimal_exponent_;
  for (size_t i = 0; i < powers_.size(); ++i) {
    product.powers_[i] = static_cast<int8_t>(powers_[i] + other.powers_[i]);
  }
  return product;
}

Unit Unit::Power(int exponent) const {
  Unit power = *this;
  power.factor_ = std::pow(factor_, exponent);
  power.decimal_exponent_ *= exponent;
  for (int8_t& p : power.powers_) p = static_cast<int8_t>(p * exponent);
  return power;
}

bool HasUnit(absl::string_view text) {
  const absl::StatusOr<Numeral> numeral =
      SplitNumeral(absl::StripAsciiWhitespace(text));
  return numeral.ok() && !numeral->rest.empty();
}

absl::StatusOr<double> ReadQuantity(absl::string_view text,
                                    absl::string_view unit) {
  text = absl::StripAsciiWhitespace(text);
  const absl::StatusOr<Numeral> numeral = SplitNumeral(text);
  if (!numeral.ok()) return numeral.status();
  if (!numeral->rest.empty() && numeral->rest != unit) {
    return ConvertNumeral(text, *numeral, unit);
  }
  const std::optional<double> value =
      Decimal(numeral->mantissa, numeral->exponent);
  if (!value) return TooLarge(text);
  return *value;
}

}  // namespace engram
