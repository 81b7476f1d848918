// The parts that follow a rule, and what validation refuses.

#include "core/rules/plasticity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/core/rules/rule_fixture.h"

namespace engram {
namespace {

using testing::HasSubstr;

TEST(HardBoundsTest, WeightsStopAtTheirBounds) {
  Parallel parallel(1);
  Plastic p("{type: hebbian, eta: 0.4, bounds: {type: hard_bounds, w_max: 1}}",
            2);
  p.Step({1.0, 1.0}, parallel);
  p.Step({1.0, 1.0}, parallel);
  EXPECT_DOUBLE_EQ(p.w(0, 1), 0.8);
  p.Step({1.0, 1.0}, parallel);
  EXPECT_EQ(p.w(0, 1), 1);
  EXPECT_EQ(p.w(0, 0), 0);
}

// w <- w + dw (w_max - w) / (w_max - w_min), by hand from 0 in (-1, 3).
TEST(SoftBoundsTest, AChangeShrinksWithTheRoomThatIsLeft) {
  Parallel parallel(1);
  const std::string bounds =
      ", eta: 1, bounds: {type: soft_bounds, w_min: -1, w_max: 3}}";
  Plastic up("{type: hebbian" + bounds, 2);
  Plastic down("{type: anti_hebbian" + bounds, 2);
  double w_up = 0, w_down = 0;
  for (int step = 0; step < 5; ++step) {
    up.Step({1.0, 0.5}, parallel);
    down.Step({1.0, 0.5}, parallel);
    w_up += 0.5 * (3 - w_up) / 4;
    w_down -= 0.5 * (w_down + 1) / 4;
    EXPECT_NEAR(up.w(0, 1), w_up, 1e-15);
    EXPECT_NEAR(down.w(0, 1), w_down, 1e-15);
  }
}

TEST(DaleTest, GivesAllWeightsOfAPresynapticUnitOneSign) {
  Parallel parallel(1);
  const std::string dale = ", signs: {type: dale, excitatory_share: 0.5}}";
  Plastic up("{type: hebbian" + dale, 4), down("{type: anti_hebbian" + dale, 4);
  up.Step({0.5, 0.5, 0.5, 0.5}, parallel);
  down.Step({0.5, 0.5, 0.5, 0.5}, parallel);
  EXPECT_GT(up.w(3, 1), 0);
  EXPECT_EQ(up.w(1, 3), 0);
  EXPECT_EQ(down.w(3, 1), 0);
  EXPECT_LT(down.w(1, 3), 0);
}

// One pairing at step 0 leaves e = eta x y; the modulator comes at step 3 and
// finds e exp(-3 dt / tau).
TEST(EligibilityTraceTest, TheModulatorFindsWhatIsLeftOfTheChange) {
  Parallel parallel(1);
  const RuleShape shape{.n_post = 2, .n_pre = 2, .dt = 2};
  const auto p = MakePlasticity<double>(
      Tree("{type: hebbian, eta: 0.1, "
           "eligibility: {type: eligibility_trace, tau: 10 ms}}",
           Kind::kRule, "experiment.rule"),
      shape);
  Array<double> w(2, 2);
  for (int step = 0; step < 4; ++step) {
    const std::vector<double> rate(2, step == 0 ? 0.5 : 0.0);
    const std::vector<double> modulator = {step == 3 ? 1.0 : 0.0, 0.0};
    const Signals<double> s{
        .pre = rate, .post = rate, .modulator = modulator, .dt = 2};
    ApplyRule(*p, s, w, parallel);
    EXPECT_EQ(w(0, 0) != 0, step == 3);
  }
  const double expected = 2 * 0.1 * 2 * 0.25 * std::exp(-6.0 / 10);
  EXPECT_NEAR(w(0, 0), expected, 1e-15);
  EXPECT_NEAR(w(0, 1), expected, 1e-15);
  EXPECT_EQ(w(1, 0), 0);  // its own modulator stayed silent
}

std::string FirstFault(const std::string& yaml) {
  Faults faults;
  ReadTree(yaml, Kind::kProgram, "experiment", faults);
  EXPECT_EQ(faults.size(), 1u);
  return faults.empty() ? "" : faults[0].path + ": " + faults[0].message;
}

TEST(PlasticitySpecTest, AModulatorThatNobodyGivesIsRefusedWithTheReason) {
  EXPECT_EQ(FirstFault("{type: sequence_learning, rule: {type: hebbian, "
                       "eligibility: {type: eligibility_trace}}}"),
            "experiment.rule.eligibility: eligibility_trace reads a modulator, "
            "and a rate network gives rates alone; leave out the part that "
            "reads it, or take a task with reward");
}

TEST(PlasticitySpecTest, BoundsNeedARange) {
  EXPECT_THAT(FirstFault("{type: sequence_learning, rule: {type: hebbian, "
                         "bounds: {type: hard_bounds, w_min: 2, w_max: 1}}}"),
              HasSubstr("w_max = 1 is not above w_min = 2"));
}

// A text without parts keeps the run hash that it had before there were any.
TEST(PlasticitySpecTest, EmptySlotsAreAbsentFromTheCanonicalForm) {
  const Component tree =
      Tree("{type: sequence_learning, rule: {type: stdp_rate}}");
  EXPECT_THAT(
      CanonicalJson(tree, 1),
      HasSubstr("\"rule\":{\"a_minus\":0.5,\"a_plus\":1,\"eta\":1e-05,"
                "\"tau_minus\":50,\"tau_plus\":50,\"type\":\"stdp_rate\"}"));
}

}  // namespace
}  // namespace engram
