#include "core/analyses/structure/eigenvalue_search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <vector>

#include "core/base/random.h"
#include "tests/support/state_copier.h"

namespace engram {
namespace {

using Complex = std::complex<double>;

Array<double> RandomMatrix(int64_t n) {
  Array<double> w(n, n);
  RandomStream(1, "test", "matrix").FillNormal(0, w.span());
  return w;
}

// The sub- and the superdiagonal's elements from row i to row i + 1 and back.
template <class Below, class Above>
Array<double> Tridiagonal(int64_t n, double diagonal, Below below,
                          Above above) {
  Array<double> w(n, n);
  for (int64_t i = 0; i < n; ++i) {
    w(i, i) = diagonal;
    if (i + 1 == n) break;
    w(i + 1, i) = below(i);
    w(i, i + 1) = above(i);
  }
  return w;
}

// Each expected value is near one that was found, each of these taken once.
void ExpectEigenvalues(const Array<double>& w,
                       const std::vector<Complex>& expected, double error) {
  const EigenvalueSearch search = FindEigenvalues(w);
  ASSERT_TRUE(search.is_found());
  std::vector<Complex> found = search.Values();
  ASSERT_EQ(found.size(), expected.size());
  for (const Complex& value : expected) {
    const auto nearest = std::ranges::min_element(
        found, {}, [&](const Complex& z) { return std::abs(z - value); });
    EXPECT_LT(std::abs(*nearest - value), error)
        << value << " and " << *nearest;
    found.erase(nearest);
  }
}

// A cycle of n units: the n-th roots of 1. All have one size, so that shifts
// by themselves get nowhere.
TEST(EigenvalueSearchTest, ACycleHasRootsOfOne) {
  for (const int64_t n : {3, 4, 9, 50}) {
    Array<double> w(n, n);
    std::vector<Complex> expected;
    for (int64_t i = 0; i < n; ++i) {
      w((i + 1) % n, i) = 1;
      const double angle = 2 * std::numbers::pi * static_cast<double>(i) /
                           static_cast<double>(n);
      expected.emplace_back(std::cos(angle), std::sin(angle));
    }
    ExpectEigenvalues(w, expected, 1e-13);
  }
}

// Of a tridiagonal matrix with elements b, a, c: a + 2 sqrt(b c) cos(k pi /
// (n + 1)), on the real axis or beside it. They are c^(-n / 2) = 26 times as
// sensitive as those of a normal matrix.
TEST(EigenvalueSearchTest, ALineOfNeighboursHasCosines) {
  constexpr int64_t kSize = 31;
  for (const double c : {0.81, -0.81}) {
    const Array<double> w = Tridiagonal(
        kSize, 0.3, [](int64_t) { return 1.0; }, [c](int64_t) { return c; });
    std::vector<Complex> expected;
    for (int64_t k = 1; k <= kSize; ++k) {
      const double cosine =
          std::cos(static_cast<double>(k) * std::numbers::pi / (kSize + 1));
      expected.push_back(0.3 + 2.0 * std::sqrt(Complex(c)) * cosine);
    }
    ExpectEigenvalues(w, expected, 1e-12);
  }
}

// Sylvester's and Kac's matrix: n - 1, n - 3, ... 1 - n (Clement 1959,
// doi:10.1137/1001006). Reordered, so that there is something to reduce.
TEST(EigenvalueSearchTest, AnUrnHasWholeNumbers) {
  constexpr int64_t kSize = 15;
  const Array<double> urn = Tridiagonal(
      kSize, 0, [](int64_t i) { return static_cast<double>(kSize - 1 - i); },
      [](int64_t i) { return static_cast<double>(i + 1); });
  Array<double> w(kSize, kSize);
  std::vector<Complex> expected;
  for (int64_t j = 0; j < kSize; ++j) {
    expected.emplace_back(static_cast<double>(kSize - 1 - 2 * j));
    for (int64_t i = 0; i < kSize; ++i) {
      w(4 * i % kSize, 4 * j % kSize) = urn(i, j);
    }
  }
  // Their condition is some hundreds: 1e-13 of the norm, 14.
  ExpectEigenvalues(w, expected, 1e-10);
}

TEST(EigenvalueSearchTest, AChainThatOnlyFeedsForwardHasZeros) {
  const Array<double> w = Tridiagonal(
      8, 0, [](int64_t) { return 1.0; }, [](int64_t) { return 0.0; });
  ExpectEigenvalues(w, std::vector<Complex>(8), 1e-300);
}

// Their sum is the trace, that of their squares the trace of the square.
TEST(EigenvalueSearchTest, OfRandomMatricesTheTracesAgree) {
  for (const int64_t n : {1, 2, 3, 5, 60, 130}) {
    const Array<double> w = RandomMatrix(n);
    double trace = 0, squares = 0;
    for (int64_t i = 0; i < n; ++i) {
      trace += w(i, i);
      for (int64_t j = 0; j < n; ++j) squares += w(i, j) * w(j, i);
    }
    Complex sum = 0, sum_of_squares = 0;
    for (const Complex& value : FindEigenvalues(w).Values()) {
      sum += value;
      sum_of_squares += value * value;
    }
    const double size = static_cast<double>(n);
    EXPECT_NEAR(sum.real(), trace, 1e-13 * size);
    EXPECT_NEAR(sum_of_squares.real(), squares, 1e-12 * size * size);
    EXPECT_EQ(sum.imag(), 0);
  }
}

TEST(EigenvalueSearchTest, HowTheWorkIsCutChangesNoBit) {
  constexpr int64_t kSize = 40;
  const Array<double> w = RandomMatrix(kSize);
  const std::vector<Complex> expected = FindEigenvalues(w).Values();
  ASSERT_EQ(expected.size(), 40u);
  for (const double work : {1.0, 5000.0, 30000.0}) {
    EigenvalueSearch search(kSize);
    search.Begin(w);
    int64_t parts = 1;
    while (!search.Advance(work)) ++parts;
    EXPECT_EQ(search.Values(), expected);
    EXPECT_GT(parts, 3);
    EXPECT_LE(parts, EigenvalueSearch::MostParts(kSize, work));
  }
  EXPECT_EQ(EigenvalueSearch::MostParts(kSize, 1e6), 1);
}

TEST(EigenvalueSearchTest, GoesOnWhereItWasSaved) {
  constexpr int64_t kSize = 20;
  const Array<double> w = RandomMatrix(kSize);
  const std::vector<Complex> expected = FindEigenvalues(w).Values();
  // Of the reflections the fifth, and a sweep.
  for (const int64_t parts : {int64_t{5}, kSize + 7}) {
    EigenvalueSearch first(kSize), second(kSize);
    first.Begin(w);
    for (int64_t part = 0; part < parts; ++part) first.Advance(1);
    ASSERT_FALSE(first.is_over());
    StateCopier copier;
    first.VisitState("weights", copier);
    EXPECT_EQ(copier.paths, EigenvalueSearch::StateNames("weights"));
    copier.load = true;
    second.VisitState("weights", copier);
    second.Advance(std::numeric_limits<double>::infinity());
    EXPECT_EQ(second.Values(), expected);
  }
}

// Powers of 2 scale without rounding.
TEST(EigenvalueSearchTest, FollowsTheSizeOfTheMatrix) {
  const Array<double> w = RandomMatrix(6);
  const std::vector<Complex> values = FindEigenvalues(w).Values();
  for (const double scale : {0x1p-600, 0x1p600}) {
    Array<double> scaled = w;
    for (double& element : scaled.span()) element *= scale;
    const std::vector<Complex> found = FindEigenvalues(scaled).Values();
    ASSERT_EQ(found.size(), values.size());
    for (size_t k = 0; k < values.size(); ++k) {
      EXPECT_EQ(found[k], scale * values[k]);
    }
  }
}

TEST(EigenvalueSearchTest, OfZerosAllAreZeroAndOfWhatIsNotFiniteThereAreNone) {
  ExpectEigenvalues(Array<double>(4, 4), std::vector<Complex>(4), 1e-300);
  for (const double bad : {std::numeric_limits<double>::infinity(),
                           std::numeric_limits<double>::quiet_NaN()}) {
    Array<double> w = RandomMatrix(4);
    w(2, 1) = bad;
    const EigenvalueSearch search = FindEigenvalues(w);
    EXPECT_FALSE(search.is_found());
    EXPECT_TRUE(search.Values().empty());
  }
}

}  // namespace
}  // namespace engram
