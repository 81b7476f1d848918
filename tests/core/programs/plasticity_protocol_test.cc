#include "core/programs/plasticity_protocol.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/core/programs/protocol_run.h"
#include "tests/support/allocations.h"

namespace engram {
namespace {

using ::testing::HasSubstr;

std::string FaultOf(const std::string& yaml) {
  Faults faults;
  ReadTree(yaml, Kind::kProgram, "experiment", faults);
  EXPECT_EQ(faults.size(), 1u) << yaml;
  return faults.empty() ? "" : faults[0].Format("tree");
}

// dw = eta r_pre r_post T.
TEST(PlasticityProtocolTest, HebbUnderSteadyRatesIsTheirProduct) {
  const Curve curve = CurveOf(
      "{type: plasticity_protocol, settle: 0, "
      "protocol: {type: steady_rates, pre_rate: 0.5, duration: 200 ms}, "
      "rule: {type: hebbian, eta: 1e-3}}");
  ASSERT_EQ(curve.size(), 11u);
  for (const auto& [post, change] : curve) {
    EXPECT_NEAR(change, 1e-3 * 0.5 * post * 200, 1e-12) << post;
  }
}

// Pulses of L steps at a distance of D >= L steps, traces by Euler steps with
// a = dt / tau: the second pulse meets what is left of the first,
//   sum_{k<L} (1 - (1-a)^L) (1-a)^(D-L+k) = (1 - (1-a)^L)^2 (1-a)^(D-L) / a.
TEST(PlasticityProtocolTest, RateStdpOnPulsesIsItsGeometricSum) {
  const double dt = 0.5, tau_plus = 40, tau_minus = 20;
  const Curve curve = CurveOf(
      "{type: plasticity_protocol, dt: 0.5 ms, "
      "protocol: {type: rate_courses, shifts: [-60, -30, 30, 60]}, "
      "rule: {type: stdp_rate, eta: 1e-2, a_plus: 2, a_minus: 0.7, "
      "tau_plus: 40 ms, tau_minus: 20 ms}}");
  ASSERT_EQ(curve.size(), 4u);
  for (const auto& [shift, change] : curve) {
    const double a = dt / (shift > 0 ? tau_plus : tau_minus);
    const double left = 1 - std::pow(1 - a, 20 / dt);
    const double sum =
        left * left * std::pow(1 - a, (std::abs(shift) - 20) / dt) / a;
    const double amplitude = shift > 0 ? 2 : -0.7;
    EXPECT_NEAR(change, 1e-2 * dt * amplitude * sum, 1e-12) << shift;
  }
}

// A rule that reads rates takes each spike as a pulse: Hebb's window is the
// overlap of two pulses, a triangle.
TEST(PlasticityProtocolTest, HebbOnPairsOfPulsesIsATriangle) {
  const Curve curve = CurveOf(
      "{type: plasticity_protocol, dt: 1 ms, pulse: 20 ms, "
      "protocol: {type: pairings, count: 3}, "
      "rule: {type: hebbian, eta: 1e-2}}");
  for (const auto& [delta, change] : curve) {
    EXPECT_NEAR(change, 3 * 1e-2 * std::max(0.0, 20 - std::abs(delta)), 1e-12)
        << delta;
  }
}

// After the pulses the eligibility falls by exp(-t / tau), so the change by a
// reward at a delay does.
TEST(PlasticityProtocolTest, ALateRewardFindsWhatIsLeftOfTheEligibility) {
  const Curve curve = CurveOf(
      "{type: plasticity_protocol, dt: 1 ms, "
      "protocol: {type: delayed_reward, delays: [100, 600, 1100, 3100]}, "
      "pulse: 20 ms, "
      "rule: {type: hebbian, eta: 1e-2, "
      "eligibility: {type: eligibility_trace, tau: 700 ms}}}");
  ASSERT_EQ(curve.size(), 4u);
  EXPECT_GT(curve[0].second, 0);
  for (const auto& [delay, change] : curve) {
    EXPECT_NEAR(change / curve[0].second, std::exp(-(delay - 100) / 700), 1e-12)
        << delay;
  }
}

TEST(PlasticityProtocolTest, WithoutAModulatorAThreeFactorRuleLearnsNothing) {
  const std::string tree =
      "{type: plasticity_protocol, dt: 1 ms, protocol: {type: pairings, "
      "count: 2}, rule: {type: hebbian, eligibility: {type: "
      "eligibility_trace}}";
  for (const auto& [delta, change] : CurveOf(tree + ", modulator: 0}")) {
    EXPECT_EQ(change, 0) << delta;
  }
  const Curve one = CurveOf(tree + "}"),
              two = CurveOf(tree + ", modulator: 2}");
  EXPECT_GT(one[20].second, 0);
  // The rule does not read the weight, so the change is linear in the reward.
  for (size_t i = 0; i < one.size(); ++i) {
    EXPECT_NEAR(two[i].second, 2 * one[i].second, 1e-12);
  }
}

TEST(PlasticityProtocolTest, AWholeWindowIsItsPointsOneByOne) {
  const auto tree = [](const std::string& deltas) {
    return "{type: plasticity_protocol, dt: 0.5 ms, protocol: {type: pairings, "
           "count: 5, deltas: [" +
           deltas + "]}, rule: {type: stdp_rate, bounds: {type: soft_bounds}}}";
  };
  const Curve whole = CurveOf(tree("-20, -5, 0, 10"));
  // With one lead the synapses' clocks agree, and so do their bits.
  for (const auto& [delta, change] : whole) {
    const Curve one =
        CurveOf(tree(delta == -20 ? "-20" : "-20, " + std::to_string(delta)));
    EXPECT_EQ(one.back().second, change) << delta;
  }
}

TEST(PlasticityProtocolTest, MeansOfPoissonTrainsHaveAnError) {
  const auto run =
      RunTree(Tree("{type: plasticity_protocol, dt: 1 ms, protocol: {type: "
                   "poisson_trains, post_rates: [0, 20], duration: 2 s}, "
                   "rule: {type: hebbian}}"));
  const auto& error = run->record.series.at("weight_change_error");
  ASSERT_EQ(error.points.size(), 2u);
  EXPECT_EQ(error.points[0].second.value(), 0);
  EXPECT_GT(error.points[1].second.value(), 0);
}

TEST(PlasticityProtocolTest, TellsTheDistanceFromPublishedData) {
  const auto run =
      RunTree(Tree("{type: plasticity_protocol, dt: 1 ms, data: [0, 0.1], "
                   "data_error: [0.1, 0.05], protocol: {type: steady_rates, "
                   "post_rates: [0, 1]}, rule: {type: hebbian, eta: 2e-3}}"));
  // The second point is 0.2: two errors from 0.1.
  EXPECT_NEAR((*run)["data_error"], 2, 1e-9);
  EXPECT_NEAR((*run)["largest_miss"], 2, 1e-9);
}

TEST(PlasticityProtocolTest, RefusesDataOfAnotherLength) {
  EXPECT_THAT(FaultOf("{type: plasticity_protocol, data: [1, 2], data_error: "
                      "[1], protocol: {type: triplets, first: [5, 5], second: "
                      "[5, 5]}, rule: {type: hebbian}}"),
              HasSubstr("experiment.data_error: data_error has 1 values, the "
                        "protocol has 2 points"));
}

TEST(PlasticityProtocolTest, RefusesTwoSpikesInOneStep) {
  EXPECT_THAT(
      FaultOf("{type: plasticity_protocol, dt: 50 ms, protocol: {type: "
              "pairing_frequency}, rule: {type: hebbian}}"),
      HasSubstr("at frequency = 40 Hz two spikes of one side fall into one "
                "step of 50 ms"));
}

TEST(PlasticityProtocolTest, RefusesATripletWithoutLength) {
  EXPECT_THAT(FaultOf("{type: plasticity_protocol, protocol: {type: triplets, "
                      "first: [5, 0], second: [5, 0]}, rule: {type: hebbian}}"),
              HasSubstr("at triplet = 2 two spikes of one side"));
}

TEST(PlasticityProtocolTest, RefusesWhatIsTooLarge) {
  EXPECT_THAT(
      FaultOf("{type: plasticity_protocol, protocol: {type: poisson_trains, "
              "duration: 1e7 ms, synapses: 100}, rule: {type: hebbian}}"),
      HasSubstr("spikes, at most 5e+06 are possible"));
}

TEST(PlasticityProtocolTest, TellsItsTicksBeforehand) {
  for (const char* protocol :
       {"{type: pairings, count: 20}",
        "{type: poisson_trains, duration: 40 ms, synapses: 1000}"}) {
    const Component tree = Tree(absl::StrCat(
        "{type: plasticity_protocol, dt: 0.5 ms, protocol: ", protocol,
        ", rule: {type: stdp_pair}, settle: 0}"));
    const ScopedNumericEnvironment environment;
    Parallel parallel(1);
    const NoInputs inputs;
    auto execution = *Execution::Make(tree, 1, {}, {parallel, inputs});
    MemoryRecorder record;
    const absl::StatusOr<Progress> progress = execution->Advance(1, record, {});
    ASSERT_TRUE(progress.ok());
    EXPECT_EQ(progress->tick, 1);
    EXPECT_NEAR(static_cast<double>(progress->total),
                static_cast<double>(EstimateProgram(tree).ticks), 1);
  }
}

TEST(PlasticityProtocolTest, RefusesATaskForAProtocol) {
  EXPECT_THAT(FaultOf("{type: plasticity_protocol, protocol: {type: "
                      "item_sequence}, rule: {type: hebbian}}"),
              HasSubstr("item_sequence"));
}

// Oja's recursion w <- w + g (r_i r_j - alpha r_i^2 w) with g alpha r_i^2 = 1e8
// leaves the doubles within 40 steps.
TEST(PlasticityProtocolTest, DivergingWeightsEndTheRun) {
  const ScopedNumericEnvironment environment;
  Parallel parallel(1);
  const NoInputs inputs;
  auto execution = *Execution::Make(
      Tree("{type: plasticity_protocol, protocol: {type: steady_rates, "
           "post_rates: [1000]}, rule: {type: oja, eta: 1, alpha: 1000}}"),
      1, {}, {parallel, inputs});
  MemoryRecorder record;
  const absl::StatusOr<Progress> progress = execution->Advance(1, record, {});
  EXPECT_EQ(progress.status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_THAT(std::string(progress.status().message()),
              HasSubstr("oja: rule.weights is not finite after step 10000"));
}

TEST(PlasticityProtocolTest, RefusesRulesThatReadWhatTheProtocolDoesNotGive) {
  EXPECT_THAT(FaultOf("{type: plasticity_protocol, protocol: {type: "
                      "steady_rates}, rule: {type: stdp_pair}}"),
              HasSubstr("experiment.rule: stdp_pair reads spikes, and the "
                        "protocol steady_rates gives rates and a modulator"));
}

TEST(PlasticityProtocolTest, AStepAllocatesNothing) {
  const ScopedNumericEnvironment environment;
  Parallel parallel(1);
  const NoInputs inputs;
  const Component tree = Tree(
      "{type: plasticity_protocol, protocol: {type: pairings}, "
      "rule: {type: stdp_rate}}");
  PlasticityProtocol program(tree, 1, {parallel, inputs});
  MemoryRecorder record;
  ASSERT_TRUE(program.Advance(1, record, {}).ok());
  const int64_t before = AllocationCount();
  ASSERT_TRUE(program.Advance(1, record, {}).ok());
  const int64_t of_a_tick = AllocationCount() - before;
  // A tick of 10,000 steps tells one preview of 41 points.
  EXPECT_LT(of_a_tick, 200);
}

TEST(PlasticityProtocolTest, NamesTheArraysThatItSaysItHas) {
  const Component tree = Tree(
      "{type: plasticity_protocol, protocol: {type: pairings}, "
      "rule: {type: stdp_rate, eligibility: {type: eligibility_trace}}}");
  EXPECT_THAT(ArrayPaths(tree),
              testing::ElementsAre("step", "rule.weights", "rule.trace_pre",
                                   "rule.trace_post", "rule.eligibility.trace",
                                   "weight_change"));
  RecordPolicy policy;
  policy.snapshots = {{"weight_change", {-1}}, {"rule.weights", {0, -1}}};
  const auto run = RunTree(tree, 1, policy);
  const std::vector<double> change =
      run->record.arrays.at({"weight_change", -1}).Doubles();
  ASSERT_EQ(change.size(), 41u);
  EXPECT_EQ(change[30],
            run->record.series.at("weight_change").points[30].second.value());
}

}  // namespace
}  // namespace engram
