#include "core/programs/protocol_curve.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/base/math.h"
#include "core/base/statistics.h"

namespace engram {
namespace {

struct Side {
  std::vector<double> distance, log_change;
  bool has_one_sign = true;
};

Side SideOf(const ProtocolCurve& curve, bool is_positive_side) {
  Side side;
  double sign = 0;
  for (size_t i = 0; i < curve.x.size(); ++i) {
    if (is_positive_side ? curve.x[i] <= 0 : curve.x[i] >= 0) continue;
    const double change = curve.change[i];
    if (sign == 0) sign = change;
    side.has_one_sign = side.has_one_sign && change * sign > 0;
    side.distance.push_back(std::abs(curve.x[i]));
    side.log_change.push_back(math::Log(std::abs(change)));
  }
  return side;
}

void WriteShape(const ProtocolCurve& curve, Recorder& out) {
  const auto at = [&](auto extreme) {
    return curve.x[static_cast<size_t>(extreme - curve.change.begin())];
  };
  const auto largest = std::ranges::max_element(curve.change);
  const auto smallest = std::ranges::min_element(curve.change);
  out.Summary("largest_change", "1", Measured::Of(*largest));
  out.Summary("at_largest", curve.axis_unit, Measured::Of(at(largest)));
  out.Summary("smallest_change", "1", Measured::Of(*smallest));
  out.Summary("at_smallest", curve.axis_unit, Measured::Of(at(smallest)));
  out.Summary("mean_change", "1",
              Measured::Of(*statistics::Mean(curve.change)));
  out.Summary("crossing", curve.axis_unit, Crossing(curve));
  out.Summary("integral", curve.axis_unit, Measured::Of(Integral(curve)));
  out.Summary("decay_positive", curve.axis_unit, DecayConstant(curve, true));
  out.Summary("decay_negative", curve.axis_unit, DecayConstant(curve, false));
}

void WriteDistance(const ProtocolCurve& curve, const CurveData& data,
                   Recorder& out) {
  if (data.change.empty()) {
    const Measured none = Measured::Absent("the program was given no data");
    out.Summary("data_error", "1", none);
    out.Summary("largest_miss", "1", none);
    return;
  }
  const std::vector<double> misses = Misses(curve, data);
  out.Summary("data_error", "1",
              Measured::Of(statistics::SumOfSquares(misses) /
                           static_cast<double>(misses.size())));
  out.Summary("largest_miss", "1",
              Measured::Of(statistics::LargestMagnitude(misses)));
}

}  // namespace

Measured Crossing(const ProtocolCurve& curve) {
  size_t below = curve.x.size();  // the last point that was negative
  for (size_t i = 0; i < curve.x.size(); ++i) {
    const double change = curve.change[i];
    if (change > 0 && below < i) {
      const double share = curve.change[below] / (curve.change[below] - change);
      return Measured::Of(curve.x[below] +
                          share * (curve.x[i] - curve.x[below]));
    }
    if (change > 0) below = curve.x.size();
    if (change < 0) below = i;
  }
  return Measured::Absent("the change never turns from negative to positive");
}

Measured DecayConstant(const ProtocolCurve& curve, bool is_positive_side) {
  const Side side = SideOf(curve, is_positive_side);
  if (side.distance.size() < 3) {
    return Measured::Absent("fewer than three points on this side of 0");
  }
  if (!side.has_one_sign) {
    return Measured::Absent("the change has not one sign on this side of 0");
  }
  const double x = *statistics::Mean(side.distance);
  const double y = *statistics::Mean(side.log_change);
  double covariance = 0, variance = 0;
  for (size_t i = 0; i < side.distance.size(); ++i) {
    covariance += (side.distance[i] - x) * (side.log_change[i] - y);
    variance += (side.distance[i] - x) * (side.distance[i] - x);
  }
  if (covariance >= 0) {
    return Measured::Absent("the change does not fall with distance from 0");
  }
  return Measured::Of(-variance / covariance);
}

double Integral(const ProtocolCurve& curve) {
  double sum = 0;
  for (size_t i = 1; i < curve.x.size(); ++i) {
    sum += (curve.x[i] - curve.x[i - 1]) *
           (curve.change[i] + curve.change[i - 1]) / 2;
  }
  return sum;
}

std::vector<double> Misses(const ProtocolCurve& curve, const CurveData& data) {
  std::vector<double> misses;
  for (size_t i = 0; i < curve.x.size(); ++i) {
    misses.push_back((curve.change[i] - data.change[i]) /
                     data.standard_error[i]);
  }
  return misses;
}

void WriteCurve(const ProtocolCurve& curve, const CurveData& data,
                Recorder& out) {
  for (size_t i = 0; i < curve.x.size(); ++i) {
    out.Point({"weight_change", "1", curve.axis, curve.axis_unit}, curve.x[i],
              Measured::Of(curve.change[i]));
  }
  for (size_t i = 0; i < curve.standard_error.size(); ++i) {
    out.Point({"weight_change_error", "1", curve.axis, curve.axis_unit},
              curve.x[i], Measured::Of(curve.standard_error[i]));
  }
  WriteShape(curve, out);
  WriteDistance(curve, data, out);
}

}  // namespace engram
