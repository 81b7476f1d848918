#include "core/programs/solution_comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/core/programs/small_tree.h"

namespace engram {
namespace {

std::string Trained(const std::string& name, const std::string& rule) {
  return "{type: sequence_learning, name: " + name +
         ", repetitions: 2, test_every: 0, rule: " + rule +
         ", network: {type: rate_rnn, units: 40}, task: {type: item_sequence, "
         "items: 4, units_per_item: 8, item_duration: 60 ms, silence: 200 ms, "
         "recall_duration: 150 ms}}";
}

Component Comparison(const std::string& first, const std::string& second,
                     const std::string& more = "") {
  return Tree("{type: solution_comparison, rank: 2" + more + ", solutions: [" +
              Trained("a", first) + ", " + Trained("b", second) + "]}");
}

TEST(SolutionComparisonTest, ASolutionIsLikeItself) {
  const auto run =
      RunTree(Comparison("{type: stdp_rate}", "{type: stdp_rate}"));
  EXPECT_NEAR((*run)["raw_weight_correlation"], 1, 1e-12);
  EXPECT_NEAR((*run)["recall_matched_correlation"], 1, 1e-12);
  EXPECT_NEAR((*run)["block_correlation"], 1, 1e-12);
  EXPECT_NEAR((*run)["cka"], 1, 1e-12);
  EXPECT_NEAR((*run)["procrustes_distance"], 0, 1e-7);
  EXPECT_NEAR((*run)["dynamical_distance"], 0, 1e-6);
  EXPECT_EQ((*run)["families"], 1);
  EXPECT_EQ((*run)["largest_family"], 2);
}

// Networks of other seeds have other units for an item: matched, they are the
// same circuit.
TEST(SolutionComparisonTest, OtherSeedsFindTheSameCircuitInOtherUnits) {
  const auto run = RunTree(Comparison("{type: stdp_rate}", "{type: stdp_rate}",
                                      ", seed_step: 1000"));
  EXPECT_LT((*run)["raw_weight_correlation"], 0.3);
  EXPECT_GT((*run)["item_matched_correlation"], 0.9);
  EXPECT_GT((*run)["block_correlation"], 0.99);
}

TEST(SolutionComparisonTest, HebbianAndItsOppositeAreTwoFamilies) {
  const auto run =
      RunTree(Comparison("{type: hebbian}", "{type: anti_hebbian}"));
  EXPECT_NEAR((*run)["block_correlation"], -1, 1e-12);
  EXPECT_EQ((*run)["families"], 2);
}

// The weights behind a comparison are, to the bit, those of a run alone.
TEST(SolutionComparisonTest, TrainsAsARunOfItsOwn) {
  RecordPolicy policy;
  policy.snapshots = {{"solutions.b.rule.weights", {-1}}};
  const auto both = RunTree(
      Comparison("{type: hebbian}", "{type: stdp_rate}", ", seed_step: 5"), 3,
      policy);
  policy.snapshots = {{"rule.weights", {-1}}};
  const auto alone =
      RunTree(Tree(Trained("b", "{type: stdp_rate}")), 8, policy);
  EXPECT_EQ(both->record.arrays.at({"solutions.b.rule.weights", -1}).bytes,
            alone->record.arrays.at({"rule.weights", -1}).bytes);
}

TEST(SolutionComparisonTest, RefusesOneSolutionAndThoseOfOtherSizes) {
  Faults faults;
  ReadTree("{type: solution_comparison, solutions: [" +
               Trained("a", "{type: hebbian}") + "]}",
           Kind::kProgram, "experiment", faults);
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_THAT(faults[0].message, testing::HasSubstr("takes two to compare"));
  faults.clear();
  ReadTree("{type: solution_comparison, solutions: [" +
               Trained("a", "{type: hebbian}") +
               ", {type: sequence_learning, name: b, rule: {type: hebbian}}]}",
           Kind::kProgram, "experiment", faults);
  ASSERT_FALSE(faults.empty());
  EXPECT_THAT(faults[0].path, testing::HasSubstr("solutions.b"));
}

}  // namespace
}  // namespace engram
