// What is impossible is refused before anything is built, with numbers.

#include <gtest/gtest.h>

#include <string>

#include "tests/support/experiment_tree.h"

namespace engram {
namespace {

std::string FaultsOf(const std::string& rest) {
  Faults faults;
  ReadTree("{type: spiking_network, " + rest + "}", Kind::kProgram,
           "experiment", faults);
  std::string all;
  for (const Fault& fault : faults) all += fault.Format("tree") + "\n";
  return all;
}

std::string Joined(const std::string& synapses) {
  return FaultsOf(
      "dt: 0.1 ms, populations: [{type: lif_current_exponential, name: exc, "
      "units: 10}], projections: [{type: synapses, from: exc, to: exc, "
      "connectivity: {type: all_to_all}, " +
      synapses + "}]");
}

void ExpectSays(const std::string& faults,
                const std::vector<std::string>& parts) {
  for (const std::string& part : parts) {
    EXPECT_NE(faults.find(part), std::string::npos)
        << part << "\nin " << faults;
  }
}

TEST(NetworkPlanTest, GoodOnesPass) {
  EXPECT_EQ(Joined("receptor: inhibitory, weight: -1, delay: 0.1 ms"), "");
}

TEST(NetworkPlanTest, UnknownPopulationsAreRefusedWithTheNearest) {
  const std::string faults = FaultsOf(
      "populations: [{type: izhikevich, name: excitatory}], "
      "projections: [{type: synapses, from: exitatory, to: "
      "\"excitatory[50:200]\", connectivity: {type: all_to_all}}]");
  ExpectSays(faults, {"there is no population or group exitatory", "excitatory",
                      "reaches to unit 199", "has 100"});
}

TEST(NetworkPlanTest, DelaysUnderAStepAreRefused) {
  ExpectSays(Joined("delay: 0.04 ms"), {"0.04 ms is under one step of 0.1 ms"});
  ExpectSays(Joined("delays: {type: normal, mean: 1.5, sd: 0.7}"),
             {"under one step", "low"});
}

std::string Listed(const std::string& own, const std::string& more = "") {
  return FaultsOf(
      "dt: 0.1 ms, populations: [{type: lif_current_exponential, name: exc, "
      "units: 10}], projections: [{type: synapses, from: exc, to: exc, " +
      more + "connectivity: {type: explicit_list, pre: [0, 1], post: [1, 0], " +
      own + "}}]");
}

TEST(NetworkPlanTest, ListedSynapsesHaveOneNumberEach) {
  EXPECT_EQ(Listed("weights: [1, -2], delays: [0.1 ms, 5 ms]"), "");
  ExpectSays(Listed("weights: [1]"), {"weights has 1 numbers for 2 synapses"});
  ExpectSays(Listed("delays: [1, 2, 3]"), {"delays has 3 numbers for 2"});
  ExpectSays(Listed("delays: [1, 0.01]"),
             {"connectivity.delays", "0.01 ms is under one step"});
}

TEST(NetworkPlanTest, ListedSynapsesTakeTheirNumbersFromOnePlace) {
  ExpectSays(Listed("weights: [1, 2]", "weights: {type: uniform}, "),
             {"projections.0.weights",
              "connectivity.weights gives each synapse its "
              "own weights; leave one of both out"});
  ExpectSays(Listed("delays: [1, 2]", "delays: 1 ms, "),
             {"connectivity.delays gives each synapse its own delays"});
}

TEST(NetworkPlanTest, DelaysBeyondTheRingAreRefused) {
  ExpectSays(Joined("delays: {type: normal, mean: 1.5, sd: 20000, low: 0.1}"),
             {"beyond the 1048576", "high"});
}

TEST(NetworkPlanTest, UnknownReceptorsAreRefused) {
  ExpectSays(Joined("receptor: excitatry"),
             {"has no receptor excitatry", "excitatory"});
}

TEST(NetworkPlanTest, UnstableStepsAreRefusedWithNumbers) {
  ExpectSays(FaultsOf("dt: 2 ms, populations: [{type: izhikevich, name: a}]"),
             {"dt = 2 ms is above 1 ms"});
}

TEST(NetworkPlanTest, WhatWouldNotFitInMemoryIsRefused) {
  const std::string faults = FaultsOf(
      "memory_limit: 2, populations: [{type: izhikevich, name: a, "
      "units: 100000}], projections: [{type: synapses, from: a, to: a, "
      "weights: {type: uniform}, connectivity: {type: fixed_probability}}]");
  // 10^9 synapses of 12 bytes are 11.2 GiB.
  ExpectSays(faults, {"about 11.", "1e+09 synapses", "memory_limit = 2"});
}

TEST(NetworkPlanTest, RulesThatDoNotChangeAtSpikesAreRefused) {
  ExpectSays(Joined("rule: {type: oja}"),
             {"oja does not change weights at spikes", "stdp_pair"});
  ExpectSays(Joined("rule: {type: stdp_pair, homeostasis: "
                    "[{type: row_normalisation}]}"),
             {"row_normalisation needs all weights"});
}

TEST(NetworkPlanTest, ThirdFactorsWantTraceAndModulator) {
  ExpectSays(
      Joined("rule: {type: stdp_pair, eligibility: {type: eligibility_trace}}"),
      {"changes no weight without a modulator"});
  ExpectSays(Joined("rule: {type: stdp_pair}, modulator: dopamine"),
             {"no modulator in sight has the name dopamine"});
}

TEST(NetworkPlanTest, GroupsMustNotContainThemselves) {
  ExpectSays(FaultsOf("populations: [{type: izhikevich, name: a}], groups: "
                      "[{type: group, name: g, of: [a, h]}, "
                      "{type: group, name: h, of: [g]}]"),
             {"contains itself"});
}

TEST(NetworkPlanTest, PoissonInputOfTooManyEventsIsRefused) {
  ExpectSays(FaultsOf("populations: [{type: izhikevich, name: a}], stimuli: "
                      "[{type: poisson_input, to: a, rate: 1e6, lines: 1000}]"),
             {"events a step", "above 500"});
}

TEST(NetworkPlanTest, AnExplosionEndsTheRunWithPopulationAndTime) {
  const Component tree = Tree(
      "{type: spiking_network, dt: 0.1 ms, duration: 300 ms, highest_rate: "
      "150, populations: [{type: lif_current_exponential, name: hot, units: "
      "20, t_ref: 2 ms}], stimuli: [{type: step_current, to: hot, "
      "times: [120], values: [100]}]}");
  const ScopedNumericEnvironment environment;
  Parallel parallel(1);
  const NoInputs inputs;
  const auto run = Execution::Make(tree, 1, {}, {parallel, inputs});
  ASSERT_TRUE(run.ok());
  MemoryRecorder record;
  absl::Status status;
  while (status.ok() && !(*run)->progress().finished) {
    status = (*run)->Advance(1, record, {}).status();
  }
  EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange);
  ExpectSays(std::string(status.message()),
             {"hot fires at", "between 100 and 200 ms", "highest_rate = 150",
              "look at the weights onto hot"});
}

}  // namespace
}  // namespace engram
