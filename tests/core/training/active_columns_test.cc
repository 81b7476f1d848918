#include "core/training/spiking/active_columns.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/base/array.h"
#include "core/base/random.h"

namespace engram {
namespace {

// Below, at and beyond one packet and all packets of every instruction set.
constexpr int64_t kRows[] = {1, 7, 16, 33, 64, 100, 256, 300};
constexpr int64_t kSources[] = {0, 1, 15, 16, 17, 40, 65};
constexpr double kShares[] = {0, 0.1, 1};

template <class Real>
Array<Real> Drawn(const char* name, int64_t rows, int64_t cols,
                  double share = 1) {
  const RandomStream random(1, "active_columns_test", name);
  Array<Real> a(rows, cols);
  for (int64_t k = 0; k < rows * cols; ++k) {
    if (random.Uniform(k, 1) >= share) continue;
    a[k] = static_cast<Real>(2 * random.Uniform(k, 0) - 1);
  }
  return a;
}

template <class Real>
class ActiveColumnsTest : public testing::Test {};
using Reals = testing::Types<float, double>;
TYPED_TEST_SUITE(ActiveColumnsTest, Reals);

TYPED_TEST(ActiveColumnsTest, IndicesAreThoseOfWhatIsNot0) {
  for (const int64_t n : kSources) {
    for (const double share : kShares) {
      const Array<TypeParam> x = Drawn<TypeParam>("x", n, 1, share);
      std::vector<int32_t> wanted;
      for (int64_t j = 0; j < n; ++j) {
        if (x[j] != 0) wanted.push_back(static_cast<int32_t>(j));
      }
      std::vector<int32_t> found(static_cast<size_t>(n + kActiveSlack), -1);
      const int64_t count = ActiveIndices(x.data(), n, found.data());
      found.resize(static_cast<size_t>(count));
      ASSERT_EQ(found, wanted) << n << ", " << share;
    }
  }
}

TYPED_TEST(ActiveColumnsTest, ANumberThatIsNoneIsActive) {
  Array<TypeParam> x(20);
  x[3] = x[18] = std::numeric_limits<TypeParam>::quiet_NaN();
  std::vector<int32_t> found(20 + kActiveSlack);
  EXPECT_EQ(ActiveIndices(x.data(), 20, found.data()), 2);
  EXPECT_EQ(found[0], 3);
  EXPECT_EQ(found[1], 18);
}

// Each of `terms` roundings of products and of sums is at most u of the sum of
// sizes, and one more for the start; Higham (2002), section 3.1.
template <class Real>
long double Tolerance(int64_t terms, long double sizes) {
  return static_cast<long double>(terms + 2) *
         static_cast<long double>(std::numeric_limits<Real>::epsilon()) * sizes;
}

TYPED_TEST(ActiveColumnsTest, AddsTheColumnsOfWhatIsActive) {
  using Real = TypeParam;
  for (const int64_t rows : kRows) {
    for (const int64_t n : kSources) {
      const Array<Real> w = Drawn<Real>("w", rows, n);
      const Array<Real> x = Drawn<Real>("x", n, 1, 0.3);
      const Array<Real> before = Drawn<Real>("before", rows, 1);
      Array<Real> sum = before;
      std::vector<int32_t> indices(static_cast<size_t>(n + kActiveSlack));
      AddActiveColumns(w.data(), rows, x.data(), n, indices.data(), sum.data());
      for (int64_t i = 0; i < rows; ++i) {
        long double wanted = before[i], sizes = std::abs(wanted);
        for (int64_t j = 0; j < n; ++j) {
          const long double term = static_cast<long double>(w(i, j)) *
                                   static_cast<long double>(x[j]);
          wanted += term;
          sizes += std::abs(term);
        }
        ASSERT_LE(std::abs(static_cast<long double>(sum[i]) - wanted),
                  Tolerance<Real>(n, sizes))
            << rows << " x " << n << " at " << i;
      }
    }
  }
}

template <class Real>
void ExpectListedOuter(int64_t rows, int64_t sources, int64_t columns,
                       double share) {
  const int64_t height = sources + 2, stride = columns + 1;
  const Array<Real> errors = Drawn<Real>("errors", rows, columns);
  const Array<Real> x = Drawn<Real>("x", height, columns, share);
  const Array<Real> before = Drawn<Real>("before", rows, sources);
  Array<Real> gradient = before;
  std::vector<int32_t> indices(static_cast<size_t>(sources + kActiveSlack));
  // What an earlier stretch left is no part of the lists.
  std::vector<uint16_t> lists(static_cast<size_t>(stride * sources), 9);
  ListActive(x.data(), height, sources, columns, indices.data(), lists.data(),
             stride);
  AddListedOuter(errors.data(), rows, x.data(), height, sources, lists.data(),
                 stride, gradient.data());
  for (int64_t j = 0; j < sources; ++j) {
    for (int64_t i = 0; i < rows; ++i) {
      long double wanted = before(i, j), sizes = std::abs(wanted);
      for (int64_t c = 0; c < columns; ++c) {
        const long double term = static_cast<long double>(errors(i, c)) *
                                 static_cast<long double>(x(j, c));
        wanted += term;
        sizes += std::abs(term);
      }
      ASSERT_LE(std::abs(static_cast<long double>(gradient(i, j)) - wanted),
                Tolerance<Real>(columns, sizes))
          << rows << " x " << sources << " over " << columns;
    }
  }
}

TYPED_TEST(ActiveColumnsTest, GradientsAddTheErrorsOfActiveColumns) {
  for (const int64_t rows : {1, 16, 33, 300}) {
    for (const int64_t sources : {1, 16, 21}) {
      for (const double share : kShares) {
        ExpectListedOuter<TypeParam>(rows, sources, 37, share);
        if (this->HasFatalFailure()) return;
      }
    }
  }
}

}  // namespace
}  // namespace engram
