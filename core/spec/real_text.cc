#include "core/spec/real_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <string>

#include "core/base/contract.h"

namespace engram {

std::string RealText(double value) {
  ENGRAM_EXPECT(std::isfinite(value));
  if (value == 0) return "0";
  std::array<char, 32> text;
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return std::string(text.data(), end);
}

double RoundTo12Digits(double value) {
  ENGRAM_EXPECT(std::isfinite(value));
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value,
                                 std::chars_format::scientific, 11)
                       .ptr;
  double rounded = 0;
  std::from_chars(text.data(), end, rounded);
  return rounded;
}

}  // namespace engram
