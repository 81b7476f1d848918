#include "client/cli/text/quantity.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace engram::cli {
namespace {

constexpr int kDigits = 4;

// Where plain decimals would be longer than an exponent.
bool NeedsExponent(double magnitude) {
  return magnitude != 0 && (magnitude < 1e-3 || magnitude >= 1e7);
}

int DecimalsFor(double magnitude) {
  if (magnitude == 0) return 0;
  const int before = static_cast<int>(std::floor(std::log10(magnitude))) + 1;
  return std::clamp(kDigits - before, 0, 6);
}

bool EndsInZero(const std::string& text) {
  return text.find('.') != std::string::npos && text.back() == '0';
}

void DropTrailingZero(std::string* text) {
  text->pop_back();
  if (text->back() == '.') text->pop_back();
}

// Removes decimals that are zero in every text.
void DropSharedZeros(std::vector<std::string>* texts) {
  const auto droppable = [](const std::string& text) {
    return text == "-" || EndsInZero(text);
  };
  while (std::all_of(texts->begin(), texts->end(), droppable) &&
         std::any_of(texts->begin(), texts->end(), EndsInZero)) {
    for (std::string& text : *texts) {
      if (text != "-") DropTrailingZero(&text);
    }
  }
}

}  // namespace

std::string ExactText(double value) {
  std::array<char, 32> buffer;
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return std::string(buffer.data(), end.ptr);
}

std::string ShortText(double value) {
  const double magnitude = std::abs(value);
  if (magnitude < 1e9 && value == std::floor(value)) {
    return absl::StrFormat("%.0f", value == 0 ? 0.0 : value);
  }
  if (NeedsExponent(magnitude)) return absl::StrFormat("%.*g", kDigits, value);
  std::string text = absl::StrFormat("%.*f", DecimalsFor(magnitude), value);
  while (EndsInZero(text)) DropTrailingZero(&text);
  return text;
}

std::vector<std::string> ColumnText(
    const std::vector<std::optional<double>>& values) {
  double largest = 0;
  bool plain = true;
  for (const auto& value : values) {
    if (!value) continue;
    largest = std::max(largest, std::abs(*value));
    plain = plain && !NeedsExponent(std::abs(*value));
  }
  std::vector<std::string> texts;
  for (const auto& value : values) {
    if (!value) {
      texts.push_back("-");
    } else if (plain) {
      texts.push_back(absl::StrFormat("%.*f", DecimalsFor(largest),
                                      *value == 0 ? 0.0 : *value));
    } else {
      texts.push_back(ShortText(*value));
    }
  }
  if (plain) DropSharedZeros(&texts);
  return texts;
}

std::string CountText(int64_t count) {
  std::string digits = absl::StrCat(count);
  const size_t first = digits[0] == '-' ? 1 : 0;
  for (size_t at = digits.size(); at > first + 3; at -= 3) {
    digits.insert(at - 3, ",");
  }
  return digits;
}

std::string CountedText(int64_t count, absl::string_view thing) {
  return absl::StrCat(CountText(count), " ", thing, count == 1 ? "" : "s");
}

std::string BytesText(int64_t bytes) {
  static constexpr std::array<const char*, 6> kUnits = {"B",  "kB", "MB",
                                                        "GB", "TB", "PB"};
  double value = static_cast<double>(bytes);
  size_t unit = 0;
  while (std::abs(value) >= 999.5 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  const int decimals = unit > 0 && std::abs(value) < 9.95 ? 1 : 0;
  return absl::StrFormat("%.*f %s", decimals, value, kUnits[unit]);
}

std::string DurationText(absl::Duration duration) {
  if (duration < absl::ZeroDuration()) duration = absl::ZeroDuration();
  const double seconds = absl::ToDoubleSeconds(duration);
  if (seconds < 0.0005) return "0 s";
  if (seconds < 0.9995) return absl::StrFormat("%.0f ms", seconds * 1e3);
  const int64_t whole = std::llround(seconds);
  const bool is_whole = seconds == static_cast<double>(whole);
  if (seconds < 9.95 && !is_whole) return absl::StrFormat("%.1f s", seconds);
  if (whole < 60) return absl::StrCat(whole, " s");
  if (whole < 3600) {
    return absl::StrFormat("%d min %02d s", whole / 60, whole % 60);
  }
  if (whole < 86400) {
    return absl::StrFormat("%d h %02d min", whole / 3600, whole % 3600 / 60);
  }
  return absl::StrFormat("%d d %d h", whole / 86400, whole % 86400 / 3600);
}

std::string AgoText(absl::Time time, absl::Time now) {
  const int64_t seconds = absl::ToInt64Seconds(now - time);
  if (seconds < -60) {
    return absl::StrCat("in ", DurationText(time - now));
  }
  if (seconds < 5) return "just now";
  if (seconds < 60) return absl::StrCat(seconds, " s ago");
  if (seconds < 3600) return absl::StrCat(seconds / 60, " min ago");
  if (seconds < 86400) return absl::StrCat(seconds / 3600, " h ago");
  if (seconds < 30 * 86400) return absl::StrCat(seconds / 86400, " d ago");
  return absl::FormatTime("%Y-%m-%d", time, absl::LocalTimeZone());
}

}  // namespace engram::cli
