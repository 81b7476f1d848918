#include "client/cli/spread.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "client/cli/text/quantity.h"

namespace engram::cli {

Spread SpreadOf(const std::vector<double>& values) {
  Spread spread;
  spread.count = static_cast<int64_t>(values.size());
  for (const double value : values) {
    spread.mean += value / static_cast<double>(values.size());
  }
  if (values.size() < 2) return spread;
  double squares = 0;
  for (const double value : values) {
    squares += (value - spread.mean) * (value - spread.mean);
  }
  spread.deviation =
      std::sqrt(squares / static_cast<double>(values.size() - 1));
  return spread;
}

std::string SpreadText(const Spread& spread) {
  // Rounding of the sum alone gives no spread.
  const bool equal = spread.deviation <= 1e-12 * std::abs(spread.mean);
  if (spread.count < 2) return ShortText(spread.mean);
  return absl::StrCat(ShortText(spread.mean), " ± ",
                      equal ? "0" : ShortText(spread.deviation));
}

}  // namespace engram::cli
