#include "docs/svg_plot.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "docs/plot_scale.h"

namespace engram {
namespace {

// Of one panel with its labels, in pixels.
constexpr double kPanelWidth = 350, kHeight = 292;
constexpr double kLeft = 66, kRight = 14, kTop = 52, kBottom = 48;
constexpr double kLegendEntry = 16;  // of a legend's dash, with its gap

// Distinct for the colour-blind as well (Okabe and Ito 2008).
const char* const kColours[] = {"#0072b2", "#d55e00", "#009e73",
                                "#cc79a7", "#e69f00", "#56b4e9"};

std::string Escaped(const std::string& text) {
  return absl::StrReplaceAll(text,
                             {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}});
}

std::string At(double pixels) {
  std::string text = absl::StrFormat("%.1f", pixels);
  if (text == "-0.0") text = "0.0";
  return text;
}

std::string LineTo(double x1, double y1, double x2, double y2,
                   const std::string& style) {
  return absl::StrCat("<line x1=\"", At(x1), "\" y1=\"", At(y1), "\" x2=\"",
                      At(x2), "\" y2=\"", At(y2), "\" ", style, "/>\n");
}

std::string Words(double x, double y, const std::string& anchor,
                  const std::string& text, const std::string& more = "") {
  return absl::StrCat("<text x=\"", At(x), "\" y=\"", At(y),
                      "\" text-anchor=\"", anchor, "\"", more, ">",
                      Escaped(text), "</text>\n");
}

// Of UTF-8, in which a letter's later bytes are 10xxxxxx.
double Letters(const std::string& text) {
  return static_cast<double>(std::ranges::count_if(text, [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

class Panel {
 public:
  Panel(const PlotPanel& plot, double left)
      : plot_(plot),
        left_(left + kLeft),
        right_(left + kPanelWidth - kRight),
        x_(ScaleOf(Values(true), false)),
        y_(ScaleOf(Values(false), true)) {}

  std::string Render() const {
    std::string svg = Words((left_ + right_) / 2, 18, "middle", plot_.title,
                            " font-weight=\"bold\"");
    absl::StrAppend(&svg, Legend(), ZeroLines(), Frame());
    for (size_t i = 0; i < plot_.lines.size(); ++i) {
      svg += Curve(i);
    }
    return svg;
  }

 private:
  std::string Colour(size_t i) const {
    const int given = plot_.lines[i].colour;
    return kColours[(given < 0 ? i : static_cast<size_t>(given)) %
                    std::size(kColours)];
  }

  std::vector<double> Values(bool is_x) const {
    std::vector<double> values;
    for (const PlotLine& line : plot_.lines) {
      for (size_t i = 0; i < line.x.size(); ++i) {
        const double bar = line.error.empty() ? 0 : line.error[i];
        values.push_back(is_x ? line.x[i] : line.y[i] + bar);
        if (!is_x) values.push_back(line.y[i] - bar);
      }
    }
    return values;
  }

  double X(double value) const {
    return left_ + (value - x_.low) / (x_.high - x_.low) * (right_ - left_);
  }
  double Y(double value) const {
    const double bottom = kHeight - kBottom;
    return bottom - (value - y_.low) / (y_.high - y_.low) * (bottom - kTop);
  }

  std::string Legend() const {
    std::string svg;
    double at = left_;
    for (size_t i = 0; i < plot_.lines.size(); ++i) {
      if (plot_.lines[i].label.empty()) continue;
      absl::StrAppend(&svg, LegendKey(i, at),
                      Words(at + kLegendEntry + 5, 38, "start",
                            plot_.lines[i].label, " font-size=\"11\""));
      at += kLegendEntry + 16 + 6.2 * Letters(plot_.lines[i].label);
    }
    return svg;
  }

  std::string LegendKey(size_t i, double at) const {
    if (plot_.lines[i].is_data) {
      return absl::StrCat("<circle cx=\"", At(at + kLegendEntry - 4),
                          "\" cy=\"34.0\" r=\"3\" stroke=\"", Colour(i),
                          "\" fill=\"white\"/>\n");
    }
    return LineTo(at, 34, at + kLegendEntry, 34, Stroke(i));
  }

  // Every second line is dashed, so that one shows where it lies on another.
  std::string Stroke(size_t i) const {
    return absl::StrCat("stroke=\"", Colour(i), "\" stroke-width=\"1.8\"",
                        i % 2 == 1 ? " stroke-dasharray=\"6 3\"" : "");
  }

  std::string ZeroLines() const {
    const std::string style = "stroke=\"#b0b0b0\" stroke-width=\"1\"";
    std::string svg = LineTo(left_, Y(0), right_, Y(0), style);
    if (x_.low < 0 && x_.high > 0) {
      absl::StrAppend(&svg, LineTo(X(0), kTop, X(0), kHeight - kBottom, style));
    }
    return svg;
  }

  std::string Frame() const {
    const double bottom = kHeight - kBottom;
    const std::string style = "stroke=\"#333\" stroke-width=\"1\"";
    std::string svg = LineTo(left_, kTop, left_, bottom, style) +
                      LineTo(left_, bottom, right_, bottom, style);
    for (const double tick : x_.ticks) {
      absl::StrAppend(&svg, LineTo(X(tick), bottom, X(tick), bottom + 4, style),
                      Words(X(tick), bottom + 17, "middle", TickText(tick, x_),
                            " font-size=\"11\""));
    }
    for (const double tick : y_.ticks) {
      absl::StrAppend(&svg, LineTo(left_ - 4, Y(tick), left_, Y(tick), style),
                      Words(left_ - 7, Y(tick) + 4, "end", TickText(tick, y_),
                            " font-size=\"11\""));
    }
    const double middle = (kTop + bottom) / 2, x = left_ - kLeft + 16;
    absl::StrAppend(
        &svg,
        Words((left_ + right_) / 2, bottom + 37, "middle",
              LabelWithPower(plot_.x_label, x_.power)),
        Words(x, middle, "middle", LabelWithPower(plot_.y_label, y_.power),
              absl::StrCat(" transform=\"rotate(-90 ", At(x), " ", At(middle),
                           ")\"")));
    return svg;
  }

  // The points that a pen draws without being lifted.
  std::string Strokes(const PlotLine& line, const std::string& style) const {
    std::string svg, points;
    const auto lift = [&] {
      if (!points.empty()) {
        absl::StrAppend(&svg, "<polyline points=\"", points,
                        "\" fill=\"none\" ", style, "/>\n");
      }
      points.clear();
    };
    for (size_t i = 0; i < line.x.size(); ++i) {
      const bool jumps =
          line.breaks_at_zero && i > 0 && line.x[i - 1] < 0 && line.x[i] > 0;
      if (jumps) lift();
      absl::StrAppend(&points, points.empty() ? "" : " ", At(X(line.x[i])), ",",
                      At(Y(line.y[i])));
    }
    lift();
    return svg;
  }

  std::string Marks(const PlotLine& line, const std::string& colour) const {
    const std::string stroke = absl::StrCat("stroke=\"", colour, "\"");
    std::string svg;
    for (size_t i = 0; i < line.x.size(); ++i) {
      const double x = X(line.x[i]);
      if (!line.error.empty()) {
        absl::StrAppend(&svg, LineTo(x, Y(line.y[i] - line.error[i]), x,
                                     Y(line.y[i] + line.error[i]), stroke));
      }
      if (!line.has_markers && !line.is_data) continue;
      absl::StrAppend(&svg, "<circle cx=\"", At(x), "\" cy=\"",
                      At(Y(line.y[i])), "\" r=\"3\" ", stroke, " fill=\"",
                      line.is_data ? "white" : colour, "\"/>\n");
    }
    return svg;
  }

  std::string Curve(size_t i) const {
    const PlotLine& line = plot_.lines[i];
    return (line.is_data ? "" : Strokes(line, Stroke(i))) +
           Marks(line, Colour(i));
  }

  const PlotPanel& plot_;
  double left_, right_;
  PlotScale x_, y_;
};

}  // namespace

std::string RenderSvg(const std::vector<PlotPanel>& panels) {
  const double width = kPanelWidth * static_cast<double>(panels.size());
  std::string svg = absl::StrFormat(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" "
      "height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" "
      "font-family=\"Helvetica, Arial, sans-serif\" font-size=\"12\" "
      "fill=\"#222\">\n<rect width=\"%.0f\" height=\"%.0f\" "
      "fill=\"white\"/>\n",
      width, kHeight, width, kHeight, width, kHeight);
  double left = 0;
  for (const PlotPanel& panel : panels) {
    absl::StrAppend(&svg, Panel(panel, left).Render());
    left += kPanelWidth;
  }
  return svg + "</svg>\n";
}

}  // namespace engram
