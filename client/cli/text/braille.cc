#include "client/cli/text/braille.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace engram::cli {
namespace {

// Dots of a braille cell by (row, column), as Unicode numbers them.
constexpr uint8_t kDots[4][2] = {
    {0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

}  // namespace

BrailleCanvas::BrailleCanvas(int width, int height)
    : width_(width),
      height_(height),
      cells_(static_cast<size_t>(width) * static_cast<size_t>(height)) {}

void BrailleCanvas::Dot(int x, int y) {
  cells_[Cell(x / 2, y / 4)] |= kDots[y % 4][x % 2];
}

void BrailleCanvas::Line(int x0, int y0, int x1, int y1) {
  const int steps = std::max({std::abs(x1 - x0), std::abs(y1 - y0), 1});
  for (int i = 0; i <= steps; ++i) {
    const double part = static_cast<double>(i) / steps;
    Dot(static_cast<int>(std::lround(x0 + part * (x1 - x0))),
        static_cast<int>(std::lround(y0 + part * (y1 - y0))));
  }
}

std::string BrailleCanvas::Row(int row) const {
  std::string text;
  for (int i = 0; i < width_; ++i) {
    const uint8_t dots = cells_[Cell(i, row)];
    // U+2800 + dots in UTF-8.
    text += '\xE2';
    text += static_cast<char>(0xA0 | (dots >> 6));
    text += static_cast<char>(0x80 | (dots & 0x3F));
  }
  return text;
}

}  // namespace engram::cli
