// Gradients of gated cells in both precisions, at the size at which they were
// published: 3 inputs, 5 cells, 6 steps, 2 samples, 2 outputs.

#include <gtest/gtest.h>

#include <string>

#include "tests/core/training/training_fixture.h"

namespace engram {
namespace {

class GateGradients : public testing::TestWithParam<std::string> {
 protected:
  template <class Real>
  SmallNetwork<Real> Small() const {
    return SmallNetwork<Real>("{type: " + GetParam() + ", units: 5}", false, 2,
                              6, 0, 1);
  }
  // Central differences in double.
  static Array<double> Differences(SmallNetwork<double>& small) {
    constexpr double kStep = 1e-5;
    Array<double> slopes(small.network.layout().size());
    for (const ParameterMatrix& matrix : small.network.layout().matrices()) {
      for (int64_t i = 0; i < matrix.size(); ++i) {
        double& theta = small.parameters[matrix.offset + i];
        const double at = theta;
        theta = at + kStep;
        const double above = small.LossNow();
        theta = at - kStep;
        const double below = small.LossNow();
        theta = at;
        slopes[matrix.offset + i] = (above - below) / (2 * kStep);
      }
    }
    return slopes;
  }

  const ScopedNumericEnvironment environment_;
};

// A step of 1e-5 leaves a truncation of 1e-10 and a rounding of 2e-16 / 1e-5.
TEST_P(GateGradients, AreDerivativesToEightDigits) {
  SmallNetwork<double> small = Small<double>();
  const Array<double> gradient = small.Gradient();
  const Array<double> slopes = Differences(small);
  for (int64_t i = 0; i < gradient.rows(); ++i) {
    EXPECT_NEAR(gradient[i], slopes[i], 1e-8);
  }
}

// Sixty products of numbers of 6e-8 relative error each.
TEST_P(GateGradients, AreDerivativesToFiveDigitsInSinglePrecision) {
  SmallNetwork<double> small = Small<double>();
  const Array<double> slopes = Differences(small);
  SmallNetwork<float> single = Small<float>();
  const Array<float> gradient = single.Gradient();
  for (int64_t i = 0; i < gradient.rows(); ++i) {
    EXPECT_NEAR(static_cast<double>(gradient[i]), slopes[i], 1e-5);
  }
}

INSTANTIATE_TEST_SUITE_P(Cells, GateGradients,
                         testing::Values("lstm", "sublstm", "fix_sublstm"),
                         [](const testing::TestParamInfo<std::string>& of) {
                           return of.param;
                         });

}  // namespace
}  // namespace engram
