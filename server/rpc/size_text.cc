#include "server/rpc/size_text.h"

#include <array>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace engram {

std::string SizeText(int64_t bytes) {
  constexpr std::array kUnits = {"kB", "MB", "GB", "TB"};
  if (std::abs(bytes) < 1000) return absl::StrCat(bytes, " B");
  double size = static_cast<double>(bytes) / 1000;
  size_t unit = 0;
  // What would be written as 1000 of a unit is 1 of the next.
  while (std::abs(size) >= 999.5 && unit + 1 < kUnits.size()) {
    size /= 1000;
    ++unit;
  }
  const int digits = std::abs(size) < 9.95 ? 1 : 0;
  return absl::StrFormat("%.*f %s", digits, size, kUnits.at(unit));
}

}  // namespace engram
