#include "core/analyses/similarity/representation.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/core/analyses/similarity/random_matrices.h"

namespace engram {
namespace {

TEST(RepresentationTest, ARotatedScaledAndShiftedCopyIsTheSame) {
  const Array<double> x = RandomMatrix(50, 7, 1);
  Eigen::MatrixXd turned = 3 * (x.map() * RandomRotation(7, 2));
  turned.rowwise() += Eigen::RowVectorXd::LinSpaced(7, -2, 5);
  const Array<double> y = ArrayOf(turned);
  EXPECT_NEAR(*LinearCka(x, y), 1, 1e-12);
  // The root of a difference of rounding: sqrt(eps).
  EXPECT_NEAR(*ProcrustesDistance(x, y), 0, 1e-7);
}

// Columns e1 and e2 of four steps, centred: (1, -1, 0, 0) and (0, 0, 1, -1) are
// orthogonal over time, so nothing is shared; with the first of both in common
// X'Y has one entry.
TEST(RepresentationTest, OrthogonalRecordingsShareNothing) {
  Array<double> x(4, 1), y(4, 1);
  x[0] = 1, x[1] = -1;
  y[2] = 1, y[3] = -1;
  EXPECT_NEAR(*LinearCka(x, y), 0, 1e-15);
  EXPECT_NEAR(*ProcrustesDistance(x, y), std::sqrt(2.0), 1e-15);
}

// X = diag(2, 1), Y = diag(1, 2) over two orthogonal, centred time courses:
// X'X = 2 diag(4, 1), Y'X = 2 diag(2, 2), so CKA = (4 + 4) / 17; the nuclear
// norm of X'Y over |X||Y| is 4 / 5, so the distance is sqrt(2 - 8 / 5).
TEST(RepresentationTest, HasTheValuesOfASmallCase) {
  Array<double> x(4, 2), y(4, 2);
  x(0, 0) = 2, x(1, 0) = -2, x(2, 1) = 1, x(3, 1) = -1;
  y(0, 0) = 1, y(1, 0) = -1, y(2, 1) = 2, y(3, 1) = -2;
  EXPECT_NEAR(*LinearCka(x, y), 8.0 / 17, 1e-14);
  EXPECT_NEAR(*ProcrustesDistance(x, y), std::sqrt(0.4), 1e-14);
}

TEST(RepresentationTest, NumbersOfUnitsMayDiffer) {
  const Array<double> x = RandomMatrix(40, 3, 3), y = RandomMatrix(40, 8, 4);
  const double cka = *LinearCka(x, y);
  EXPECT_GT(cka, 0);
  EXPECT_LT(cka, 1);
  EXPECT_NEAR(*LinearCka(y, x), cka, 1e-14);
}

TEST(RepresentationTest, WhatDoesNotVaryHasNone) {
  Array<double> constant(5, 2);
  for (double& v : constant.span()) v = 0.1;
  EXPECT_FALSE(LinearCka(constant, RandomMatrix(5, 2, 5)).has_value());
  EXPECT_FALSE(ProcrustesDistance(RandomMatrix(5, 2, 5), constant).has_value());
}

}  // namespace
}  // namespace engram
