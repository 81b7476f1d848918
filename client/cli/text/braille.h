#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace engram::cli {

// A grid of dots in braille characters, two by four dots a cell.
class BrailleCanvas {
 public:
  BrailleCanvas(int width, int height);

  int dots_across() const { return 2 * width_; }
  int dots_down() const { return 4 * height_; }

  void Dot(int x, int y);
  void Line(int x0, int y0, int x1, int y1);
  // One row of cells.
  std::string Row(int row) const;

 private:
  size_t Cell(int column, int row) const {
    return static_cast<size_t>(row) * static_cast<size_t>(width_) +
           static_cast<size_t>(column);
  }

  int width_;
  int height_;
  std::vector<uint8_t> cells_;
};

}  // namespace engram::cli
