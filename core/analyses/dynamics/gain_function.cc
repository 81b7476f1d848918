#include "core/analyses/dynamics/gain_function.h"

#include <cmath>

#include "core/base/math.h"

namespace engram {
namespace {

constexpr double kSqrtHalf = 0.70710678118654752440;     // 1 / sqrt(2)
constexpr double kSqrtTwoByPi = 0.79788456080286535588;  // sqrt(2 / pi)

}  // namespace

void GainFunction::Rates(const Array<double>& x, Array<double>& rate) const {
  if (shape == GainShape::kLogistic) {
    math::Logistic(x.padded(), theta, 1 / t, rate.padded());
    return;
  }
  const double scale = shape == GainShape::kErf ? kSqrtHalf / t : 1 / t;
  for (int64_t i = 0; i < x.rows(); ++i) rate[i] = (x[i] - theta) * scale;
  if (shape == GainShape::kTanh) {
    math::Tanh(rate.padded(), rate.padded());
  } else {
    math::Erf(rate.padded(), rate.padded());
  }
}

void GainFunction::Slopes(const Array<double>& x, const Array<double>& rate,
                          Array<double>& slope,
                          Array<double>& curvature) const {
  for (int64_t i = 0; i < x.rows(); ++i) {
    const double r = rate[i];
    switch (shape) {
      case GainShape::kLogistic:
        slope[i] = r * (1 - r) / t;
        curvature[i] = slope[i] * (1 - 2 * r) / t;
        break;
      case GainShape::kTanh:
        slope[i] = (1 - r * r) / t;
        curvature[i] = -2 * r * slope[i] / t;
        break;
      case GainShape::kErf: {
        const double u = (x[i] - theta) / t;
        slope[i] = kSqrtTwoByPi / t * math::Exp(-u * u / 2);
        curvature[i] = -u / t * slope[i];
        break;
      }
    }
  }
}

}  // namespace engram
