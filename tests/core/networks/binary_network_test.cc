#include "core/networks/binary_network.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "core/base/numerics.h"
#include "tests/support/allocations.h"
#include "tests/support/experiment_tree.h"

namespace engram {
namespace {

using Storage = BinaryNetwork::Storage;

Component Network(const std::string& parameters) {
  return Tree("{type: binary_network, " + parameters + "}", Kind::kNetwork,
              "experiment.network");
}

BinaryPatterns Patterns(int64_t count, int64_t units) {
  return BinaryPatterns(count, units,
                        RandomStream(5, "experiment", "patterns"));
}

// sum over mu of xi_i^(mu + shift) xi_j^mu, term by term.
double SumOf(const BinaryPatterns& xi, int64_t shift, int64_t i, int64_t j) {
  double sum = 0;
  for (int64_t mu = 0; mu < xi.count(); ++mu) {
    sum += xi.sign((mu + shift) % xi.count(), i) * xi.sign(mu, j);
  }
  return sum;
}

TEST(BinaryPatternsTest, ProductsAreTheSumsOverPatterns) {
  for (int64_t count : {1, 2, 63, 64, 65, 130}) {
    const BinaryPatterns xi = Patterns(count, 6);
    for (int64_t i = 0; i < 6; ++i) {
      for (int64_t j = 0; j < 6; ++j) {
        EXPECT_EQ(xi.Product(i, j), SumOf(xi, 0, i, j)) << count;
        EXPECT_EQ(xi.SuccessorProduct(i, j), SumOf(xi, 1, i, j)) << count;
      }
    }
  }
}

TEST(BinaryPatternsTest, SignsAreEquallyLikelyAndIndependent) {
  constexpr int64_t kUnits = 10000;
  const BinaryPatterns xi = Patterns(3, kUnits);
  std::vector<double> s(kUnits);
  const double five = 5 / std::sqrt(static_cast<double>(kUnits));
  for (int64_t mu = 0; mu < 3; ++mu) {
    xi.Copy(mu, s);
    EXPECT_EQ(xi.Overlap(mu, s), 1);
    EXPECT_NEAR(xi.Overlap((mu + 1) % 3, s), 0, five);
    EXPECT_NEAR(std::accumulate(s.begin(), s.end(), 0.0) / kUnits, 0, five);
  }
}

class BinaryNetworkTest : public testing::Test {
 protected:
  static void SetTo(const BinaryPatterns& xi, int64_t pattern,
                    const BinaryNetwork& network, BinaryState& s) {
    xi.Copy(pattern, s.activity.span());
    network.Begin(s);
  }

