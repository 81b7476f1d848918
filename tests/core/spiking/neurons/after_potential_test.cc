#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "tests/core/spiking/neurons/cells.h"

namespace engram {
namespace {

using testing::HasSubstr;

std::string Cell(const std::string& more) {
  return "{type: adaptive_exponential_after_potential, units: 70" + more + "}";
}

TEST(AfterPotentialTest, OneStepByHand) {
  Cells cells(
      Cell(", current: 100, initial_v: {type: constant, value: -52}, tau_e: 5"),
      0.1);
  cells.Give("excitatory", 30);
  cells.Step();
  const double slope =
      -30 * (-52 + 70.6) + 30 * 2 * std::exp((-52 + 50.4) / 2) + 100;
  EXPECT_NEAR(cells("v", 69), -52 + 0.1 * slope / 281, 1e-12);
  EXPECT_NEAR(cells("w", 69), 0.1 * 4 * (-52 + 70.6) / 144, 1e-12);
  EXPECT_EQ(cells("i_e", 69), 30);
  cells.Step();
  EXPECT_NEAR(cells("i_e", 69), 30 * std::exp(-0.1 / 5), 1e-12);
}

// A current that is there for one step makes it fire in that step.
TEST(AfterPotentialTest, ASpikeLastsAndLeavesWhatFollows) {
  Cells cells(Cell(""), 0.1);
  cells.Give("current", 1e6);
  ASSERT_EQ(cells.Step().size(), 70U);
  for (int step = 0; step < 20; ++step) {
    EXPECT_EQ(cells("v"), 33) << step;
    EXPECT_TRUE(cells.Step().empty());
  }
  EXPECT_EQ(cells("v"), -49.6);
  EXPECT_NEAR(cells("w"), 80.5, 1e-9);
  EXPECT_EQ(cells("z"), 400);
  EXPECT_EQ(cells("threshold"), -30.4);
  const double spikelet =
      2 * std::exp((-49.6 + 50.4 - 20 * std::exp(-0.1 / 50)) / 2);
  cells.Step();
  const double z = 400 * std::exp(-0.1 / 40);
  EXPECT_NEAR(cells("z"), z, 1e-12);
  EXPECT_NEAR(cells("threshold"), -50.4 + 20 * std::exp(-0.1 / 50), 1e-12);
  const double slope = -30 * (-49.6 + 70.6) + 30 * spikelet - 80.5 + z;
  EXPECT_NEAR(cells("v"), -49.6 + 0.1 * slope / 281, 1e-10);
}

TEST(AfterPotentialTest, NoInputReachesItDuringASpike) {
  Cells cells(Cell(""), 0.1);
  cells.Give("current", 1e6);
  cells.Step();
  for (int step = 0; step < 20; ++step) {
    cells.Give("current", -1e6);
    EXPECT_TRUE(cells.Step().empty());
  }
  EXPECT_EQ(cells("v"), -49.6);
}

TEST(AfterPotentialTest, WithoutSpikesItRestsWhereBothSlopesVanish) {
  Cells cells(Cell(", current: 300"), 0.1);
  EXPECT_TRUE(cells.SpikesUntil(2000).empty());
  const double v = cells("v");
  EXPECT_NEAR(cells("w"), 4 * (v + 70.6), 1e-3);
  EXPECT_NEAR(
      -30 * (v + 70.6) + 60 * std::exp((v + 50.4) / 2) - cells("w") + 300, 0,
      1e-2);
}

double FirstSpike(double dt) {
  Cells cells(Cell(", current: 1500"), dt);
  return cells.SpikesUntil(50).front();
}

TEST(AfterPotentialTest, FirstSpikeConvergesInFirstOrder) {
  const double exact = FirstSpike(0.0005);
  const double coarse = FirstSpike(0.04) - exact,
               fine = FirstSpike(0.01) - exact;
  // Both are known to a step.
  EXPECT_GT(coarse, fine);
  EXPECT_NEAR(coarse, 4 * fine, 0.04);
  EXPECT_LT(std::abs(fine), 0.05);
}

TEST(AfterPotentialTest, WhatCannotBeIsRefused) {
  EXPECT_THAT(CellsFault(Cell(", v_reset: 30")),
              HasSubstr("v_reset = 30 mV is not below v_peak = 20 mV"));
  EXPECT_THAT(CellsFault(Cell(", v_t_spike: 25")),
              HasSubstr("v_t_spike = 25 mV is not below v_peak"));
  EXPECT_THAT(Instability(Cell(", tau_w: 0.5"), 2), HasSubstr("tau_w"));
}

}  // namespace
}  // namespace engram
