#pragma once

#include <optional>
#include <string>
#include <vector>

namespace engram::cli {

// One point of a series; no value where it is absent.
struct Point {
  double x = 0;
  std::optional<double> value;
};

// A bar of `width` cells of which `fraction` is full, to half a cell.
struct Bar {
  std::string full;
  std::string rest;
};
Bar MakeBar(double fraction, int width);

// One line of `width` cells, eight levels from the least to the greatest
// value. Each cell is the mean of the points in its part of [x_min, x_max];
// cells without points are blank.
std::string Sparkline(const std::vector<Point>& points, double x_min,
                      double x_max, int width);

// As above over the range of the points.
std::string Sparkline(const std::vector<Point>& points, int width);

// A curve of `width` x `height` cells in braille, two by four dots a cell,
// with the greatest and the least value at its left and the range of x below.
// Empty when no point has a value.
std::vector<std::string> BrailleChart(const std::vector<Point>& points,
                                      const std::string& x_label, int width,
                                      int height);

}  // namespace engram::cli