  ScopedNumericEnvironment environment_;
  Parallel parallel_{1};
};

TEST_F(BinaryNetworkTest, WeightsAreThoseOfTheFormulaWithoutDiagonal) {
  BinaryNetwork network(Network("units: 20"), 1, parallel_);
  const BinaryPatterns xi = Patterns(7, 20);
  for (const auto storage : {Storage::kAttractors, Storage::kSequence}) {
    network.Store(xi, storage);
    const int64_t shift = storage == Storage::kSequence ? 1 : 0;
    for (int64_t i = 0; i < 20; ++i) {
      for (int64_t j = 0; j < 20; ++j) {
        EXPECT_DOUBLE_EQ(network.weights()(i, j),
                         i == j ? 0 : SumOf(xi, shift, i, j) / 20);
      }
    }
  }
}

TEST_F(BinaryNetworkTest, ASparseNetworkOfAllInputsIsTheFullOne) {
  BinaryNetwork full(Network("units: 60"), 1, parallel_);
  BinaryNetwork sparse(Network("units: 60, in_degree: 59"), 1, parallel_);
  const BinaryPatterns xi = Patterns(12, 60);
  full.Store(xi, Storage::kSequence);
  sparse.Store(xi, Storage::kSequence);
  BinaryState a(60), b(60);
  SetTo(xi, 3, full, a);
  SetTo(xi, 3, sparse, b);
  for (int step = 0; step < 12; ++step) {
    EXPECT_EQ(full.Update(step, a), sparse.Update(step, b));
    EXPECT_TRUE(std::ranges::equal(a.activity.span(), b.activity.span()));
  }
}

TEST_F(BinaryNetworkTest, FewPatternsAreStepsOfAnExactSequence) {
  BinaryNetwork network(Network("units: 500"), 1, parallel_);
  const BinaryPatterns xi = Patterns(5, 500);
  network.Store(xi, Storage::kSequence);
  BinaryState s(500);
  SetTo(xi, 0, network, s);
  for (int64_t step = 1; step <= 12; ++step) {
    network.Update(step, s);
    EXPECT_EQ(xi.Overlap(step % 5, s.activity.span()), 1);
  }
}

// The fields that follow each change are those of the weights, and each unit
// ends where its field points: a fixed point.
TEST_F(BinaryNetworkTest, AsynchronousSweepsEndInAFixedPoint) {
  for (const char* in_degree : {"0", "80"}) {
    BinaryNetwork network(
        Network(std::string("units: 120, update: asynchronous, in_degree: ") +
                in_degree),
        1, parallel_);
    const BinaryPatterns xi = Patterns(8, 120);
    network.Store(xi, Storage::kAttractors);
    BinaryState s(120);
    xi.Copy(2, s.activity.span());
    for (int64_t i = 0; i < 20; ++i) s.activity[i] = -s.activity[i];
    network.Begin(s);
    int sweeps = 0;
    while (network.Update(sweeps, s) > 0) {
      ASSERT_LT(++sweeps, 50);
    }
    EXPECT_GT(xi.Overlap(2, s.activity.span()), 0.9);
    for (int64_t i = 0; i < 120; ++i) {
      double field = 0;
      if (network.is_sparse()) {
        for (int64_t k = 0; k < 80; ++k) {
          field += network.counts()(k, i) * s.activity[network.inputs()(k, i)] /
                   80.0;
        }
      } else {
        for (int64_t j = 0; j < 120; ++j) {
          field += network.weights()(i, j) * s.activity[j];
        }
      }
      EXPECT_NEAR(s.field[i], field, 1e-12);
      EXPECT_GE(field * s.activity[i], -1e-12);
    }
  }
}

TEST_F(BinaryNetworkTest, AFieldOfZeroChangesNothing) {
  BinaryNetwork network(Network("units: 4"), 1, parallel_);
  network.weights().Fill(0);
  BinaryState s(4);
  for (int64_t i = 0; i < 4; ++i) s.activity[i] = i % 2 == 0 ? 1 : -1;
  network.Begin(s);
  EXPECT_EQ(network.Update(0, s), 0);
  EXPECT_EQ(s.activity[1], -1);
  EXPECT_EQ(s.activity[2], 1);
}

// From a single stored pattern all fields are h = 1 - 1/N along it, so after
// one step at temperature T its overlap is tanh(h / T) on average, with the
// standard error sqrt((1 - tanh^2) / N).
TEST_F(BinaryNetworkTest, TemperatureGivesTheOverlapOfTheHyperbolicTangent) {
  constexpr int64_t kUnits = 3000;
  BinaryNetwork network(Network("units: 3000, temperature: 1.25"), 1,
                        parallel_);
  const BinaryPatterns xi = Patterns(1, kUnits);
  network.Store(xi, Storage::kAttractors);
  BinaryState s(kUnits);
  SetTo(xi, 0, network, s);
  network.Update(7, s);
  const double expected = std::tanh((1 - 1.0 / kUnits) / 1.25);
  EXPECT_NEAR(xi.Overlap(0, s.activity.span()), expected,
              5 * std::sqrt((1 - expected * expected) / kUnits));
}

TEST_F(BinaryNetworkTest, ThreadsChangeNoBit) {
  for (const char* in_degree : {"0", "100"}) {
    std::vector<double> first;
    for (int threads : {1, 2, 3}) {
      Parallel parallel(threads);
      BinaryNetwork network(
          Network(std::string("units: 1500, temperature: 0.5, in_degree: ") +
                  in_degree),
          1, parallel);
      const BinaryPatterns xi = Patterns(100, 1500);
      network.Store(xi, Storage::kSequence);
      BinaryState s(1500);
      SetTo(xi, 0, network, s);
      for (int step = 0; step < 5; ++step) network.Update(step, s);
      const std::vector<double> activity(s.activity.span().begin(),
                                         s.activity.span().end());
      if (first.empty()) first = activity;
      EXPECT_EQ(activity, first) << threads << " threads";
    }
  }
}

TEST_F(BinaryNetworkTest, AnUpdateAllocatesNothing) {
  for (const char* update : {"synchronous", "asynchronous"}) {
    BinaryNetwork network(
        Network(std::string("units: 50, temperature: 0.1, update: ") + update),
        1, parallel_);
    BinaryState s(50);
    s.activity.Fill(1);
    network.Begin(s);
    const int64_t before = AllocationCount();
    for (int step = 0; step < 5; ++step) network.Update(step, s);
    EXPECT_EQ(AllocationCount(), before);
  }
}

}  // namespace
}  // namespace engram
