#include "core/analyses/spectrum.h"

#include <gtest/gtest.h>

#include <cmath>

namespace engram {
namespace {

Array<double> Matrix2(double a, double b, double c, double d) {
  Array<double> w(2, 2);
  w(0, 0) = a, w(0, 1) = b, w(1, 0) = c, w(1, 1) = d;
  return w;
}

TEST(SpectrumTest, ARotationIsImaginaryAndNormal) {
  const Spectrum s = *ComputeSpectrum(Matrix2(0, -2, 2, 0));
  EXPECT_NEAR(s.radius, 2, 1e-14);
  EXPECT_NEAR(s.imaginary, 1, 1e-14);
  EXPECT_NEAR(s.real, 0, 1e-14);
  EXPECT_NEAR(s.henrici, 0, 1e-7);
}

TEST(SpectrumTest, ASymmetricMatrixIsRealAndNormal) {
  const Spectrum s = *ComputeSpectrum(Matrix2(1, 2, 2, 1));
  EXPECT_NEAR(s.radius, 3, 1e-14);
  EXPECT_NEAR(s.real, 1, 1e-14);
  EXPECT_EQ(s.imaginary, 0);
  EXPECT_NEAR(s.henrici, 0, 1e-7);
}

TEST(SpectrumTest, AFeedForwardChainIsAsFarFromNormalAsCanBe) {
  const Spectrum s = *ComputeSpectrum(Matrix2(0, 0, 1, 0));
  EXPECT_EQ(s.radius, 0);
  EXPECT_EQ(s.henrici, 1);
  // [[1, 1], [0, 1]]: |W|_F^2 = 3, sum |lambda|^2 = 2.
  EXPECT_NEAR(ComputeSpectrum(Matrix2(1, 1, 0, 1))->henrici, std::sqrt(1 / 3.0),
              1e-12);
}

TEST(SpectrumTest, ZerosHaveNone) {
  EXPECT_FALSE(ComputeSpectrum(Array<double>(3, 3)).has_value());
}

}  // namespace
}  // namespace engram
