#include "core/analyses/similarity/dynamical.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/base/numerics.h"
#include "tests/core/analyses/similarity/random_matrices.h"

namespace engram {
namespace {

using Matrix = Eigen::MatrixXd;

Array<double> Turned(const Matrix& a, int64_t number) {
  const Matrix c = RandomRotation(a.rows(), number);
  return ArrayOf(c * a * c.transpose());
}

// Damped rotations (real, imaginary) along the diagonal: a normal matrix.
Matrix Rotations(const std::vector<std::pair<double, double>>& values) {
  const Eigen::Index n = static_cast<Eigen::Index>(2 * values.size());
  Matrix a = Matrix::Zero(n, n);
  for (size_t k = 0; k < values.size(); ++k) {
    const Eigen::Index i = static_cast<Eigen::Index>(2 * k);
    a(i, i) = a(i + 1, i + 1) = values[k].first;
    a(i, i + 1) = -values[k].second;
    a(i + 1, i) = values[k].second;
  }
  return a;
}

class DynamicalDistanceTest : public testing::Test {
 protected:
  const ScopedNumericEnvironment environment_;
};

TEST_F(DynamicalDistanceTest, ATurnedCopyIsTheSame) {
  const Matrix a = RandomMatrix(5, 5, 1).map();
  EXPECT_NEAR(DynamicalDistance(ArrayOf(a), Turned(a, 2)), 0, 1e-5);
  EXPECT_NEAR(*EigenvalueDistance(ArrayOf(a), Turned(a, 2)), 0, 1e-10);
}

// For symmetric matrices the distance is that of the sorted eigenvalues
// (Hoffman and Wielandt 1953), here sqrt(0.5^2 + 1^2 + 0 + 0.25^2).
TEST_F(DynamicalDistanceTest, OfSymmetricMatricesIsThatOfTheirEigenvalues) {
  const Eigen::Vector4d a(3, 1, 0, -2), b(3.5, 2, 0, -2.25);
  const Array<double> first = Turned(Matrix(a.asDiagonal()), 3);
  const Array<double> second = Turned(Matrix(b.asDiagonal()), 4);
  const double expected = std::sqrt(0.25 + 1 + 0.0625);
  EXPECT_NEAR(*EigenvalueDistance(first, second), expected, 1e-12);
  EXPECT_NEAR(DynamicalDistance(first, second), expected, 1e-6);
}

// Damped rotations are normal, and pairs can be brought over one another: the
// bound is reached. Each pair counts twice.
TEST_F(DynamicalDistanceTest, OfDampedRotationsReachesTheBound) {
  const Matrix a = Rotations({{0.9, 0.3}, {0.5, 0.1}});
  const Matrix b = Rotations({{0.6, 0.2}, {0.8, 0.35}});
  const double expected =
      std::sqrt(2 * (0.1 * 0.1 + 0.05 * 0.05 + 0.1 * 0.1 + 0.1 * 0.1));
  EXPECT_NEAR(*EigenvalueDistance(Turned(a, 5), Turned(b, 6)), expected, 1e-12);
  EXPECT_NEAR(DynamicalDistance(Turned(a, 5), Turned(b, 6)), expected, 1e-5);
}

TEST_F(DynamicalDistanceTest, OfNormalMatricesIsNeverBelowTheBound) {
  for (int64_t number = 10; number < 20; ++number) {
    const Array<double> v = RandomMatrix(4, 2, number);
    const Matrix a = Rotations({{v(0, 0), v(1, 0)}, {v(2, 0), v(3, 0)}});
    const Matrix b = Rotations({{v(0, 1), v(1, 1)}, {v(2, 1), v(3, 1)}});
    const Array<double> first = Turned(a, number),
                        second = Turned(b, 100 + number);
    EXPECT_GE(DynamicalDistance(first, second),
              *EigenvalueDistance(first, second) - 1e-9);
  }
}

TEST_F(DynamicalDistanceTest, IsSymmetric) {
  const Array<double> a = RandomMatrix(3, 3, 30), b = RandomMatrix(3, 3, 31);
  EXPECT_NEAR(DynamicalDistance(a, b), DynamicalDistance(b, a), 1e-5);
}

// A recording of a damped rotation of known eigenvalues, seen through ten
// units: the fit finds its eigenvalues.
TEST_F(DynamicalDistanceTest, TheFitFindsTheEigenvaluesOfARotation) {
  const Matrix a = Rotations({{0.98, 0.1}});
  const Matrix view = RandomMatrix(2, 10, 40).map();
  Eigen::Vector2d x(1, 0);
  Array<double> recording(200, 10);
  for (int64_t t = 0; t < 200; ++t) {
    recording.map().row(t) = x.transpose() * view;
    x = a * x;
  }
  // Taking out the means adds a constant, which is a third mode of value 1.
  const auto fit =
      FitLinearSystem(recording, {.delays = 5, .interval = 1, .rank = 3});
  ASSERT_TRUE(fit.has_value());
  Matrix expected = Matrix::Zero(3, 3);
  expected.topLeftCorner(2, 2) = a;
  expected(2, 2) = 1;
  EXPECT_NEAR(*EigenvalueDistance(*fit, ArrayOf(expected)), 0, 1e-8);
}

TEST_F(DynamicalDistanceTest, TheSameDynamicsBehindOtherUnitsAreAlike) {
  const Matrix a = Rotations({{0.98, 0.1}, {0.9, 0.3}});
  std::vector<Array<double>> fits;
  for (int64_t number : {50, 51}) {
    const Matrix view = RandomRotation(4, number);
    Eigen::Vector4d x(1, 0, 1, 0);
    Array<double> recording(300, 4);
    for (int64_t t = 0; t < 300; ++t) {
      recording.map().row(t) = x.transpose() * view;
      x = a * x;
    }
    fits.push_back(
        *FitLinearSystem(recording, {.delays = 3, .interval = 1, .rank = 4}));
  }
  EXPECT_NEAR(DynamicalDistance(fits[0], fits[1]), 0, 1e-5);
}

TEST_F(DynamicalDistanceTest, ATooShortOrSimpleRecordingHasNoFit) {
  const DelayEmbedding embedding{.delays = 5, .interval = 2, .rank = 3};
  EXPECT_FALSE(FitLinearSystem(RandomMatrix(12, 2, 60), embedding));
  EXPECT_TRUE(FitLinearSystem(RandomMatrix(40, 2, 60), embedding));
  EXPECT_FALSE(FitLinearSystem(Array<double>(40, 2), embedding));
}

}  // namespace
}  // namespace engram
