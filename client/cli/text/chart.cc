#include "client/cli/text/chart.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "absl/strings/str_cat.h"
#include "client/cli/text/braille.h"
#include "client/cli/text/quantity.h"
#include "client/cli/text/utf8.h"

namespace engram::cli {
namespace {

constexpr std::array<const char*, 8> kLevels = {"▁", "▂", "▃", "▄",
                                                "▅", "▆", "▇", "█"};

std::string Repeat(const char* text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void Include(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  bool empty() const { return low > high; }
  // Where `value` lies, 0 to 1; the middle of a range without extent.
  double Part(double value) const {
    return high > low ? (value - low) / (high - low) : 0.5;
  }
};

Range RangeOfX(const std::vector<Point>& points) {
  Range range;
  for (const Point& point : points) range.Include(point.x);
  return range;
}

Range RangeOfValues(const std::vector<Point>& points) {
  Range range;
  for (const Point& point : points) {
    if (point.value) range.Include(*point.value);
  }
  return range;
}

// A share or a flag that stays at 0 or 1 is one of 0 to 1; other constants have
// no range of their own.
Range OfShare(Range range) {
  const bool is_share =
      range.low == range.high && (range.low == 0 || range.low == 1);
  return is_share ? Range{0, 1} : range;
}

// The same, with room around what has no range.
Range WithRoom(Range range) {
  range = OfShare(range);
  if (range.low != range.high) return range;
  const double room = 0.1 * std::abs(range.low);
  return {range.low - room, range.high + room};
}

int CellOf(double part, int cells) {
  return std::clamp(static_cast<int>(part * cells), 0, cells - 1);
}

// Mean value of the points in each of `width` parts of the range.
std::vector<std::optional<double>> Means(const std::vector<Point>& points,
                                         const Range& range, int width) {
  std::vector<double> sums(static_cast<size_t>(width));
  std::vector<int> counts(static_cast<size_t>(width));
  for (const Point& point : points) {
    if (!point.value || point.x < range.low || point.x > range.high) continue;
    const auto cell = static_cast<size_t>(CellOf(range.Part(point.x), width));
    sums[cell] += *point.value;
    ++counts[cell];
  }
  std::vector<std::optional<double>> means(static_cast<size_t>(width));
  for (size_t i = 0; i < means.size(); ++i) {
    if (counts[i] > 0) means[i] = sums[i] / counts[i];
  }
  return means;
}

void Draw(const std::vector<Point>& points, const Range& xs,
          const Range& values, BrailleCanvas* canvas) {
  std::optional<std::pair<int, int>> last;
  for (const Point& point : points) {
    if (!point.value) {
      last.reset();
      continue;
    }
    const int x = CellOf(xs.Part(point.x), canvas->dots_across());
    const int y = canvas->dots_down() - 1 -
                  CellOf(values.Part(*point.value), canvas->dots_down());
    const auto [from_x, from_y] = last.value_or(std::pair{x, y});
    canvas->Line(from_x, from_y, x, y);
    last = {x, y};
  }
}

// The axis' ends and its name, below a chart that starts at `indent`.
std::string AxisBelow(const Range& xs, const std::string& label, int indent,
                      int width) {
  const std::string low = ShortText(xs.low);
  const std::string high = absl::StrCat(ShortText(xs.high), " ", label);
  const int gap = width - DisplayWidth(low) - DisplayWidth(high);
  return absl::StrCat(Repeat(" ", indent), low, Repeat(" ", std::max(1, gap)),
                      high);
}

}  // namespace

Bar MakeBar(double fraction, int width) {
  fraction = std::isfinite(fraction) ? std::clamp(fraction, 0.0, 1.0) : 0.0;
  const int halves = static_cast<int>(std::floor(fraction * 2 * width));
  Bar bar;
  bar.full = Repeat("━", halves / 2);
  if (halves % 2 == 1) bar.full += "╸";
  bar.rest = Repeat("─", width - (halves + 1) / 2);
  return bar;
}

std::string Sparkline(const std::vector<Point>& points, double x_min,
                      double x_max, int width) {
  if (width <= 0) return "";
  const std::vector<std::optional<double>> means =
      Means(points, Range{x_min, x_max}, width);
  Range range;
  for (const auto& mean : means) {
    if (mean) range.Include(*mean);
  }
  range = OfShare(range);
  std::string line;
  for (const auto& mean : means) {
    line +=
        mean ? kLevels[static_cast<size_t>(CellOf(range.Part(*mean), 8))] : " ";
  }
  return line;
}

std::string Sparkline(const std::vector<Point>& points, int width) {
  const Range range = RangeOfX(points);
  if (range.empty()) return Repeat(" ", width);
  return Sparkline(points, range.low, range.high,
                   std::min(width, static_cast<int>(points.size())));
}

std::vector<std::string> BrailleChart(const std::vector<Point>& points,
                                      const std::string& x_label, int width,
                                      int height) {
  const Range xs = RangeOfX(points);
  const Range found = RangeOfValues(points);
  if (found.empty() || width < 16 || height < 1) return {};
  const Range values = WithRoom(found);
  const std::string high = ShortText(values.high);
  const std::string low = ShortText(values.low);
  const int margin = std::max(DisplayWidth(high), DisplayWidth(low));
  const int across = width - margin - 2;
  BrailleCanvas canvas(across, height);
  Draw(points, xs, values, &canvas);
  std::vector<std::string> lines;
  for (int row = 0; row < height; ++row) {
    const std::string label = row == 0 ? high : row == height - 1 ? low : "";
    const char* axis = label.empty() ? "│" : "┤";
    lines.push_back(
        absl::StrCat(PadLeft(label, margin), " ", axis, canvas.Row(row)));
  }
  lines.push_back(AxisBelow(xs, x_label, margin + 2, across));
  return lines;
}

}  // namespace engram::cli
