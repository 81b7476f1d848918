// Short-term plasticity against its equations, stepped by hand.

#include "core/spiking/plasticity/short_term.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "tests/core/spiking/built_network.h"
#include "tests/support/allocations.h"
#include "tests/support/state_copier.h"

namespace engram {
namespace {

Component TsodyksMarkram(const std::string& rest) {
  return Tree("{type: tsodyks_markram, " + rest + "}", Kind::kShortTerm);
}

double FactorOf(ShortTermPlasticity<double>& plasticity, int64_t step) {
  const int32_t unit[] = {0};
  plasticity.Restart(step);
  plasticity.Add(step, unit, 0);
  return plasticity.FactorsAt(step)[0];
}

// Depression alone: x_(n+1) = 1 - (1 - x_n (1 - U)) exp(-T / tau), a geometric
// approach to (1 - E) / (1 - (1 - U) E).
TEST(ShortTermTest, DepressesToItsFixedPoint) {
  const ScopedNumericEnvironment environment;
  ShortTermPlasticity<double> plasticity(
      TsodyksMarkram("use: 0.5, tau_rec: 800, tau_facil: 0"), 1, 1);
  EXPECT_DOUBLE_EQ(FactorOf(plasticity, 0), 0.5);
  double x = 1;
  const double e = std::exp(-50.0 / 800);
  for (int64_t n = 1; n < 200; ++n) {
    x = 1 - (1 - x * 0.5) * e;
    ASSERT_NEAR(FactorOf(plasticity, 50 * n), 0.5 * x, 1e-13);
  }
  EXPECT_NEAR(x, (1 - e) / (1 - 0.5 * e), 1e-12);
}

TEST(ShortTermTest, FacilitatesAndRecovers) {
  const ScopedNumericEnvironment environment;
  ShortTermPlasticity<double> plasticity(
      TsodyksMarkram("use: 0.05, tau_rec: 20, tau_facil: 1000"), 1, 1);
  EXPECT_DOUBLE_EQ(FactorOf(plasticity, 0), 0.05);
  const double kept = 0.05 * std::exp(-100.0 / 1000);
  const double u = kept + 0.05 * (1 - kept);
  const double x = 1 - 0.05 * std::exp(-100.0 / 20);
  EXPECT_NEAR(FactorOf(plasticity, 100), u * x, 1e-14);
  // After a long silence as at the start.
  EXPECT_NEAR(FactorOf(plasticity, 100000), 0.05, 1e-12);
}

// In a network: what arrives is the weight times the factor, of each spike and
// for every synapse of its unit.
TEST(ShortTermTest, ScalesWhatASpikeBrings) {
  const auto yaml = [](const std::string& rest) {
    return "dt: 0.5 ms, populations: [" + Driven("pre", 5) +
           ", {type: lif_current_alpha, name: post, units: 70, e_l: "
           "-1000}], projections: [{type: "
           "synapses, from: pre, to: post, delay: 0.5 ms, weight: 2, "
           "connectivity: {type: fixed_probability, p: 0.6}" +
           rest + "}], stimuli: [" + Drive("pre", 40) + "]";
  };
  BuiltNetwork<double> plain(yaml(""));
  BuiltNetwork<double> scaled(
      yaml(", short_term: {type: tsodyks_markram, use: 0.4, tau_rec: 300}"));
  ShortTermPlasticity<double> own(TsodyksMarkram("use: 0.4, tau_rec: 300"), 5,
                                  0.5);
  int compared = 0;
  for (int64_t step = 0; step < 1500; ++step) {
    plain->Advance(1);
    scaled->Advance(1);
    const auto spikes = scaled->spikes(0).At(step);
    own.Restart(step);
    own.Add(step, spikes, 0);
    if (spikes.size() != 1) continue;
    const std::vector<double> full = plain.Read("post.input_excitatory");
    const std::vector<double> less = scaled.Read("post.input_excitatory");
    for (size_t k = 0; k < full.size(); ++k) {
      ASSERT_NEAR(less[k], full[k] * own.FactorsAt(step)[0], 1e-12);
    }
    ++compared;
  }
  EXPECT_GT(compared, 50);
}

template <class Real>
class ShortTermPrecisionTest : public testing::Test {
 protected:
  using Plasticity = ShortTermPlasticity<Real>;
  static constexpr int64_t kUnits = 9;

