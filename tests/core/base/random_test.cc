#include "core/base/random.h"

#include <Random123/philox.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <set>
#include <vector>

#include "core/base/contract.h"

namespace engram {
namespace {

struct KnownAnswer {
  std::array<uint32_t, 4> counter;
  std::array<uint32_t, 2> key;
  std::array<uint32_t, 4> words;
};

// The vectors for philox4x32, 10 rounds, in the file kat_vectors that
// Random123 is distributed with.
constexpr KnownAnswer kKnownAnswers[] = {
    {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
    {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
     {0xffffffff, 0xffffffff},
     {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
    {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
     {0xa4093822, 0x299f31d0},
     {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
};

TEST(RandomStreamTest, GeneratorGivesTheKnownAnswers) {
  for (const KnownAnswer& known : kKnownAnswers) {
    r123::Philox4x32::ctr_type counter;
    r123::Philox4x32::key_type key;
    for (size_t i = 0; i < 4; ++i) counter[i] = known.counter[i];
    for (size_t i = 0; i < 2; ++i) key[i] = known.key[i];
    const r123::Philox4x32::ctr_type words = r123::Philox4x32()(counter, key);
    for (size_t i = 0; i < 4; ++i) EXPECT_EQ(words[i], known.words[i]);
  }
}

TEST(RandomStreamTest, FillEqualsSingleDrawsForEveryLength) {
  const RandomStream stream(7, "experiment.network", "fill");
  for (size_t n = 0; n <= 100; ++n) {
    std::vector<double> filled(n);
    stream.Fill(12, filled);
    for (size_t i = 0; i < n; ++i) {
      ASSERT_EQ(filled[i], stream.Uniform(static_cast<int64_t>(i), 12));
    }
  }
}

TEST(RandomStreamTest, FillNormalEqualsSingleDrawsForEveryLength) {
  const RandomStream stream(7, "experiment.network", "fill");
  for (size_t n = 0; n <= 100; ++n) {
    std::vector<double> filled(n);
    stream.FillNormal(int64_t{1} << 40, filled);
    for (size_t i = 0; i < n; ++i) {
      ASSERT_EQ(filled[i],
                stream.Normal(static_cast<int64_t>(i), int64_t{1} << 40));
    }
  }
}

TEST(RandomStreamTest, FillFromEqualsSingleDraws) {
  const RandomStream stream(7, "a.b", "noise");
  for (const int64_t first :
       {int64_t{0}, int64_t{4}, int64_t{100}, (int64_t{1} << 34) - 80}) {
    for (const size_t size : {size_t{1}, size_t{31}, size_t{79}}) {
      std::vector<double> uniform(size), normal(size);
      stream.FillFrom(first, 9, uniform);
      stream.FillNormalFrom(first, 9, normal);
      for (size_t i = 0; i < size; ++i) {
        const int64_t element = first + static_cast<int64_t>(i);
        EXPECT_EQ(uniform[i], stream.Uniform(element, 9));
        EXPECT_EQ(normal[i], stream.Normal(element, 9));
      }
    }
  }
}

TEST(RandomStreamTest, EveryPartOfTheAddressCounts) {
  const auto first = [](uint64_t seed, const char* path, const char* purpose,
                        int64_t element, int64_t step, uint32_t draw) {
    return RandomStream(seed, path, purpose).Uniform(element, step, draw);
  };
  const std::set<double> values = {first(1, "a", "bc", 0, 0, 0),
                                   first(2, "a", "bc", 0, 0, 0),
                                   first(1, "ab", "c", 0, 0, 0),
                                   first(1, "a", "bd", 0, 0, 0),
                                   first(1, "a", "bc", 1, 0, 0),
                                   first(1, "a", "bc", 2, 0, 0),
                                   first(1, "a", "bc", 4, 0, 0),
                                   first(1, "a", "bc", 0, 1, 0),
                                   first(1, "a", "bc", 0, int64_t{1} << 32, 0),
                                   first(1, "a", "bc", 0, 0, 1)};
  EXPECT_EQ(values.size(), 10u);
}

TEST(RandomStreamTest, NumbersStayWhatTheyAreAcrossReleases) {
  // Computed apart from this code, with Python's hashlib and Philox written
  // from the paper; they hold every stored seed to its meaning.
  const RandomStream stream(1, "experiment.network", "initial_weights");
  EXPECT_EQ(stream.Uniform(0, 0), 0x1p-53 * 2009959079042151);
  EXPECT_EQ(stream.Uniform(5, 3), 0x1p-53 * 2188541380604721);
  EXPECT_EQ(stream.Uniform(6, int64_t{1} << 33, 2), 0x1p-53 * 5250086114189891);
}

// 100,000 numbers; tolerances are five standard errors.
TEST(RandomStreamTest, UniformHasItsMoments) {
  std::vector<double> x(100000);
  RandomStream(3, "p", "moments").Fill(0, x);
  const double n = static_cast<double>(x.size());
  double mean = 0, square = 0, lag = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    ASSERT_GT(x[i], 0.0);
    ASSERT_LT(x[i], 1.0);
    const double d = x[i] - 0.5;
    mean += d / n;
    square += d * d / n;
    lag += d * (x[(i + 1) % x.size()] - 0.5) / n;
  }
  EXPECT_NEAR(mean, 0, 5 * std::sqrt(1.0 / 12 / n));
  EXPECT_NEAR(square, 1.0 / 12, 5 * std::sqrt(1.0 / 180 / n));
  EXPECT_NEAR(lag, 0, 5 / 12.0 / std::sqrt(n));
}

TEST(RandomStreamTest, NormalHasItsMoments) {
  std::vector<double> x(100000);
  RandomStream(3, "p", "moments").FillNormal(0, x);
  const double n = static_cast<double>(x.size());
  double m1 = 0, m2 = 0, m3 = 0, m4 = 0, pair = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    m1 += x[i] / n;
    m2 += x[i] * x[i] / n;
    m3 += x[i] * x[i] * x[i] / n;
    m4 += x[i] * x[i] * x[i] * x[i] / n;
    pair += x[i] * x[i ^ 1] / n;
  }
  EXPECT_NEAR(m1, 0, 5 / std::sqrt(n));
  EXPECT_NEAR(m2, 1, 5 * std::sqrt(2 / n));
  EXPECT_NEAR(m3, 0, 5 * std::sqrt(15 / n));
  EXPECT_NEAR(m4, 3, 5 * std::sqrt(96 / n));
  EXPECT_NEAR(pair, 0, 5 / std::sqrt(n / 2));
}

TEST(RandomStreamTest, BelowIsUniform) {
  const RandomStream stream(4, "p", "below");
  std::array<int, 7> counts{};
  constexpr int kDraws = 70000;
  for (int64_t i = 0; i < kDraws; ++i) {
    const int64_t value = stream.Below(7, i, 0);
    ASSERT_GE(value, 0);
    ASSERT_LT(value, 7);
    ++counts[static_cast<size_t>(value)];
  }
  // Binomial: five standard deviations of sqrt(70000 / 7 * 6 / 7).
  for (int count : counts) EXPECT_NEAR(count, 10000, 5 * 92.6);
}

TEST(RandomStreamTest, PermutationHoldsEveryNumberOnceAndMovesThem) {
  const RandomStream stream(5, "p", "permutation");
  std::vector<int64_t> order(100), other(100);
  stream.Permutation(0, order);
  stream.Permutation(1, other);
  EXPECT_EQ(std::set<int64_t>(order.begin(), order.end()).size(), 100u);
  EXPECT_NE(order, other);
}

TEST(RandomStreamTest, RefusesElementsThatHaveNoAddress) {
  const RandomStream stream(5, "p", "range");
  EXPECT_THROW(stream.Uniform(-1, 0), ContractViolation);
  EXPECT_THROW(stream.Uniform(int64_t{1} << 34, 0), ContractViolation);
  EXPECT_THROW(stream.Below(0, 0, 0), ContractViolation);
}

}  // namespace
}  // namespace engram
