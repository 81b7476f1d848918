// What holds for every preset: it parses, and its claims name a source and
// enough seeds.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/spec/claim.h"
#include "tests/core/presets/parsed_preset.h"

namespace engram {
namespace {

class EveryPreset : public testing::TestWithParam<std::string> {};

TEST_P(EveryPreset, ParsesAndCanBeRecorded) {
  const Experiment experiment = ParsedPreset(GetParam());
  EXPECT_FALSE(experiment.name().empty());
  EXPECT_GE(experiment.run_count(), IsLong(experiment) ? 1 : 8);
  EXPECT_FALSE(experiment.claims().empty());
  for (int64_t i = 0; i < experiment.run_count(); ++i) {
    EXPECT_TRUE(CheckRecord(experiment.At(i).tree, experiment.record()).ok());
  }
}

// Runs of one tree that differ in their seed.
bool SweepsSeeds(const Experiment& experiment) {
  for (int64_t i = 1; i < experiment.run_count(); ++i) {
    if (experiment.At(i).seed != experiment.At(0).seed) return true;
  }
  return false;
}

// A preset without a sweep over seeds claims what does not depend on them.
TEST_P(EveryPreset, WithoutSeedsNothingIsRandom) {
  const Experiment experiment = ParsedPreset(GetParam());
  if (SweepsSeeds(experiment) || IsLong(experiment)) return;
  const Component tree = experiment.At(0).tree;
  EXPECT_EQ(RunTree(tree, 1)->result_hash, RunTree(tree, 2)->result_hash);
}

TEST_P(EveryPreset, EveryClaimHasASourceAndAtLeastEightSeeds) {
  const Experiment experiment = ParsedPreset(GetParam());
  // Of a long one each run is a mean over ten thousand units and more.
  const bool needs_seeds = SweepsSeeds(experiment) && !IsLong(experiment);
  const int64_t wanted = needs_seeds ? 8 : 1;
  std::vector<RunOutcome> runs;
  for (int64_t i = 0; i < experiment.run_count(); ++i) {
    RunOutcome run;
    run.varying = experiment.At(i).varying;
    runs.push_back(run);
  }
  for (const Claim& claim : experiment.claims()) {
    EXPECT_FALSE(claim.source.empty()) << claim.that;
    EXPECT_FALSE(claim.published.empty()) << claim.that;
    EXPECT_GE(Evaluate(claim, runs).runs, wanted) << claim.that;
  }
}

INSTANTIATE_TEST_SUITE_P(Presets, EveryPreset, testing::ValuesIn(PresetNames()),
                         ParamName);

TEST(PresetsTest, AreSortedAndFoundByName) {
  const std::vector<std::string> names = PresetNames();
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  EXPECT_NE(FindPreset("flagship"), nullptr);
  EXPECT_EQ(FindPreset("flagshipp"), nullptr);
}

}  // namespace
}  // namespace engram
