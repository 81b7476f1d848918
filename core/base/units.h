#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace engram {

// A unit such as "ms", "1/(ms Hz^2)" or "%": SI units and those that SI
// accepts, with decimal prefixes, bytes with binary ones, too; products by
// space or `*`, quotients by `/` (left to right), whole powers by `^`.
class Unit {
 public:
  // None for a text that is no unit known here.
  static std::optional<Unit> Parse(absl::string_view text);

  bool HasDimensionOf(const Unit& other) const {
    return powers_ == other.powers_;
  }

  // A decimal numeral in this unit as a number in another of the same
  // dimension. A power of ten moves the numeral's exponent before it becomes
  // binary, so 0.02 s and 20 ms are the same number to the bit. None when it
  // is beyond the range of a double.
  std::optional<double> Convert(absl::string_view numeral,
                                const Unit& to) const;

  Unit Times(const Unit& other) const;
  Unit Power(int exponent) const;

 private:
  friend class UnitTable;

  double factor_ = 1;  // what is no power of ten: 60 for a minute
  int decimal_exponent_ = 0;
  // Of second, metre, kilogram, ampere, kelvin, mole, byte.
  std::array<int8_t, 7> powers_ = {};
};

// A number with or without a unit ("20 ms", "5e-3", "50 %") as a number in
// `unit`; without one it already is. The error says what is wrong: no number,
// octal, unknown unit, a different dimension. A `unit` that is not known here
// ("trials") is matched as text.
absl::StatusOr<double> ReadQuantity(absl::string_view text,
                                    absl::string_view unit);
// Whether a text is a number with something behind it ("5 pA").
bool HasUnit(absl::string_view text);

}  // namespace engram
