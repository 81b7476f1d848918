#include "core/networks/pattern_mean_field.h"

#include <cmath>
#include <numbers>

#include "core/base/contract.h"
#include "core/base/statistics.h"

namespace engram {

PatternMeanField::PatternMeanField(const Component& network)
    : tau_(network.Real("tau")),
      dt_(network.Real("dt")),
      strength_(network.Real("strength")),
      gain_width_(network.Real("gain_width")),
      sigma_(network.Real("sigma")) {}

void PatternMeanField::Field(std::span<const double> kappa, double variance,
                             std::span<double> field) const {
  ENGRAM_EXPECT(field.size() == kappa.size());
  const double width_squared =
      gain_width_ * gain_width_ + variance + statistics::SumOfSquares(kappa);
  const double slope = std::sqrt(2 / (std::numbers::pi * width_squared));
  for (size_t mu = 0; mu < kappa.size(); ++mu) {
    const double drive = mu == 0 ? 0 : strength_ * slope * kappa[mu - 1];
    field[mu] = (drive - kappa[mu]) / tau_;
  }
}

double PatternMeanField::VarianceField(double variance) const {
  return 2 * (sigma_ * sigma_ - variance) / tau_;
}

void PatternMeanField::Step(std::span<double> kappa, double& variance,
                            std::span<double> field) const {
  Field(kappa, variance, field);
  for (size_t mu = 0; mu < kappa.size(); ++mu) kappa[mu] += dt_ * field[mu];
  variance += dt_ * VarianceField(variance);
}

}  // namespace engram
