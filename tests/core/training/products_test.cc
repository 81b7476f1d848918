#include "core/training/products/products.h"

#include <gtest/gtest.h>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "core/base/array.h"
#include "core/base/random.h"

namespace engram {
namespace {

// Below, at and beyond one packet and one panel of every instruction set, and
// several panels.
constexpr int64_t kRows[] = {1, 3, 8, 15, 17, 32, 45, 70};
// About the length of a sum that is kept in memory in between.
constexpr int64_t kDepths[] = {0, 1, 6, 255, 256, 261};
constexpr int64_t kCounts[] = {1, 2, 3, 4, 5, 6, 7, 8, 13};

template <class Real>
Array<Real> Drawn(const char* name, int64_t rows, int64_t cols) {
  const RandomStream random(1, "products_test", name);
  Array<Real> a(rows, cols);
  for (int64_t k = 0; k < rows * cols; ++k) {
    a[k] = static_cast<Real>(2 * random.Uniform(k, 0) - 1);
  }
  return a;
}

template <class Real>
Panels<Real> PanelsOf(const Array<Real>& a, Array<Real>& storage) {
  storage = Array<Real>(PanelsSize<Real>(a.rows(), a.cols()));
  return Pack<Real>({a.data(), a.rows()}, a.rows(), a.cols(), storage.data());
}

// A sum of `terms` products, rounded one by one or fused, is off by at most
// gamma = (terms + 1) u / (1 - (terms + 1) u) of the sum of sizes; Higham
// (2002), Accuracy and Stability of Numerical Algorithms, section 3.1. One
// more where parts of a sum are added at its end.
template <class Real>
long double Tolerance(int64_t terms, long double sizes) {
  const long double u = std::numeric_limits<Real>::epsilon() / 2;
  const long double k = static_cast<long double>(terms + 4) * u;
  return k / (1 - k) * sizes;
}

template <class Real>
class ProductsTest : public testing::Test {};
using Reals = testing::Types<float, double>;
TYPED_TEST_SUITE(ProductsTest, Reals);

template <class Real>
void ExpectProduct(int64_t rows, int64_t depth, int64_t count) {
  const Array<Real> a = Drawn<Real>("a", rows, depth);
  const Array<Real> x = Drawn<Real>("x", depth, count);
  const Array<Real> start = Drawn<Real>("start", rows, count);
  Array<Real> storage, out(rows + 2, count);
  out.Fill(-7);
  Multiply<Real>(PanelsOf(a, storage), {x.data(), depth}, count,
                 {start.data(), rows}, out.data(), rows + 2);
  for (int64_t j = 0; j < count; ++j) {
    for (int64_t i = 0; i < rows; ++i) {
      long double sum = start(i, j), sizes = std::abs(sum);
      for (int64_t k = 0; k < depth; ++k) {
        const long double term = static_cast<long double>(a(i, k)) *
                                 static_cast<long double>(x(k, j));
        sum += term;
        sizes += std::abs(term);
      }
      ASSERT_LE(std::abs(static_cast<long double>(out(i, j)) - sum),
                Tolerance<Real>(depth, sizes))
          << rows << " x " << depth << " x " << count << " at " << i << ", "
          << j;
    }
    ASSERT_EQ(out(rows, j), -7) << "written below the last row";
    ASSERT_EQ(out(rows + 1, j), -7);
  }
}

TYPED_TEST(ProductsTest, AgreesWithAPlainLoopForAllRestsOfShapes) {
  for (const int64_t rows : kRows) {
    for (const int64_t depth : kDepths) {
      for (const int64_t count : kCounts) {
        ExpectProduct<TypeParam>(rows, depth, count);
        if (this->HasFatalFailure()) return;
      }
    }
  }
}

// Fused where this build fuses.
template <class Real>
Real AddTerm(Real sum, Real a, Real x) {
#if defined(EIGEN_VECTORIZE_FMA) || defined(__ARM_FEATURE_FMA)
  return std::fma(a, x, sum);
#else
  return sum + a * x;
#endif
}

TYPED_TEST(ProductsTest, ASumBeginsAtStartAndTakesItsTermsInOrder) {
  using Real = TypeParam;
  const int64_t rows = 45, depth = 261, count = 13;
  const Array<Real> a = Drawn<Real>("a", rows, depth);
  const Array<Real> x = Drawn<Real>("x", depth, count);
  const Array<Real> start = Drawn<Real>("start", rows, 1);
  Array<Real> storage, out(rows, count);
  Multiply<Real>(PanelsOf(a, storage), {x.data(), depth}, count,
                 {start.data(), 0}, out.data(), rows);
  for (int64_t j = 0; j < count; ++j) {
    for (int64_t i = 0; i < rows; ++i) {
      Real sum = start[i];
      for (int64_t k = 0; k < depth; ++k) sum = AddTerm(sum, a(i, k), x(k, j));
      ASSERT_EQ(out(i, j), sum) << i << ", " << j;
    }
  }
}

TYPED_TEST(ProductsTest, StartMayBeTheResult) {
  using Real = TypeParam;
  const Array<Real> a = Drawn<Real>("a", 45, 300);
  const Array<Real> x = Drawn<Real>("x", 300, 9);
  const Array<Real> start = Drawn<Real>("start", 45, 9);
  Array<Real> storage, apart(45, 9), same = start;
  const Panels<Real> panels = PanelsOf(a, storage);
  Multiply<Real>(panels, {x.data(), 300}, 9, {start.data(), 45}, apart.data(),
                 45);
  Multiply<Real>(panels, {x.data(), 300}, 9, {same.data(), 45}, same.data(),
                 45);
  EXPECT_EQ(std::memcmp(apart.data(), same.data(), apart.bytes().size()), 0);
}

TYPED_TEST(ProductsTest, ATransposeHasThePanelsOfItsTransposedMatrix) {
  using Real = TypeParam;
  for (const int64_t rows : kRows) {
    for (const int64_t cols : {1, 7, 16, 33}) {
      const Array<Real> a = Drawn<Real>("a", rows + 3, cols);
      Array<Real> turned(cols, rows);
      for (int64_t i = 0; i < rows; ++i) {
        for (int64_t j = 0; j < cols; ++j) turned(j, i) = a(i, j);
      }
      Array<Real> expected(PanelsSize<Real>(cols, rows)), found = expected;
      expected.Fill(5);  // what lies behind the last panel stays
      found.Fill(5);
      Pack<Real>({turned.data(), cols}, cols, rows, expected.data());
      const Panels<Real> back =
          PackTransposed<Real>({a.data(), rows + 3}, rows, cols, found.data());
      EXPECT_EQ(back.rows, cols);
      EXPECT_EQ(back.cols, rows);
      ASSERT_EQ(
          std::memcmp(found.data(), expected.data(), expected.bytes().size()),
          0)
          << rows << " x " << cols;
    }
  }
}

template <class Real>
void ExpectOuter(int64_t rows, int64_t height, int64_t count) {
  const Array<Real> e = Drawn<Real>("e", rows, count);
  const Array<Real> x = Drawn<Real>("x", height, count);
  const Array<Real> before = Drawn<Real>("before", rows, height);
  Array<Real> sum = before, columns(rows);
  const OuterSum<Real> sums[] = {{{x.data(), height}, height, sum.data(), rows},
                                 SumOfColumns(columns.data())};
  AddOuterProducts<Real>({e.data(), rows}, rows, count, sums);
  for (int64_t i = 0; i < rows; ++i) {
    long double all = 0, all_sizes = 0;
    for (int64_t c = 0; c < count; ++c) {
      all += e(i, c);
      all_sizes += std::abs(e(i, c));
    }
    ASSERT_LE(std::abs(static_cast<long double>(columns[i]) - all),
              Tolerance<Real>(count, all_sizes));
    for (int64_t j = 0; j < height; ++j) {
      long double wanted = before(i, j), sizes = std::abs(wanted);
      for (int64_t c = 0; c < count; ++c) {
        const long double term = static_cast<long double>(e(i, c)) *
                                 static_cast<long double>(x(j, c));
        wanted += term;
        sizes += std::abs(term);
      }
      ASSERT_LE(std::abs(static_cast<long double>(sum(i, j)) - wanted),
                Tolerance<Real>(count, sizes))
          << rows << " x " << height << " over " << count << " at " << i << ", "
          << j;
    }
  }
}

TYPED_TEST(ProductsTest, OuterProductsAgreeWithAPlainLoopForAllRestsOfShapes) {
  for (const int64_t rows : kRows) {
    for (const int64_t height : kCounts) {
      for (const int64_t count : {1, 2, 3, 32, 255, 261}) {
        ExpectOuter<TypeParam>(rows, height, count);
        if (this->HasFatalFailure()) return;
      }
    }
  }
}

// The results of both products with operands and results `shift` numbers
// behind a multiple of 64 bytes, after one another.
template <class Real>
std::vector<Real> Shifted(int64_t shift) {
  const int64_t rows = 45, depth = 37, count = 11;
  const auto moved = [&](const char* name, int64_t r, int64_t c) {
    const Array<Real> values = Drawn<Real>(name, r, c);
    Array<Real> array(r * c + shift);
    std::copy_n(values.data(), r * c, array.data() + shift);
    return array;
  };
  const Array<Real> a = moved("a", rows, depth), x = moved("x", depth, count);
  Array<Real> out = moved("out", rows, count), sum = moved("a", rows, depth);
  Array<Real> storage(PanelsSize<Real>(rows, depth));
  const Panels<Real> panels =
      Pack<Real>({a.data() + shift, rows}, rows, depth, storage.data());
  Multiply<Real>(panels, {x.data() + shift, depth}, count,
                 {out.data() + shift, rows}, out.data() + shift, rows);
  const OuterSum<Real> sums[] = {
      {{x.data() + shift, depth}, depth, sum.data() + shift, rows}};
  AddOuterProducts<Real>({out.data() + shift, rows}, rows, count, sums);
  std::vector<Real> all(out.data() + shift, out.data() + shift + rows * count);
  all.insert(all.end(), sum.data() + shift, sum.data() + shift + rows * depth);
  return all;
}

TYPED_TEST(ProductsTest, TheSameBitsWhereverArraysLie) {
  const std::vector<TypeParam> expected = Shifted<TypeParam>(0);
  for (int64_t shift = 1; shift < 16; ++shift) {
    const std::vector<TypeParam> found = Shifted<TypeParam>(shift);
    ASSERT_EQ(std::memcmp(found.data(), expected.data(),
                          expected.size() * sizeof(TypeParam)),
              0)
        << shift;
  }
}

TYPED_TEST(ProductsTest, AColumnIsTheSameWhateverItsNeighbours) {
  using Real = TypeParam;
  const Array<Real> a = Drawn<Real>("a", 45, 100);
  const Array<Real> x = Drawn<Real>("x", 100, 13);
  Array<Real> storage, all(45, 13), one(45);
  const Panels<Real> panels = PanelsOf(a, storage);
  Multiply<Real>(panels, {x.data(), 100}, 13, {all.data(), 45}, all.data(), 45);
  for (int64_t j = 0; j < 13; ++j) {
    one.Fill(0);
    Multiply<Real>(panels, {x.col(j).data(), 100}, 1, {one.data(), 45},
                   one.data(), 45);
    ASSERT_EQ(std::memcmp(one.data(), all.col(j).data(), 45 * sizeof(Real)), 0)
        << j;
  }
}

}  // namespace
}  // namespace engram
