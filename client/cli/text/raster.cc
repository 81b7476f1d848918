#include "client/cli/text/raster.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/cli/text/braille.h"
#include "client/cli/text/quantity.h"
#include "client/cli/text/utf8.h"

namespace engram::cli {
namespace {

constexpr int kWidestName = 14;
constexpr int kLeastAcross = 16;
constexpr double kLeastGaps = 0.2;  // of a band's dots, to be drawn as dots
constexpr std::array kTones = {Tone::kActive, Tone::kWarning, Tone::kGood,
                               Tone::kPlain};

// Lines of each band: in proportion to its units, one at least, `total` in all.
std::vector<int> Heights(const std::vector<RasterBand>& bands, int total) {
  const double units = std::accumulate(
      bands.begin(), bands.end(), 0.0, [](double sum, const RasterBand& band) {
        return sum + static_cast<double>(band.units);
      });
  std::vector<int> heights(bands.size(), 1);
  // One line after the other goes to whom it is owed most.
  for (int left = total - static_cast<int>(bands.size()); left > 0; --left) {
    size_t neediest = 0;
    double most = -1;
    for (size_t i = 0; i < bands.size(); ++i) {
      const double owed = static_cast<double>(bands[i].units) / units * total /
                          static_cast<double>(heights[i]);
      if (owed > most) neediest = i;
      most = std::max(most, owed);
    }
    ++heights[neediest];
  }
  return heights;
}

// Where `value` lies in [begin, end), as one of `cells`.
int CellOf(double value, double begin, double end, int cells) {
  const double part = (value - begin) / (end - begin);
  return std::clamp(static_cast<int>(std::floor(part * cells)), 0, cells - 1);
}

// How many spikes each dot of a band stands for.
class DotCounts {
 public:
  DotCounts(int across, int down)
      : across_(across),
        down_(down),
        counts_(static_cast<size_t>(across) * static_cast<size_t>(down)) {}

  double& At(int x, int y) {
    return counts_[static_cast<size_t>(y) * static_cast<size_t>(across_) +
                   static_cast<size_t>(x)];
  }
  double Mean() const {
    return std::accumulate(counts_.begin(), counts_.end(), 0.0) /
           static_cast<double>(counts_.size());
  }
  bool HasHardlyAGap() const {
    const auto empty = std::count(counts_.begin(), counts_.end(), 0.0);
    return static_cast<double>(empty) <
           kLeastGaps * static_cast<double>(counts_.size());
  }
  // `least` of a dot's place is the count from which on it is drawn.
  template <class Least>
  void Draw(const Least& least, BrailleCanvas& canvas) {
    for (int y = 0; y < down_; ++y) {
      for (int x = 0; x < across_; ++x) {
        if (At(x, y) > least(x, y)) canvas.Dot(x, y);
      }
    }
  }

 private:
  int across_, down_;
  std::vector<double> counts_;
};

// Ordered dithering: thresholds in (0, 1) that fill a square of four by four
// evenly. Source: Bayer (1973), An optimum method for two-level rendition of
// continuous-tone pictures.
double Threshold(int x, int y) {
  constexpr std::array<std::array<int, 4>, 4> kOrder = {
      {{0, 8, 2, 10}, {12, 4, 14, 6}, {3, 11, 1, 9}, {15, 7, 13, 5}}};
  return (kOrder[static_cast<size_t>(y % 4)][static_cast<size_t>(x % 4)] +
          0.5) /
         16;
}

BrailleCanvas Drawn(const RasterBand& band, double begin_ms, double end_ms,
                    int across, int height) {
  BrailleCanvas canvas(across, height);
  DotCounts counts(canvas.dots_across(), canvas.dots_down());
  for (const RasterMark& mark : band.marks) {
    if (mark.ms < begin_ms || mark.ms >= end_ms) continue;
    counts.At(CellOf(mark.ms, begin_ms, end_ms, canvas.dots_across()),
              CellOf(mark.unit, 0, static_cast<double>(band.units),
                     canvas.dots_down())) += mark.spikes;
  }
  if (counts.HasHardlyAGap()) {
    const double full = 2 * counts.Mean();
    counts.Draw([&](int x, int y) { return full * Threshold(x, y); }, canvas);
  } else {
    counts.Draw([](int, int) { return 0.0; }, canvas);
  }
  return canvas;
}

std::string RateText(double rate_hz) {
  return absl::StrFormat("%.*f Hz", rate_hz < 9.95 ? 1 : 0, rate_hz);
}

std::string AxisBelow(double begin_ms, double end_ms, int indent, int across) {
  const std::string low = ShortText(begin_ms);
  const std::string high = absl::StrCat(ShortText(end_ms), " ms");
  const int gap = across - DisplayWidth(low) - DisplayWidth(high);
  return absl::StrCat(std::string(static_cast<size_t>(indent), ' '), low,
                      std::string(static_cast<size_t>(std::max(1, gap)), ' '),
                      high);
}

}  // namespace

std::vector<std::string> BrailleRaster(const std::vector<RasterBand>& bands,
                                       double begin_ms, double end_ms,
                                       int width, int height,
                                       const Look& look) {
  int name_width = 0;
  int rate_width = 0;
  for (const RasterBand& band : bands) {
    name_width = std::max(name_width, DisplayWidth(Printable(band.name)));
    rate_width = std::max(rate_width, DisplayWidth(RateText(band.rate_hz)));
  }
  name_width = std::min(name_width, kWidestName);
  const int across = width - name_width - 2 - 2 - rate_width;
  const int lines_left = height - 1;
  if (bands.empty() || across < kLeastAcross || !(end_ms > begin_ms) ||
      lines_left < static_cast<int>(bands.size())) {
    return {};
  }
  const std::vector<int> heights = Heights(bands, lines_left);
  std::vector<std::string> lines;
  for (size_t i = 0; i < bands.size(); ++i) {
    const RasterBand& band = bands[i];
    const Tone tone = kTones[i % kTones.size()];
    const BrailleCanvas canvas =
        Drawn(band, begin_ms, end_ms, across, heights[i]);
    for (int row = 0; row < heights[i]; ++row) {
      const std::string name =
          row == 0 ? Truncate(Printable(band.name), name_width) : "";
      lines.push_back(absl::StrCat(
          PadLeft(name, name_width), row == 0 ? " ┤" : " │",
          Paint(canvas.Row(row), tone, look),
          row == 0 ? "  " + PadLeft(RateText(band.rate_hz), rate_width) : ""));
    }
  }
  lines.push_back(AxisBelow(begin_ms, end_ms, name_width + 2, across));
  return lines;
}

}  // namespace engram::cli
