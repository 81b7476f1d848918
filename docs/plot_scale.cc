#include "docs/plot_scale.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"

namespace engram {
namespace {

constexpr int kWantedTicks = 5;

// 1, 2 or 5 times a power of ten.
double RoundStep(double range) {
  const double raw = range / kWantedTicks;
  const double power = std::pow(10, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= raw * 0.999) return factor * power;
  }
  return 10 * power;
}

// Numbers of 0.01 to 9999 are written as they are.
int PowerOf(double magnitude) {
  if (magnitude <= 0) return 0;
  const int power = static_cast<int>(std::floor(std::log10(magnitude)));
  return power < -2 || power > 3 ? power : 0;
}

std::string Superscript(int power) {
  static const char* const digits[] = {"⁰", "¹", "²", "³", "⁴",
                                       "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text = power < 0 ? "⁻" : "";
  for (const char c : absl::StrCat(std::abs(power))) text += digits[c - '0'];
  return text;
}

}  // namespace

PlotScale ScaleOf(const std::vector<double>& values, bool is_padded) {
  PlotScale scale;
  const auto [low, high] = std::ranges::minmax(values);
  scale.low = low;
  scale.high = high;
  if (is_padded) {
    scale.low = std::min(low, 0.0);
    scale.high = std::max(high, 0.0);
    const double room = 0.08 * (scale.high - scale.low);
    if (low < 0) scale.low -= room;
    if (high > 0) scale.high += room;
  }
  if (scale.high - scale.low < 1e-300) scale.high = scale.low + 1;
  const double step = RoundStep(scale.high - scale.low);
  const int64_t first = std::llround(std::ceil(scale.low / step - 1e-9));
  const int64_t last = std::llround(std::floor(scale.high / step + 1e-9));
  for (int64_t k = first; k <= last; ++k) {
    scale.ticks.push_back(static_cast<double>(k) * step);
  }
  scale.power = PowerOf(std::max(std::abs(scale.low), std::abs(scale.high)));
  return scale;
}

std::string TickText(double value, const PlotScale& scale) {
  const std::string text =
      absl::StrFormat("%.4g", value / std::pow(10, scale.power));
  return absl::StrReplaceAll(text, {{"-", "−"}});
}

std::string LabelWithPower(const std::string& label, int power) {
  if (power == 0) return label;
  const size_t bracket = label.rfind('[');
  if (bracket == std::string::npos) return label;
  std::string unit = label.substr(bracket + 1, label.size() - bracket - 2);
  unit = unit == "1" ? "" : absl::StrCat(" ", unit);
  return absl::StrCat(label.substr(0, bracket), "[10", Superscript(power), unit,
                      "]");
}

}  // namespace engram
