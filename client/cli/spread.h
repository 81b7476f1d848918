#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace engram::cli {

// Mean and standard deviation (of a sample: n - 1) of some values.
struct Spread {
  int64_t count = 0;
  double mean = 0;
  double deviation = 0;  // 0 of one value
};

// Of at least one value.
Spread SpreadOf(const std::vector<double>& values);

// "9.8 ± 0.4"; the mean alone of one value.
std::string SpreadText(const Spread& spread);

}  // namespace engram::cli