  static Plasticity Make() {
    return Plasticity(TsodyksMarkram("use: 0.3, tau_rec: 130, tau_facil: 530"),
                      kUnits, 0.5);
  }
  // Factors of the spikes of steps [from, to), of units that follow no pattern.
  static std::vector<Real> Run(Plasticity& p, int64_t from, int64_t to) {
    std::vector<Real> factors;
    for (int64_t step = from; step < to; ++step) {
      const std::vector<int32_t> units = UnitsAt(step);
      p.Restart(step);
      p.Add(step, units, 3);
      const auto at = p.FactorsAt(step);
      factors.insert(factors.end(), at.begin(), at.end());
    }
    return factors;
  }
  // Numbered from 3 on.
  static std::vector<int32_t> UnitsAt(int64_t step) {
    std::vector<int32_t> units;
    for (int32_t k = 0; k < kUnits; ++k) {
      if ((step * 31 + k * 17) % 23 < 4) units.push_back(3 + k);
    }
    return units;
  }
};

using Precisions = testing::Types<float, double>;
TYPED_TEST_SUITE(ShortTermPrecisionTest, Precisions);

// The recursion from spike to spike, for each unit by itself.
TYPED_TEST(ShortTermPrecisionTest, EveryUnitFollowsItsOwnRecursion) {
  const ScopedNumericEnvironment environment;
  auto plasticity = TestFixture::Make();
  std::vector<double> u(9, 0), x(9, 1), last(9, 0);
  for (int64_t step = 0; step < 400; ++step) {
    const std::vector<int32_t> units = TestFixture::UnitsAt(step);
    const std::vector<TypeParam> factors =
        TestFixture::Run(plasticity, step, step + 1);
    ASSERT_EQ(factors.size(), units.size());
    for (size_t k = 0; k < units.size(); ++k) {
      const size_t i = static_cast<size_t>(units[k] - 3);
      const double gone = 0.5 * (static_cast<double>(step) - last[i]);
      u[i] = u[i] * std::exp(-gone / 530);
      x[i] = 1 - (1 - x[i]) * std::exp(-gone / 130);
      u[i] += 0.3 * (1 - u[i]);
      ASSERT_NEAR(factors[k], u[i] * x[i], 1e-7);
      x[i] -= u[i] * x[i];
      last[i] = static_cast<double>(step);
    }
  }
}

TYPED_TEST(ShortTermPrecisionTest, GoesOnWhereItWasSaved) {
  const ScopedNumericEnvironment environment;
  auto whole = TestFixture::Make(), first = TestFixture::Make(),
       second = TestFixture::Make();
  TestFixture::Run(whole, 0, 120);
  const std::vector<TypeParam> expected = TestFixture::Run(whole, 120, 300);
  TestFixture::Run(first, 0, 120);
  StateCopier copier;
  first.VisitState("s", copier);
  EXPECT_EQ(copier.paths,
            (std::vector<std::string>{"s.u", "s.x", "s.last_spike"}));
  copier.load = true;
  second.VisitState("s", copier);
  EXPECT_EQ(TestFixture::Run(second, 120, 300), expected);
}

TYPED_TEST(ShortTermPrecisionTest, AStepAllocatesNothing) {
  auto plasticity = TestFixture::Make();
  std::vector<int32_t> all(9);
  std::iota(all.begin(), all.end(), 3);
  plasticity.Add(0, all, 3);
  const int64_t before = AllocationCount();
  for (int64_t step = 1; step < 50; ++step) {
    plasticity.Restart(step);
    plasticity.Add(step, all, 3);
  }
  EXPECT_EQ(AllocationCount(), before);
}

TEST(ShortTermTest, RefusesWhatItDoesNotHaveAndWhatIsOutOfRange) {
  for (const auto& [text, path] :
       {std::pair("tau_recc: 3", "synapse.tau_recc"),
        std::pair("use: 1.5", "synapse.use"),
        std::pair("use: -0.1", "synapse.use"),
        std::pair("tau_rec: 0", "synapse.tau_rec"),
        std::pair("tau_facil: -1", "synapse.tau_facil")}) {
    Faults faults;
    ReadTree(std::string("{type: tsodyks_markram, ") + text + "}",
             Kind::kShortTerm, "synapse", faults);
    ASSERT_EQ(faults.size(), 1u) << text;
    EXPECT_EQ(faults[0].path, path);
  }
}

}  // namespace
}  // namespace engram
