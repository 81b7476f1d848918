// What analyses of networks leave in the record.

#include "core/analyses/spiking/network_analysis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "tests/support/experiment_tree.h"

namespace engram {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Two units that fire where a list says, and one that is silent.
std::string Network(const std::string& analyses) {
  return "{type: spiking_network, dt: 0.5 ms, duration: 2000 ms, populations: "
         "[{type: spike_times_generator, name: pair, units: 2, times: [5, 10, "
         "15, 20, 30, 33, 36, 39], firing_units: [0, 0, 0, 0, 1, 1, 1, 1]}, "
         "{type: lif_delta, name: silent, units: 3}], "
         "analyses: [" +
         analyses + "]}";
}

std::string FaultsOf(const std::string& yaml) {
  Faults faults;
  ReadTree(yaml, Kind::kProgram, "experiment", faults);
  std::string all;
  for (const Fault& fault : faults) all += fault.Format("tree") + "\n";
  return all;
}

TEST(NetworkAnalysisTest, FiringMeasuresTheUnitsItSelects) {
  const auto run = RunTree(
      Tree(Network("{type: firing, name: all, least_spikes: 4}, {type: firing, "
                   "name: first, of: 'pair[0]', start: 7, least_spikes: 3}")),
      1);
  EXPECT_DOUBLE_EQ((*run)["all.mean_rate"], 8.0 / 5 / 2);
  EXPECT_DOUBLE_EQ((*run)["all.interval_cv"], 0);
  EXPECT_EQ((*run)["all.interval_units"], 2);
  EXPECT_EQ((*run)["all.bursts"], 2);
  EXPECT_EQ((*run)["all.burst_share"], 1);
  EXPECT_DOUBLE_EQ((*run)["first.mean_rate"], 3 / 1.993);
  EXPECT_EQ((*run)["first.interval_units"], 1);
}

TEST(NetworkAnalysisTest, SpikeListGivesTimesAtTheEndsOfSteps) {
  const auto run = RunTree(
      Tree(Network("{type: spike_list, of: 'pair[1]', start: 31}, {type: "
                   "spike_list, name: silence, of: silent}")),
      1);
  EXPECT_EQ((*run)["spikes"], 3);
  EXPECT_DOUBLE_EQ((*run)["first_spike"], 33);
  EXPECT_DOUBLE_EQ((*run)["last_spike"], 39);
  EXPECT_EQ(run->record.series.at("spike_time").points.size(), 3u);
  EXPECT_EQ((*run)["silence.spikes"], 0);
  EXPECT_TRUE(run->record.summary.at("silence.first_spike").value.is_absent());
}

TEST(NetworkAnalysisTest, SilenceIsAbsentRatherThanANumber) {
  const auto run = RunTree(
      Tree(Network("{type: firing, of: silent}, {type: synchrony, of: silent}, "
                   "{type: rhythm, of: silent}")),
      1);
  EXPECT_EQ((*run)["mean_rate"], 0);
  for (const char* name : {"interval_cv", "burst_share", "count_synchrony",
                           "pair_correlation", "slow_peak", "fast_share"}) {
    EXPECT_TRUE(run->record.summary.at(name).value.is_absent()) << name;
  }
}

TEST(NetworkAnalysisTest, RhythmFindsAModulatedPopulation) {
  const auto run = RunTree(
      Tree("{type: spiking_network, dt: 1 ms, duration: 3000 ms, populations: "
           "[{type: rate_pattern_generator, name: waves, units: 4, duration: "
           "50 ms, patterns: [[100, 100, 100, 100], [20, 20, 20, 20]]}], "
           "analyses: [{type: rhythm}, {type: synchrony}]}"),
      1);
  // A square wave of 100 ms and amplitude 0.16 spikes a bin: power
  // (4 / pi 0.16)^2 / 3 = 0.014 against noise of 2 0.24 0.001.
  EXPECT_EQ((*run)["slow_peak"], 10);
  EXPECT_GT((*run)["slow_share"], 0.1);
  EXPECT_GT((*run)["pair_correlation"], 0);
}

// The same square wave in bins of 5 ms: 1.2 +- 0.8 spikes, so that 0.64 of a
// variance of 0.64 + 1.2 comes back with it, of the opposite sign after 50 ms.
// An autocorrelation of 600 bins spreads by 1 / sqrt(600) = 0.04.
TEST(NetworkAnalysisTest, CountAutocorrelationFollowsAModulatedPopulation) {
  const auto run = RunTree(
      Tree("{type: spiking_network, dt: 1 ms, duration: 3000 ms, populations: "
           "[{type: rate_pattern_generator, name: waves, units: 4, duration: "
           "50 ms, patterns: [[100, 100, 100, 100], [20, 20, 20, 20]]}], "
           "analyses: [{type: count_autocorrelation, lags: 20, units: 3}]}"),
      1);
  const auto& points = run->record.series.at("autocorrelation").points;
  ASSERT_EQ(points.size(), 21u);
  EXPECT_EQ(points[0].second.value(), 1);
  EXPECT_EQ(points[10].first, 50);
  EXPECT_NEAR(points[10].second.value(), -0.64 / 1.84, 0.15);
  EXPECT_NEAR(points[20].second.value(), 0.64 / 1.84, 0.15);
  const auto& units = run->record.series.at("unit_tau").points;
  EXPECT_THAT(units, testing::SizeIs(3));
  EXPECT_EQ(units[2].first, 2);  // of units 0, 1, 2 and 3
}

TEST(NetworkAnalysisTest, CountAutocorrelationNeedsMoreBinsThanLags) {
  EXPECT_THAT(FaultsOf(Network("{type: count_autocorrelation, start: 1900}")),
              HasSubstr("not more than lags + 1 = 61"));
}

// Two cells of one population under the same current, one of another kind under
// none.
TEST(NetworkAnalysisTest, ChiIsOneForCellsThatDoTheSame) {
  const auto run = RunTree(
      Tree("{type: spiking_network, dt: 0.5 ms, duration: 200 ms, populations: "
           "[{type: izhikevich, name: twins, units: 2, current: 10}, {type: "
           "lif_delta, name: still, units: 2}], analyses: [{type: "
           "potential_synchrony, name: twins, of: twins}, {type: "
           "potential_synchrony, name: all}, {type: potential_synchrony, name: "
           "still, of: still}]}"),
      1);
  EXPECT_NEAR((*run)["twins.chi"], 1, 1e-12);
  // Half of the units move: the mean's variance is a quarter of theirs, theirs
  // on average a half.
  EXPECT_NEAR((*run)["all.chi"], std::sqrt(0.5), 1e-12);
  EXPECT_TRUE(run->record.summary.at("still.chi").value.is_absent());
}

TEST(NetworkAnalysisTest, MeanFieldGivesBrunelsRates) {
  const auto run = RunTree(
      Tree(Network("{type: brunel_mean_field, name: B, g: 6, external_ratio: "
                   "4}, {type: brunel_mean_field, name: D, g: 4.5, "
                   "external_ratio: 0.9}")),
      1);
  EXPECT_NEAR((*run)["B.mean_field_rate"], 55.84, 0.005);
  EXPECT_NEAR((*run)["D.mean_field_rate"], 6.517, 0.0005);
  EXPECT_EQ((*run)["D.mean_field_rates"], 1);
}

TEST(NetworkAnalysisTest, EveryAnalysisLeavesWhatItsRowDeclares) {
  for (const NetworkAnalysisRow& row : NetworkAnalysisRows()) {
    const auto run = RunTree(
        Tree(Network(
            "{type: " + row.spec.type +
            (row.spec.type == "potential_synchrony" ? ", of: silent}" : "}"))),
        1);
    std::set<std::string> left;
    for (const auto& [name, entry] : run->record.summary) left.insert(name);
    for (const auto& [name, series] : run->record.series) left.insert(name);
    for (const OutputSpec& output : row.spec.outputs) {
      EXPECT_TRUE(left.contains(output.name))
          << row.spec.type << " " << output.name;
    }
  }
}

TEST(NetworkAnalysisTest, RefusesWhatItCannotLookAt) {
  EXPECT_THAT(FaultsOf(Network("{type: firing, of: pear}")), HasSubstr("pair"));
  EXPECT_THAT(FaultsOf(Network("{type: firing, start: 3000}")),
              HasSubstr("start = 3000 ms is not before the end"));
  EXPECT_THAT(FaultsOf(Network("{type: rhythm, slow_band: [20, 4]}")),
              HasSubstr("the lower first"));
  EXPECT_THAT(FaultsOf(Network("{type: potential_synchrony}")),
              HasSubstr("has no potential"));
  EXPECT_THAT(FaultsOf(Network("{type: recall}")),
              HasSubstr("does not read spikes"));
  EXPECT_THAT(FaultsOf(Network("{type: firing}, {type: firing}")),
              HasSubstr("same name"));
}

TEST(NetworkAnalysisTest, OtherProgramsRefuseIt) {
  EXPECT_THAT(
      FaultsOf("{type: sequence_learning, rule: {type: hebbian}, analyses: "
               "[{type: firing}]}"),
      HasSubstr("spiking_network"));
}

TEST(SpikeStoreTest, KeepsWhatIsAddedAcrossGrowth) {
  SpikeStore store;
  std::vector<int64_t> steps;
  for (int64_t k = 0; k < 1000; ++k) {
    store.Add(std::vector<int64_t>{k, k}, std::vector<int32_t>{1, 2});
    steps.insert(steps.end(), {k, k});
  }
  EXPECT_THAT(store.steps(), testing::ElementsAreArray(steps));
  EXPECT_THAT(store.units().first(3), ElementsAre(1, 2, 1));
}

}  // namespace
}  // namespace engram
