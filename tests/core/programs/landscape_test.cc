// Attractors and phase planes, through the program that runs them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "tests/core/programs/small_tree.h"

namespace engram {
namespace {

std::unique_ptr<FinishedRun> Look(const std::string& system,
                                  const std::string& analysis) {
  return RunTree(Tree("{type: dynamics_analysis, system: " + system +
                      ", analyses: [" + analysis + "]}"),
                 1, {}, 2);
}

constexpr char kHebbian[] = "{type: two_items, forward: 0.1, backward: 0.1}";

// M has no cross terms, so a state settles by which of its items starts above
// the threshold 0.36209716: of a box from -2.5 to 2.5 each item is above in p =
// 0.4276 of the starts. Four basins of p^2, p (1 - p) twice and (1 - p)^2 =
// 0.3277; of 400 starts the standard error of a share is 0.024.
TEST(AttractorsTest, OfTwoItemsHaveTheBasinsOfTheirThreshold) {
  const auto run = Look(kHebbian, "{type: attractors, starts: 400}");
  EXPECT_EQ((*run)["attractors"], 4);
  EXPECT_EQ((*run)["unsettled"], 0);
  EXPECT_NEAR((*run)["largest_basin"], 0.3277, 5 * 0.024);
  double sum = 0;
  for (double share : run->record.arrays.at({"basins", -1}).Doubles()) {
    sum += share;
  }
  EXPECT_NEAR(sum, 1, 1e-12);
  EXPECT_TRUE(run->is_absent("transition_rate"));
}

// A tanh unit of gain 1.2 has wells at +-0.79, between which noise of 0.5 leads
// 0.07 times in a time constant (400 units over 50, in NumPy): some 28 times in
// the 400 of these walkers. Noise of 0.01 never does.
TEST(AttractorsTest, StrongNoiseLeadsFromOneToAnother) {
  const auto run_with = [](const char* sigma) {
    return Look(
        "{type: rate_populations, coupling: [[1.2]], "
        "gain_function: tanh}",
        std::string("{type: attractors, starts: 20, walk: 50, "
                    "sigma: ") +
            sigma + "}");
  };
  const auto strong = run_with("0.5"), weak = run_with("0.01");
  EXPECT_EQ((*strong)["attractors"], 2);
  EXPECT_GT((*strong)["transition_rate"], 0.03);
  EXPECT_EQ((*weak)["transition_rate"], 0);
  const StoredArray& visited = strong->record.arrays.at({"visited", -1});
  EXPECT_EQ(visited.shape, (std::vector<int64_t>{11, 8}));
}

// Strong rotation about an unstable point never settles.
TEST(AttractorsTest, ARotationKeepsMoving) {
  const auto run = Look(
      "{type: rate_populations, coupling: [[2, -3], [3, 2]], "
      "gain_function: tanh}",
      "{type: attractors, starts: 8, duration: 50}");
  EXPECT_EQ((*run)["attractors"], 0);
  EXPECT_EQ((*run)["unsettled"], 1);
}

TEST(PhasePlaneTest, NullclinesOfTwoItemsCrossAtEveryFixedPoint) {
  const auto run = Look(kHebbian, "{type: phase_plane, grid: 61}");
  EXPECT_EQ((*run)["crossings"], 9);
  EXPECT_EQ((*run)["off_plane"], 0);
  const auto& arrays = run->record.arrays;
  const std::vector<double> line = arrays.at({"nullcline_1", -1}).Doubles();
  ASSERT_GT(line.size(), 100u);
  // On the first nullcline x1 = 1.8 phi(x1), because M has no cross term.
  for (size_t i = 0; i < line.size(); i += 2) {
    EXPECT_NEAR(line[i], 1.8 / (1 + std::exp(-(line[i] - 0.5) / 0.1)), 1e-10);
  }
  EXPECT_EQ(arrays.at({"velocity_1", -1}).shape,
            (std::vector<int64_t>{61, 61}));
  EXPECT_EQ(arrays.at({"trajectories", -1}).shape,
            (std::vector<int64_t>{101, 24}));
}

TEST(PhasePlaneTest, OfALearnedNetworkLiesAlongItsItems) {
  const auto run = RunTree(
      Tree("{type: sequence_learning, repetitions: 2, test_every: 0, "
           "rule: {type: hebbian}, network: {type: rate_rnn, units: 40, g_0: "
           "0}, task: {type: item_sequence, items: 4, units_per_item: 10}, "
           "analyses: [{type: phase_plane, axes: patterns, grid: 21}, "
           "{type: phase_plane, name: principal, axes: principal, grid: 11, "
           "longest: 2}]}"));
  // Without random weights units of an item move alike: on the plane of two
  // items only what the others do, from their rest at 0, leads off it.
  EXPECT_GE((*run)["crossings"], 4);
  EXPECT_LT((*run)["off_plane"], 0.5);
  EXPECT_GT((*run)["off_plane"], 0);
  EXPECT_EQ(run->record.arrays.at({"principal.plane_axes", -1}).shape,
            (std::vector<int64_t>{40, 2}));
}

TEST(PhasePlaneTest, RefusesAxesThatTheSystemDoesNotHave) {
  const auto message = [](const std::string& analysis) {
    Faults faults;
    ReadTree(std::string("{type: dynamics_analysis, system: ") + kHebbian +
                 ", analyses: [" + analysis + "]}",
             Kind::kProgram, "experiment", faults);
    return faults.empty() ? "" : faults[0].message;
  };
  EXPECT_THAT(message("{type: phase_plane, axes: patterns}"),
              testing::HasSubstr("record snapshots"));
  EXPECT_THAT(message("{type: phase_plane, second: 3}"),
              testing::HasSubstr("second = 3"));
  EXPECT_THAT(message("{type: phase_plane, second: 1}"),
              testing::HasSubstr("same"));
  EXPECT_EQ(message("{type: phase_plane}"), "");
}

}  // namespace
}  // namespace engram
