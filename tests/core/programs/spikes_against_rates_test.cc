#include "core/programs/spikes_against_rates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/experiment_tree.h"

namespace engram {
namespace {

using ::testing::HasSubstr;

std::string Yaml(const std::string& more) {
  return absl::StrCat(
      "{type: spikes_against_rates, units: 40, task: {type: item_sequence, "
      "items: 4, units_per_item: 10, item_duration: 50 ms, silence: 100 ms}, "
      "rate_rule: {type: stdp_rate, eta: 1, a_plus: 0.2, a_minus: 0.1}, "
      "spike_rule: {type: stdp_pair, a_plus: 0.004, a_minus: 0.002, tau_plus: "
      "50 ms, tau_minus: 50 ms}",
      more, "}");
}

std::string FaultOf(const std::string& yaml) {
  Faults faults;
  ReadTree(yaml, Kind::kProgram, "experiment", faults);
  EXPECT_EQ(faults.size(), 1u);
  return faults.empty() ? "" : faults[0].message;
}

// A block holds 100 synapses, each of which sees about 2.5 spikes of either
// side a presentation: after 20 the mean of a forward block scatters by 4 to 5
// per cent, and a slope over 16 blocks by less.
TEST(SpikesAgainstRatesTest, SpikesWriteWhatTheirRatesSay) {
  const auto run = RunTree(Tree(Yaml(", repetitions: 20")));
  EXPECT_GT((*run)["block_correlation"], 0.98);
  EXPECT_NEAR((*run)["block_slope"], 1, 0.15);
  EXPECT_EQ(run->record.series.at("slope").points.size(), 20u);
}

// One forward block by hand: items of T follow each other and rates are 0
// outside, so the second meets what is left of the first,
//   B_21 = eta a_plus r^2 tau (1 - exp(-T/tau))^2 per presentation,
// with Euler steps in place of the exponentials.
TEST(SpikesAgainstRatesTest, RatesWriteThePulseFormula) {
  const auto run = RunTree(
      Tree(Yaml(", repetitions: 1, rate_out: 0, rate_in: 40 Hz, dt: 0.5 ms")));
  const std::vector<double> blocks =
      run->record.arrays.at({"rate_blocks", -1}).Doubles();
  const double left = 1 - std::pow(1 - 0.5 / 50, 100);
  const double r = 0.04;
  EXPECT_NEAR(blocks[1], 0.2 * r * r * 50 * left * left, 1e-12);
  EXPECT_NEAR(blocks[4], -0.1 * r * r * 50 * left * left, 1e-12);
}

TEST(SpikesAgainstRatesTest, WithoutSpikesNothingIsCompared) {
  const auto run =
      RunTree(Tree(Yaml(", repetitions: 1, rate_in: 0, rate_out: 0")));
  EXPECT_TRUE(run->is_absent("block_slope"));
  EXPECT_TRUE(run->is_absent("block_correlation"));
}

TEST(SpikesAgainstRatesTest, RefusesRulesThatReadTheOtherSide) {
  EXPECT_THAT(FaultOf("{type: spikes_against_rates, spike_rule: {type: "
                      "hebbian}}"),
              HasSubstr("hebbian reads rates, and its spike train gives "
                        "spikes alone"));
  EXPECT_THAT(FaultOf("{type: spikes_against_rates, rate_rule: {type: "
                      "stdp_pair}}"),
              HasSubstr("stdp_pair reads spikes, and its rate course gives "
                        "rates alone"));
}

TEST(SpikesAgainstRatesTest, RefusesWhatDoesNotFit) {
  EXPECT_THAT(FaultOf("{type: spikes_against_rates, units: 50}"),
              HasSubstr("the items need 100 units, and units = 50"));
  EXPECT_THAT(FaultOf("{type: spikes_against_rates, dt: 50 ms}"),
              HasSubstr("more than one spike in every step of 50 ms"));
}

}  // namespace
}  // namespace engram
