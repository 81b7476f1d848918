#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "client/cli/text/look.h"

namespace engram::cli {

// A spike, or a cell of a picture in which some unit fired.
struct RasterMark {
  double ms = 0;
  double unit = 0;
  double spikes = 1;  // that it stands for
};

// One population of a raster, with a band of its own.
struct RasterBand {
  std::string name;
  int64_t units = 0;
  double rate_hz = 0;  // mean over the stretch that is drawn
  std::vector<RasterMark> marks;
};

// Spikes as dots, time across and units down, the first unit of each population
// on top: at most `width` cells wide and `height` lines high, the axis below
// included. Where dots would leave hardly a gap, a band is shaded instead: half
// of the dots for its mean density, more where more is fired. Populations share
// the height by their sizes, each with one line at least, and keep a tone of
// their own. Empty when there is no room for that or nothing to draw.
std::vector<std::string> BrailleRaster(const std::vector<RasterBand>& bands,
                                       double begin_ms, double end_ms,
                                       int width, int height, const Look& look);

}  // namespace engram::cli
