#pragma once

#include <string>
#include <vector>

namespace engram {

// A curve of a panel. With `error` each point has a bar of that half length.
struct PlotLine {
  std::string label;  // in the legend; empty for none
  std::vector<double> x, y;
  std::vector<double> error = {};
  bool has_markers = false;
  int colour = -1;              // of another line; -1: its own
  bool is_data = false;         // open markers and no line
  bool breaks_at_zero = false;  // x < 0 and x > 0 are not joined
};

// Axes with their lines. Labels read `name [unit]`.
struct PlotPanel {
  std::string title;
  std::string x_label, y_label;
  std::vector<PlotLine> lines;
};

// The panels side by side, as the text of an SVG file. Lines at 0, ticks at
// round numbers, a legend where lines have labels. The same text for the same
// numbers: coordinates are rounded to a tenth of a pixel.
std::string RenderSvg(const std::vector<PlotPanel>& panels);

}  // namespace engram
