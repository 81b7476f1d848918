#include "core/programs/network_recorder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/experiment_tree.h"

namespace engram {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Lt;

// A small cortex that fires from the start, for 60 ms.
std::string Network(const std::string& recordings) {
  return absl::StrCat(
      "{type: spiking_network, dt: 1 ms, duration: 250 ms, populations: [",
      "{type: izhikevich, name: excitatory, units: 80}, ",
      "{type: izhikevich, name: inhibitory, units: 20}], projections: [",
      "{type: synapses, from: excitatory, to: all, weight: 0.5, connectivity: ",
      "{type: fixed_probability, p: 0.2}}], stimuli: [",
      "{type: noisy_current, to: all, sd: 8}]",
      recordings.empty() ? ""
                         : absl::StrCat(", recordings: [", recordings, "]"),
      "}");
}

std::unique_ptr<FinishedRun> RunWith(const std::string& recordings,
                                     uint64_t seed = 1, int threads = 1) {
  return RunTree(Tree(Network(recordings)), seed, {}, threads);
}

std::set<int32_t> UnitsOf(const FinishedRun& run, const std::string& name) {
  const auto found = run.record.spikes.find(name);
  if (found == run.record.spikes.end()) return {};
  return {found->second.units.begin(), found->second.units.end()};
}

TEST(NetworkRecorderTest, WithoutRecordingsAllSpikesAreRecorded) {
  const auto run = RunWith("");
  const auto& excitatory = run->record.spikes.at("excitatory");
  EXPECT_EQ(excitatory.info, (PopulationInfo{"excitatory", 80, 1}));
  EXPECT_NEAR((*run)["excitatory.rate"],
              static_cast<double>(excitatory.steps.size()) / 80 / 0.25, 1e-9);
  EXPECT_GT(excitatory.steps.size(), 40u);
  EXPECT_THAT(excitatory.steps, Each(Lt(250)));
}

TEST(NetworkRecorderTest, ASelectionHasTheSpikesOfItsUnitsAlone) {
  const auto all = RunWith("");
  const auto some = RunWith("{type: spikes, of: 'excitatory[10:30]'}");
  EXPECT_FALSE(some->record.spikes.contains("inhibitory"));
  const auto& whole = all->record.spikes.at("excitatory");
  MemoryRecorder::SpikeTrain expected;
  for (size_t i = 0; i < whole.steps.size(); ++i) {
    if (whole.units[i] < 10 || whole.units[i] >= 30) continue;
    expected.steps.push_back(whole.steps[i]);
    expected.units.push_back(whole.units[i]);
  }
  EXPECT_GT(expected.steps.size(), 5u);
  EXPECT_EQ(some->record.spikes.at("excitatory").steps, expected.steps);
  EXPECT_EQ(some->record.spikes.at("excitatory").units, expected.units);
}

TEST(NetworkRecorderTest, SelectionsOfOnePopulationAreJoined) {
  const auto run = RunWith(
      "{type: spikes, of: 'excitatory[0:40]'}, "
      "{type: spikes, of: 'excitatory[30:80]'}");
  EXPECT_EQ(run->record.spikes.at("excitatory").steps,
            RunWith("")->record.spikes.at("excitatory").steps);
}

TEST(NetworkRecorderTest, ASampleIsDrawnByTheSeed) {
  const std::string sample = "{type: spikes, of: {of: all, random: 30}}";
  const auto one = RunWith(sample), again = RunWith(sample),
             other = RunWith(sample, 2);
  EXPECT_EQ(UnitsOf(*one, "excitatory"), UnitsOf(*again, "excitatory"));
  EXPECT_NE(UnitsOf(*one, "excitatory"), UnitsOf(*other, "excitatory"));
  EXPECT_LE(
      UnitsOf(*one, "excitatory").size() + UnitsOf(*one, "inhibitory").size(),
      30u);
}

TEST(NetworkRecorderTest, StatesAreSampledAtTheirInterval) {
  const auto run =
      RunWith("{type: states, of: 'excitatory[3:5]', array: v, every: 7 ms}");
  EXPECT_TRUE(run->record.spikes.empty());
  ASSERT_EQ(run->record.series.size(), 2u);
  const auto& v = run->record.series.at("excitatory.v.3");
  EXPECT_EQ(v.info.unit, "mV");
  ASSERT_EQ(v.points.size(), 35u);  // 250 / 7
  for (size_t i = 0; i < v.points.size(); ++i) {
    EXPECT_EQ(v.points[i].first, 7.0 * static_cast<double>(i + 1));
  }
}

// A strong current lets units fire in every fourth step: in the one after their
// refractory time of three. That is counted in bytes, a longer one
// in words.
TEST(NetworkRecorderTest, WholeNumbersAreSampledAsTheyAre) {
  const auto run = RunTree(
      Tree("{type: spiking_network, dt: 1 ms, duration: 10 ms, populations: ["
           "{type: lif_current_exponential, name: short, units: 70, "
           "current: 1e6, t_ref: 3 ms}, {type: lif_current_exponential, "
           "name: long, units: 3, t_ref: 300 ms, current: 1e6}], recordings: ["
           "{type: states, of: 'short[66:69]', array: refractory, every: 1 ms},"
           "{type: states, of: 'long[1]', array: refractory, every: 1 ms}]}"));
  const auto values_of = [&](const char* series) {
    std::vector<double> values;
    for (const auto& point : run->record.series.at(series).points) {
      values.push_back(point.second.value());
    }
    return values;
  };
  EXPECT_THAT(values_of("short.refractory.67"),
              ElementsAre(3, 2, 1, 0, 3, 2, 1, 0, 3, 2));
  EXPECT_THAT(values_of("long.refractory.1"),
              ElementsAre(300, 299, 298, 297, 296, 295, 294, 293, 292, 291));
}

// The last sample is the state in which the run ends.
TEST(NetworkRecorderTest, ASampleIsTheStateAfterItsStep) {
  RecordPolicy policy;
  policy.snapshots["inhibitory.v"] = {-1};
  const auto run = RunTree(
      Tree(Network("{type: states, of: inhibitory, array: v, every: 50 ms}")),
      1, policy);
  const std::vector<double> state =
      run->record.arrays.at({"inhibitory.v", -1}).Doubles();
  ASSERT_EQ(state.size(), 20u);
  for (size_t unit = 0; unit < state.size(); ++unit) {
    const auto& points =
        run->record.series.at(absl::StrCat("inhibitory.v.", unit)).points;
    EXPECT_EQ(points.back().first, 250);
    EXPECT_EQ(points.back().second.value(), state[unit]);
  }
}

TEST(NetworkRecorderTest, WhatIsRecordedChangesNoBit) {
  const auto all = RunWith("");
  for (const char* recordings :
       {"{type: spikes, of: 'excitatory[0:1]'}",
        "{type: states, of: 'inhibitory[0:3]', array: u, every: 3 ms}, "
        "{type: states, of: 'excitatory[7]', every: 1 ms}, {type: spikes}"}) {
    EXPECT_EQ(RunWith(recordings)->result_hash, all->result_hash) << recordings;
    EXPECT_EQ(RunWith(recordings, 1, 3)->result_hash, all->result_hash);
  }
}

TEST(NetworkRecorderTest, ActivityTellsEverySpikeWhateverIsRecorded) {
  const auto all = RunWith("");
  const auto some = RunWith("{type: spikes, of: 'excitatory[0:1]'}");
  for (const auto& [name, train] : all->record.spikes) {
    const auto& activity = some->record.activity.at(name);
    EXPECT_EQ(activity.begin, 0);
    EXPECT_EQ(activity.end, 250);
    EXPECT_EQ(activity.spikes.steps, train.steps);
    EXPECT_EQ(activity.spikes.units, train.units);
  }
}

std::string FaultOf(const std::string& recordings) {
  Faults faults;
  ReadTree(Network(recordings), Kind::kProgram, "experiment", faults);
  EXPECT_EQ(faults.size(), 1u);
  return faults.empty() ? ""
                        : absl::StrCat(faults[0].path, ": ", faults[0].message);
}

TEST(NetworkRecorderTest, ImpossibleRecordingsAreRefusedWithNumbers) {
  EXPECT_THAT(FaultOf("{type: states, of: excitatory, array: w}"),
              HasSubstr("excitatory (izhikevich) has no w"));
  EXPECT_THAT(FaultOf("{type: spikes, of: {of: inhibitory, random: 21}}"),
              HasSubstr("random = 21 of 20 units"));
  EXPECT_THAT(FaultOf("{type: spikes, of: {projection: e, pre: 0, nth: 0}}"),
              HasSubstr("a sample is written {of: excitatory, random: 50}"));
  EXPECT_THAT(FaultOf("{type: spikes, of: exitatory}"),
              HasSubstr("excitatory"));
  Faults faults;
  ReadTree(
      "{type: spiking_network, dt: 1 ms, duration: 1e6 ms, populations: "
      "[{type: izhikevich, name: e, units: 200}], recordings: "
      "[{type: states, of: e}, {type: states, of: 'e[0:50]'}]}",
      Kind::kProgram, "experiment", faults);
  ASSERT_EQ(faults.size(), 2u);
  EXPECT_THAT(faults[0].message, HasSubstr("200 units have a series each"));
  EXPECT_THAT(faults[1].message, HasSubstr("gives 5e+07 points"));
}

}  // namespace
}  // namespace engram
