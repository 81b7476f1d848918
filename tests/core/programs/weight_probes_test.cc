#include "core/programs/weight_probes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/experiment_tree.h"

namespace engram {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Six plastic synapses of two units, two of them of one pair, onto units that a
// Poisson input makes fire; `rest` has the recordings.
std::string Network(const std::string& rest, const std::string& rule =
                                                 "rule: {type: stdp_pair, "
                                                 "a_plus: 0.01, a_minus: 0.008"
                                                 "}, ") {
  return absl::StrCat(
      "{type: spiking_network, dt: 0.5 ms, duration: 400 ms, populations: [",
      "{type: poisson_generator, name: pre, units: 2, rate: 60 Hz}, ",
      "{type: lif_current_exponential, name: post, units: 4}], projections: [",
      "{type: synapses, name: learning, from: pre, to: post, ", rule,
      "connectivity: {type: explicit_list, pre: [0, 0, 0, 0, 1, 1], ",
      "post: [3, 1, 1, 0, 2, 3], weights: [6, 5, 4, 3, 2, 1], ",
      "delays: [1, 2, 1, 5, 1, 1]}}], stimuli: [{type: poisson_input, to: ",
      "post, rate: 300 Hz, weight: 600}], ", rest, "}");
}

std::vector<std::string> NamesOf(const FinishedRun& run) {
  std::vector<std::string> names;
  for (const auto& [name, series] : run.record.series) names.push_back(name);
  return names;
}

TEST(WeightProbesTest, AUnitsSynapsesHaveASeriesEach) {
  const auto run = RunTree(
      Tree(Network("recordings: [{type: weights, of: {projection: learning, "
                   "pre: 0}, every: 10 ms}]")));
  EXPECT_THAT(NamesOf(*run),
              ElementsAre("learning.weight.0.0", "learning.weight.0.1",
                          "learning.weight.0.1.1", "learning.weight.0.3"));
  const auto& series = run->record.series.at("learning.weight.0.3");
  EXPECT_EQ(series.info.unit, "pA");
  ASSERT_EQ(series.points.size(), 40u);
  EXPECT_EQ(series.points.front().first, 10);
  EXPECT_NE(series.points.back().second.value(), 6);
  EXPECT_NEAR(series.points.back().second.value(), 6, 1);
}

TEST(WeightProbesTest, ASynapseIsNamedByItsUnitOrItsNumber) {
  const auto run = RunTree(Tree(Network(
      "recordings: [{type: weights, of: {projection: learning, pre: 0, nth: "
      "1}}, {type: weights, of: {projection: learning, pre: 1, post: 3}}, "
      "{type: weights, of: {projection: learning, pre: 1}, every: 50 ms}]")));
  // Of unit 0 in order of targets and delays, the second is 4 pA onto unit 1.
  EXPECT_THAT(NamesOf(*run),
              ElementsAre("learning.weight.0.1", "learning.weight.1.2",
                          "learning.weight.1.3"));
  EXPECT_NEAR(run->record.series.at("learning.weight.0.1")
                  .points.front()
                  .second.value(),
              4, 0.5);
  // What two recordings name has the interval of the first.
  EXPECT_EQ(run->record.series.at("learning.weight.1.3").points.size(), 4u);
  EXPECT_EQ(run->record.series.at("learning.weight.1.2").points.size(), 8u);
}

// Against the snapshot of all weights at the end, for each kind of rule.
TEST(WeightProbesTest, TheLastSampleIsTheSnapshot) {
  for (const char* rule :
       {"rule: {type: stdp_pair, a_plus: 0.01}, ",
        "rule: {type: stdp_triplet}, delay_of: dendrite, ",
        "rule: {type: stdp_power_law, lambda: 0.01}, ",
        "modulator: dopamine, rule: {type: stdp_pair, eligibility: {type: "
        "eligibility_trace, tau: 100 ms}}, "}) {
    SCOPED_TRACE(rule);
    RecordPolicy policy;
    policy.snapshots["learning.synapse_weight"] = {-1};
    policy.snapshots["learning.synapse_pre"] = {-1};
    policy.snapshots["learning.synapse_post"] = {-1};
    const auto run = RunTree(
        Tree(Network("modulators: [{type: constant_modulator, name: dopamine, "
                     "value: 0.01}], recordings: [{type: weights, of: "
                     "{projection: learning, pre: 1}, every: 200 ms}]",
                     rule)),
        1, policy);
    const auto ints = [&](const char* name) {
      const auto view = run->record.arrays.at({name, -1}).view();
      const auto* data = reinterpret_cast<const int32_t*>(view.bytes.data());
      return std::vector<int32_t>(data, data + 6);
    };
    const auto weights =
        run->record.arrays.at({"learning.synapse_weight", -1}).Doubles();
    const auto pre = ints("learning.synapse_pre");
    const auto post = ints("learning.synapse_post");
    int compared = 0;
    for (size_t k = 0; k < 6; ++k) {
      if (pre[k] != 1) continue;
      const auto& points =
          run->record.series.at(absl::StrCat("learning.weight.1.", post[k]))
              .points;
      EXPECT_EQ(points.back().second.value(), weights[k]);
      EXPECT_NE(points.back().second.value(), points.front().second.value());
      ++compared;
    }
    EXPECT_EQ(compared, 2);
  }
}

TEST(WeightProbesTest, LookingChangesNoBit) {
  const auto look = [](const std::string& recordings) {
    return RunTree(Tree(Network(recordings)))->result_hash;
  };
  EXPECT_EQ(look("recordings: [{type: weights, of: {projection: learning, pre: "
                 "0}, every: 0.5 ms}]"),
            look("recordings: []"));
}

std::string FaultOf(const std::string& recording, const std::string& rule) {
  Faults faults;
  ReadTree(
      Network("recordings: [{type: weights, of: " + recording + "}]", rule),
      Kind::kProgram, "experiment", faults);
  EXPECT_EQ(faults.size(), 1u) << recording;
  return faults.empty() ? ""
                        : absl::StrCat(faults[0].path, ": ", faults[0].message);
}

TEST(WeightProbesTest, WhatCannotBeRecordedIsRefused) {
  const std::string rule = "rule: {type: stdp_pair}, ";
  EXPECT_THAT(FaultOf("{projection: learnng, pre: 0}", rule),
              HasSubstr("no projection learnng; did you mean learning?"));
  EXPECT_THAT(FaultOf("{projection: learning, pre: 2}", rule),
              HasSubstr("pre = 2 is none of the 2 units"));
  EXPECT_THAT(FaultOf("{projection: learning, pre: 0, post: 4}", rule),
              HasSubstr("post = 4 is none of the 4 units"));
  EXPECT_THAT(FaultOf("post", rule),
              HasSubstr("wanted {projection: exc, pre: 0}"));
  EXPECT_THAT(FaultOf("{projection: learning, pre: 0}", ""),
              HasSubstr("learning has no rule"));
}

TEST(WeightProbesTest, SynapsesThatDoNotExistAreRefused) {
  const std::string rule = "rule: {type: stdp_pair}, ";
  EXPECT_THAT(FaultOf("{projection: learning, pre: 0, nth: 4}", rule),
              HasSubstr("nth = 4, but unit 0 of learning has 4 synapses; they "
                        "are numbered from 0"));
  EXPECT_THAT(FaultOf("{projection: learning, pre: 0, post: 2}", rule),
              HasSubstr("post = 2, but unit 0 of learning has no synapse onto "
                        "it among its 4 synapses"));
  EXPECT_THAT(FaultOf("{projection: learning, pre: 1, post: 3, nth: 1}", rule),
              HasSubstr("has 1 synapse onto unit 3; they are numbered"));
}

// How many synapses a unit has is known when they are drawn.
TEST(WeightProbesTest, SynapsesThatAreNotDrawnEndTheRunAtItsStart) {
  const auto fault_of = [](const std::string& connectivity,
                           const std::string& synapse) {
    const ScopedNumericEnvironment environment;
    Parallel parallel(1);
    const NoInputs inputs;
    MemoryRecorder record;
    const auto execution = Execution::Make(
        Tree(absl::StrCat(
            "{type: spiking_network, duration: 10 ms, populations: [{type: "
            "lif_delta, name: e, units: 30}], projections: [{type: synapses, "
            "name: loop, from: e, to: e, rule: {type: stdp_pair}, "
            "connectivity: {",
            connectivity,
            "}}], recordings: [{type: weights, of: {projection: loop, pre: 3, ",
            synapse, "}, every: 1 ms}]}")),
        1, {}, {parallel, inputs});
    EXPECT_TRUE(execution.ok());
    return std::string((*execution)->Advance(1, record, {}).status().message());
  };
  const std::string five = "type: fixed_out_degree, out_degree: 5";
  EXPECT_EQ(fault_of(five, "nth: 4"), "");
  EXPECT_EQ(fault_of(five, "nth: 5"),
            "experiment.recordings.0.of: nth = 5, but unit 3 of loop has 5 "
            "synapses; they are numbered from 0");
  EXPECT_EQ(fault_of("type: fixed_probability, p: 0", "nth: 0"),
            "experiment.recordings.0.of: nth = 0, but unit 3 of loop has 0 "
            "synapses; name another unit");
  EXPECT_EQ(fault_of("type: fixed_probability, p: 0", "post: 7"),
            "experiment.recordings.0.of: post = 7, but unit 3 of loop has no "
            "synapse onto it among its 0 synapses; name another unit, or one "
            "of them by `nth`");
}

TEST(WeightProbesTest, TooManyAreRefusedWithNumbers) {
  Faults faults;
  ReadTree(
      "{type: spiking_network, duration: 1e6 ms, populations: [{type: "
      "lif_delta, name: e, units: 500}], projections: [{type: synapses, name: "
      "loop, from: e, to: e, rule: {type: stdp_pair}, connectivity: {type: "
      "all_to_all}}], recordings: [{type: weights, of: {projection: loop, pre: "
      "0}}, {type: weights, of: {projection: loop, pre: 0, nth: 3}, every: 0.1 "
      "ms}]}",
      Kind::kProgram, "experiment", faults);
  ASSERT_EQ(faults.size(), 2u);
  EXPECT_THAT(faults[0].message, HasSubstr("more than 100; name one"));
  EXPECT_THAT(faults[1].message, HasSubstr("gives 1e+07 points"));
}

}  // namespace
}  // namespace engram
