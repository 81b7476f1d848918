#include "core/analyses/structure/subspace.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/analyses/structure/full_spectrum.h"
#include "tests/core/analyses/similarity/random_matrices.h"

namespace engram {
namespace {

// W = 3 e1 e2' + 1 e3 e1': it leads to e1, e3 and reads e2, e1.
Array<double> TwoTerms() {
  Array<double> w(4, 4);
  w(0, 1) = 3;
  w(2, 0) = 1;
  return w;
}

TEST(SubspaceTest, HasTheSingularValuesAndTheirParticipation) {
  const LowRank low = *ComputeLowRank(TwoTerms(), nullptr);
  ASSERT_EQ(low.singular_values.size(), 4u);
  EXPECT_NEAR(low.singular_values[0], 3, 1e-14);
  EXPECT_NEAR(low.singular_values[1], 1, 1e-14);
  EXPECT_NEAR(low.singular_values[2], 0, 1e-14);
  EXPECT_NEAR(low.participation, 100.0 / 82, 1e-14);
  EXPECT_TRUE(low.left_angles.empty());
}

// Patterns e1 and (e2 + e3) / sqrt 2: to span{e1, e3} the angles are 0 and 45
// degrees, to span{e1, e2} the same.
TEST(SubspaceTest, AnglesToPatternsAreThoseOfTheSpaces) {
  Array<double> patterns(4, 2);
  patterns(0, 0) = 2;
  patterns(1, 1) = patterns(2, 1) = 1;
  const LowRank low = *ComputeLowRank(TwoTerms(), &patterns);
  for (const auto& angles : {low.left_angles, low.right_angles}) {
    ASSERT_EQ(angles.size(), 2u);
    EXPECT_NEAR(angles[0], 0, 1e-7);
    EXPECT_NEAR(angles[1], std::acos(std::sqrt(0.5)), 1e-12);
  }
  // P W P: 3 e1 e2' becomes 3 / sqrt 2 of a pattern, e3 e1' 1 / sqrt 2.
  EXPECT_NEAR(low.share_in_patterns, (4.5 + 0.5) / 10, 1e-13);
}

TEST(SubspaceTest, ZerosHaveNone) {
  EXPECT_FALSE(ComputeLowRank(Array<double>(3, 3), nullptr).has_value());
}

TEST(FullSpectrumTest, ComesByFallingMagnitude) {
  Array<double> w(3, 3);
  w(0, 1) = -2, w(1, 0) = 2, w(2, 2) = 3;
  const FullSpectrum s = ComputeFullSpectrum(w);
  ASSERT_EQ(s.real.size(), 3u);
  EXPECT_NEAR(s.real[0], 3, 1e-14);
  EXPECT_NEAR(s.imaginary[1], 2, 1e-14);
  EXPECT_NEAR(s.imaginary[2], -2, 1e-14);
}

}  // namespace
}  // namespace engram
