// The parts that keep a unit's weights in balance.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/rules/heterosynaptic_competition.h"
#include "core/rules/homeostatic_scaling.h"
#include "core/rules/normalisation.h"
#include "tests/core/rules/rule_fixture.h"

namespace engram {
namespace {

std::string Hebb(const std::string& part, const std::string& more = "") {
  return "{type: hebbian, eta: 0.1, homeostasis: [" + part + "]" + more + "}";
}

double RowNorm(const Array<double>& w, int64_t i, bool is_l2) {
  double sum = 0;
  for (int64_t j = 0; j < w.cols(); ++j) {
    sum += is_l2 ? w(i, j) * w(i, j) : std::abs(w(i, j));
  }
  return is_l2 ? std::sqrt(sum) : sum;
}

double ColumnNorm(const Array<double>& w, int64_t j, bool is_l2) {
  double sum = 0;
  for (int64_t i = 0; i < w.rows(); ++i) {
    sum += is_l2 ? w(i, j) * w(i, j) : std::abs(w(i, j));
  }
  return is_l2 ? std::sqrt(sum) : sum;
}

// More than one block of columns, so that sums meet over blocks.
constexpr int64_t kUnits = 300;

TEST(RowNormalisationTest, KeepsTheNormGivenOrThatOfTheStart) {
  Parallel parallel(2);
  for (const bool is_l2 : {false, true}) {
    const std::string type =
        absl::StrCat("{type: row_normalisation, norm: ", is_l2 ? "l2" : "l1");
    Plastic given(Hebb(type + ", goal: 3}"), kUnits);
    Plastic start(Hebb(type + "}"), kUnits);
    for (int64_t k = 0; k < kUnits * kUnits; ++k) {
      start.w[k] =
          k % (kUnits + 1) == 0 ? 0 : 0.01 * std::sin(static_cast<double>(k));
    }

    const double before = RowNorm(start.w, 7, is_l2);
    for (int step = 0; step < 3; ++step) {
      given.Step(RandomRates(kUnits, step), parallel);
      start.Step(RandomRates(kUnits, step), parallel);
    }
    EXPECT_NEAR(RowNorm(given.w, 7, is_l2), 3, 1e-12);
    EXPECT_NEAR(RowNorm(start.w, 7, is_l2), before, 1e-12 * before);
    EXPECT_NE(start.w(7, 8), 0.01 * std::sin(8.0 * kUnits + 7));
  }
}

// One step by hand: the rule alone, sums over the row in the order of columns,
// one factor, bounds. The rule has the sums before it writes a weight, four
// columns at a time, the diagonal left out: to the bit the same.
TEST(RowNormalisationTest, SumsFoundAheadAreThoseOfTheWeightsThatFollow) {
  constexpr int64_t kOdd = 71;
  Parallel parallel(1);
  for (const bool is_l2 : {false, true}) {
    const std::string part = absl::StrCat(
        "{type: row_normalisation, goal: 3, norm: ", is_l2 ? "l2}" : "l1}");
    Plastic p(Hebb(part,
                   ", bounds: {type: hard_bounds, w_min: -1, w_max: "
                   "0.06}"),
              kOdd);
    Plastic rule("{type: hebbian, eta: 0.1}", kOdd);
    for (int64_t k = 0; k < kOdd * kOdd; ++k) {
      p.w[k] = rule.w[k] = 0.1 * std::sin(static_cast<double>(k));
    }
    p.Step(RandomRates(kOdd, 1), parallel);
    rule.Step(RandomRates(kOdd, 1), parallel);
    bool clips = false;
    for (int64_t i = 0; i < kOdd; ++i) {
      double sum = 0;
      for (int64_t j = 0; j < kOdd; ++j) {
        sum += is_l2 ? rule.w(i, j) * rule.w(i, j) : std::abs(rule.w(i, j));
      }
      const double factor = is_l2 ? std::sqrt(9 / sum) : 3 / sum;
      for (int64_t j = 0; j < kOdd; ++j) {
        const double scaled = rule.w(i, j) * factor;
        clips |= scaled > 0.06;
        EXPECT_EQ(p.w(i, j), std::min(scaled, 0.06)) << i << " " << j;
      }
      EXPECT_EQ(p.w(i, i), 0);
    }
    EXPECT_TRUE(clips);
  }
}

TEST(RowNormalisationTest, ARowThatStartsAtZeroIsLeftAlone) {
  Parallel parallel(1);
  Plastic p(Hebb("{type: row_normalisation}"), 3);
  Plastic free("{type: hebbian, eta: 0.1}", 3);
  p.Step({0.5, 0.5, 1.0}, parallel);
  free.Step({0.5, 0.5, 1.0}, parallel);
  for (int64_t k = 0; k < 9; ++k) EXPECT_EQ(p.w[k], free.w[k]);
}

TEST(ColumnNormalisationTest, KeepsTheNormGivenOrThatOfTheStart) {
  Parallel parallel(2);
  for (const bool is_l2 : {false, true}) {
    const std::string type = absl::StrCat("{type: column_normalisation, norm: ",
                                          is_l2 ? "l2" : "l1");
    Plastic given(Hebb(type + ", goal: 3}"), kUnits);
    Plastic start(Hebb(type + "}"), kUnits);
    for (int64_t k = 0; k < kUnits * kUnits; ++k) {
      start.w[k] =
          k % (kUnits + 1) == 0 ? 0 : 0.01 * std::sin(static_cast<double>(k));
    }
    const double before = ColumnNorm(start.w, 7, is_l2);
    for (int step = 0; step < 3; ++step) {
      given.Step(RandomRates(kUnits, step), parallel);
      start.Step(RandomRates(kUnits, step), parallel);
    }
    EXPECT_NEAR(ColumnNorm(given.w, 7, is_l2), 3, 1e-12);
    EXPECT_NEAR(ColumnNorm(start.w, 7, is_l2), before, 1e-12 * before);
  }
}

// With no learning, w(t) is a product of factors that are worked out by hand.
TEST(HomeostaticScalingTest, ScalesARowByWhatItsMeanRateLacks) {
  Parallel parallel(1);
  Projection p(
      "{type: hebbian, eta: 0, homeostasis: [{type: homeostatic_scaling, "
      "goal: 0.2, beta: 0.01, tau_mean: 10 ms}]}",
      1, 1, 2);
  p.w[0] = -0.5;
  double w = -0.5, mean = 0.2;
  for (int step = 0; step < 50; ++step) {
    const double rate = step < 20 ? 0.9 : 0.05;
    p.Step({1}, {rate}, parallel);
    w *= 1 + 2 * 0.01 * (0.2 - mean);
    mean += 0.2 * (rate - mean);
  }
  EXPECT_NEAR(p.w[0], w, 1e-15);
}

// Rule, scaling, column normalisation, bounds, each after the other by hand;
// and the scaling as the only part, with bounds and without.
TEST(HomeostaticScalingTest, ActsBetweenTheRuleAndThePartAfterIt) {
  constexpr int64_t kPost = 70, kPre = 9;
  const std::string scaling =
      "{type: homeostatic_scaling, goal: 0.2, beta: 0.1, tau_mean: 10 ms}";
  const std::string bounds = ", bounds: {type: hard_bounds, w_max: 0.2}";
  const std::string columns = ", {type: column_normalisation, goal: 9}";
  Parallel parallel(2);
  Projection both(Hebb(scaling + columns, bounds), kPost, kPre);
  Projection free(Hebb(scaling), kPost, kPre);
  Projection bounded(Hebb(scaling, bounds), kPost, kPre);
  Array<double> want_both(kPost, kPre), want_free(kPost, kPre);
  Array<double> want_bounded(kPost, kPre);
  std::vector<double> mean(kPost, 0.2);
  const auto clip = [](double w) { return std::min(std::max(w, 0.0), 0.2); };
  for (int step = 0; step < 4; ++step) {
    const std::vector<double> pre = RandomRates(kPre, step);
    const std::vector<double> post = RandomRates(kPost, 10 + step);
    for (Projection* p : {&both, &free, &bounded}) p->Step(pre, post, parallel);
    for (int64_t j = 0; j < kPre; ++j) {
      for (int64_t i = 0; i < kPost; ++i) {
        const size_t unit = static_cast<size_t>(i);
        const double change = 0.1 * post[unit] * pre[static_cast<size_t>(j)];
        const double factor = 1 + 0.1 * (0.2 - mean[unit]);
        want_both(i, j) = (want_both(i, j) + change) * factor;
        want_free(i, j) = (want_free(i, j) + change) * factor;
        want_bounded(i, j) = clip((want_bounded(i, j) + change) * factor);
      }
      const double norm = ColumnNorm(want_both, j, false);
      for (int64_t i = 0; i < kPost; ++i) {
        want_both(i, j) = clip(want_both(i, j) * 9 / norm);
      }
    }
    for (size_t i = 0; i < kPost; ++i) mean[i] += 0.1 * (post[i] - mean[i]);
  }
  for (int64_t k = 0; k < kPost * kPre; ++k) {
    EXPECT_NEAR(both.w[k], want_both[k], 1e-14) << k;
    EXPECT_NEAR(free.w[k], want_free[k], 1e-14) << k;
    EXPECT_NEAR(bounded.w[k], want_bounded[k], 1e-14) << k;
  }
}

// The unit's rate is its weight: scaling brings it to the goal.
TEST(HomeostaticScalingTest, BringsARateToItsGoal) {
  Parallel parallel(1);
  Projection p(
      "{type: hebbian, eta: 0, homeostasis: [{type: homeostatic_scaling, "
      "goal: 0.2, beta: 0.01, tau_mean: 10 ms}]}",
      1, 1);
  p.w[0] = 1;
  for (int step = 0; step < 20000; ++step) p.Step({1}, {p.w[0]}, parallel);
  EXPECT_NEAR(p.w[0], 0.2, 1e-9);
}

// A unit that fires every 100 ms has a mean of 10 Hz, averaged over the period.
TEST(HomeostaticScalingTest, CountsSpikesInHz) {
  Parallel parallel(1);
  Synapse s(
      "{type: stdp_pair, a_plus: 0, a_minus: 0, homeostasis: "
      "[{type: homeostatic_scaling_spikes, goal: 10 Hz, beta: 1e-5, "
      "tau_mean: 1000 ms}]}",
      1);
  std::multiset<int64_t> post;
  for (int64_t t = 50; t < 20000; t += 100) post.insert(t);
  EXPECT_NEAR(s.Run({0}, post), 1, 0.01);
  Synapse silent(
      "{type: stdp_pair, homeostasis: [{type: homeostatic_scaling_spikes}]}",
      1);
  EXPECT_GT(silent.Run({0}, {20000}), 1.1);
}

// Fiete's equations as matrix algebra, on a small network.
TEST(HeterosynapticCompetitionTest, DepressesByTheExcessOfTheUpdatedSums) {
  Parallel parallel(1);
  Plastic p(Hebb("{type: heterosynaptic_competition, strength: 0.05, "
                 "limit: 0.5}",
                 ", bounds: {type: hard_bounds, w_max: 1}"),
            4);
  Array<double> w(4, 4);
  for (int step = 0; step < 20; ++step) {
    const std::vector<double> rate = RandomRates(4, step);
    p.Step(rate, parallel);
    Array<double> v = w;
    for (int64_t i = 0; i < 4; ++i) {
      for (int64_t j = 0; j < 4; ++j) {
        if (i != j) {
          v(i, j) +=
              0.1 * rate[static_cast<size_t>(i)] * rate[static_cast<size_t>(j)];
        }
      }
    }
    for (int64_t i = 0; i < 4; ++i) {
      for (int64_t j = 0; j < 4; ++j) {
        double out = -0.5, in = -0.5;
        for (int64_t k = 0; k < 4; ++k) {
          out += v(k, j);
          in += v(i, k);
        }
        const double next =
            v(i, j) - 0.05 * (std::max(out, 0.0) + std::max(in, 0.0));
        w(i, j) = i == j ? 0 : std::min(std::max(next, 0.0), 1.0);
      }
    }
  }
  for (int64_t k = 0; k < 16; ++k) EXPECT_NEAR(p.w[k], w[k], 1e-14) << k;
}

// Rate STDP with traces of one step is learning from one step to the next:
// eta (x_i(t) x_j(t-1) - x_i(t-1) x_j(t)).
TEST(HeterosynapticCompetitionTest, FollowsARuleOnSuccessiveSteps) {
  Parallel parallel(1);
  Plastic p(
      "{type: stdp_rate, eta: 0.125, a_plus: 1, a_minus: 1, tau_plus: 1 ms, "
      "tau_minus: 1 ms, homeostasis: [{type: heterosynaptic_competition}], "
      "bounds: {type: hard_bounds, w_max: 1}}",
      3);
  p.Step({1, 0, 0}, parallel);
  p.Step({0, 1, 0}, parallel);
  EXPECT_EQ(p.w(1, 0), 0.125);
  EXPECT_EQ(p.w(0, 1), 0);
}

TEST(HomeostasisSpecTest, ANormOfNothingIsRefused) {
  Faults faults;
  ReadTree(
      "{type: sequence_learning, rule: {type: hebbian, homeostasis: "
      "[{type: row_normalisation}]}}",
      Kind::kProgram, "experiment", faults);
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].path, "experiment.rule.homeostasis.0");
  EXPECT_THAT(faults[0].message, testing::HasSubstr("give it a goal"));
}

}  // namespace
}  // namespace engram
