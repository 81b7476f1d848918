#pragma once

#include <string>
#include <vector>

namespace engram {

// An axis' range, its ticks at round numbers, and the power of ten that its
// numbers are written without ("weight change [10^-5]").
struct PlotScale {
  double low = 0, high = 1;
  std::vector<double> ticks;
  int power = 0;
};

// A range that holds all values; `is_padded` leaves room beyond them.
PlotScale ScaleOf(const std::vector<double>& values, bool is_padded);

// A tick's number less the scale's power.
std::string TickText(double value, const PlotScale& scale);

// "weight change [1]" with power -5: "weight change [10<superscript -5>]".
std::string LabelWithPower(const std::string& label, int power);

}  // namespace engram
