// Leaky integrate-and-fire models against closed forms.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "tests/core/spiking/neurons/cells.h"

namespace engram {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr double kTau = 10, kCapacitance = 250;  // [ms], [pF]

std::string Lif(const std::string& type, const std::string& more = "") {
  return "{type: " + type +
         ", units: 2, tau_m: 10, c_m: 250, e_l: 0, v_th: 15, v_reset: 0, "
         "t_ref: 2" +
         more + "}";
}

// v(t) after a current w exp(-t / tau_s) began at 0.
double ResponseToExponential(double t, double w, double tau_s) {
  return w / kCapacitance * (std::exp(-t / kTau) - std::exp(-t / tau_s)) /
         (1 / tau_s - 1 / kTau);
}

// And after w (t / tau_s) exp(1 - t / tau_s).
double ResponseToAlpha(double t, double w, double tau_s) {
  const double beta = 1 / tau_s - 1 / kTau;
  const double slow = std::exp(-t / kTau), fast = std::exp(-t / tau_s);
  return w * std::numbers::e / tau_s / kCapacitance *
         ((slow - fast) / (beta * beta) - t * fast / beta);
}

TEST(LifCurrentTest, ResponseToAnExponentialCurrentIsExactForAnyStep) {
  for (double dt : {0.1, 0.5, 2.0}) {
    Cells cells(Lif("lif_current_exponential", ", tau_e: 0.7, tau_i: 4"), dt);
    cells.Give("excitatory", 300);
    cells.Give("inhibitory", -50);
    // Input comes at the end of the step, so that is time 0.
    cells.Step();
    const double start = cells.time();
    EXPECT_EQ(cells("v"), 0);
    for (int k = 0; k < 20; ++k) {
      cells.Step();
      const double t = cells.time() - start;
      EXPECT_NEAR(
          cells("v", 1),
          ResponseToExponential(t, 300, 0.7) + ResponseToExponential(t, -50, 4),
          1e-12);
      EXPECT_NEAR(cells("i_e"), 300 * std::exp(-t / 0.7), 1e-10);
    }
  }
}

TEST(LifCurrentTest, ResponseToAnAlphaCurrentIsExactForAnyStep) {
  for (double dt : {0.1, 0.5, 2.0}) {
    Cells cells(Lif("lif_current_alpha", ", tau_e: 0.7, tau_i: 4"), dt);
    cells.Give("excitatory", 300);
    cells.Give("inhibitory", -50);
    cells.Step();
    const double start = cells.time();
    for (int k = 0; k < 20; ++k) {
      cells.Step();
      const double t = cells.time() - start;
      EXPECT_NEAR(cells("v"),
                  ResponseToAlpha(t, 300, 0.7) + ResponseToAlpha(t, -50, 4),
                  1e-12);
    }
  }
}

TEST(LifCurrentTest, AlphaCurrentPeaksAtItsWeightAfterTau) {
  Cells cells(Lif("lif_current_alpha", ", tau_e: 2, tau_i: 4"), 0.5);
  cells.Give("excitatory", 30);
  cells.Step();
  double peak = 0, at = 0;
  for (int k = 1; k < 40; ++k) {
    cells.Step();
    if (cells("i_e") <= peak) continue;
    peak = cells("i_e");
    at = 0.5 * k;
  }
  EXPECT_NEAR(peak, 30, 1e-12);
  EXPECT_DOUBLE_EQ(at, 2);
}

TEST(LifCurrentTest, EqualTimeConstantsAreNoException) {
  Cells cells(Lif("lif_current_exponential", ", tau_e: 10"), 0.5);
  cells.Give("excitatory", 100);
  cells.Step();
  for (int k = 0; k < 10; ++k) cells.Step();
  EXPECT_NEAR(cells("v"), 100.0 / 250 * 5 * std::exp(-0.5), 1e-12);
}

// Between spikes v rises from the reset to c (1 - exp(-t / tau)), with
// c = I tau / C, and the first step that ends behind the threshold has the
// spike.
double IntervalOfLif(double current, double dt) {
  const double c = current * kTau / kCapacitance;
  const double rise = -kTau * std::log(1 - 15 / c);
  return 2 + std::ceil(rise / dt) * dt;
}

TEST(LifTest, RateOverCurrentIsTheClosedFormOnTheGrid) {
  for (const char* type :
       {"lif_delta", "lif_current_exponential", "lif_current_alpha"}) {
    for (double current : {380.0, 400.0, 500.0, 1000.0, 5000.0}) {
      Cells cells(Lif(type, ", current: " + std::to_string(current)), 0.1);
      const std::vector<double> times = cells.SpikesUntil(300);
      ASSERT_GE(times.size(), 3u);
      for (size_t k = 1; k < times.size(); ++k) {
        EXPECT_NEAR(times[k] - times[k - 1], IntervalOfLif(current, 0.1), 1e-9)
            << type << " " << current;
      }
    }
  }
}

// 255 steps are counted in a byte, one more is not.
TEST(LifTest, RefractoryTimeHasAsManyStepsAsItTakes) {
  for (const char* type :
       {"lif_delta", "lif_current_exponential", "lif_current_alpha",
        "lif_conductance_exponential", "lif_conductance_alpha"}) {
    for (const int steps : {0, 1, 255, 256, 1000}) {
      // The threshold is crossed in the first step that is not held.
      Cells cells("{type: " + std::string(type) +
                      ", units: 70, tau_m: 10, c_m: 250, e_l: 0, v_th: 15, "
                      "v_reset: 0, current: 1e6, t_ref: " +
                      std::to_string(0.1 * steps) + "}",
                  0.1);
      for (int spike = 0; spike < 3; ++spike) {
        EXPECT_EQ(cells.Step().size(), 70u) << type << " " << steps;
        for (int k = 0; k < steps; ++k) {
          EXPECT_EQ(cells("refractory", 69), steps - k);
          EXPECT_TRUE(cells.Step().empty()) << type << " " << steps;
        }
      }
    }
  }
}

TEST(LifTest, RheobaseIsThresholdTimesLeak) {
  // C / tau (v_th - e_l) = 375 pA.
  for (const char* type :
       {"lif_delta", "lif_current_exponential", "lif_current_alpha",
        "lif_conductance_exponential", "lif_conductance_alpha"}) {
    Cells below(Lif(type, ", current: 374.9"), 0.1);
    Cells above(Lif(type, ", current: 375.1"), 0.1);
    EXPECT_TRUE(below.SpikesUntil(500).empty()) << type;
    EXPECT_FALSE(above.SpikesUntil(500).empty()) << type;
  }
}

TEST(LifTest, StimulatedCurrentIsAsAConstantOne) {
  for (const char* type :
       {"lif_delta", "lif_current_exponential", "lif_current_alpha",
        "lif_conductance_exponential"}) {
    Cells constant(Lif(type, ", current: 300"), 0.1);
    Cells given(Lif(type), 0.1);
    for (int k = 0; k < 50; ++k) {
      given.Give("current", 300);
      given.Step();
      constant.Step();
    }
    EXPECT_EQ(given("v"), constant("v")) << type;
    EXPECT_NEAR(given("v"), 12 * (1 - std::exp(-0.5)), 0.05) << type;
  }
}

TEST(LifDeltaTest, InputMovesThePotentialAtOnce) {
  Cells cells(Lif("lif_delta"), 0.5);
  cells.Give("input", 4);
  cells.Step();
  EXPECT_EQ(cells("v"), 4);
  cells.Step();
  EXPECT_NEAR(cells("v"), 4 * std::exp(-0.05), 1e-14);
}

TEST(LifDeltaTest, OrderSaysWhetherInputFiresInItsStep) {
  for (const bool is_input_first : {true, false}) {
    Cells cells(Lif("lif_delta", is_input_first ? ", order: input_first"
                                                : ", order: threshold_first"),
                0.01);
    cells.Give("input", 20);
    EXPECT_EQ(cells.Step().size(), is_input_first ? 2u : 0u);
    EXPECT_EQ(cells.Step().size(), is_input_first ? 0u : 2u);
  }
}

TEST(LifDeltaTest, InputInTheRefractoryTimeIsLost) {
  for (const char* order : {"input_first", "threshold_first"}) {
    Cells cells(Lif("lif_delta", std::string(", initial_v: {type: constant, "
                                             "value: 40}, order: ") +
                                     order),
                0.5);
    cells.Give("input", 1);
    EXPECT_THAT(cells.Step(), ElementsAre(0, 1));
    // Four steps of 0.5 ms; with threshold_first the input of the spike's step
    // is lost, too, and that of the last one counts no earlier than the next.
    for (int k = 0; k < 4; ++k) {
      EXPECT_EQ(cells("v"), 0) << order;
      cells.Give("input", k < 3 ? 5 : 0);
      cells.Step();
    }
    cells.Give("input", 5);
    cells.Step();
    EXPECT_EQ(cells("v"), 5) << order;
  }
}

TEST(LifConductanceTest, OneStepByHand) {
  Cells cells(Lif("lif_conductance_exponential",
                  ", e_e: 70, e_i: -10, tau_e: 5, tau_i: 8, current: 10, "
                  "initial_v: {type: constant, value: 5}, initial_g_e: {type: "
                  "constant, value: 20}, initial_g_i: {type: constant, value: "
                  "30}"),
              0.1);
  cells.Give("excitatory", 3);
  cells.Step();
  EXPECT_NEAR(cells("v"),
              5 + 0.1 * (-5.0 / 10 + (20 * 65.0 - 30 * 15.0 + 10) / 250),
              1e-12);
  EXPECT_NEAR(cells("g_e"), 20 * (1 - 0.1 / 5) + 3, 1e-12);
  EXPECT_NEAR(cells("g_i"), 30 * (1 - 0.1 / 8), 1e-12);
}

// A conductance that stays (tau far above the time) pulls v to a weighted mean
// of the potentials, with the time constant C / (C / tau_m + g).
TEST(LifConductanceTest, LastingConductanceHasItsClosedForm) {
  Cells cells(Lif("lif_conductance_exponential",
                  ", tau_e: 1e5, e_e: 30, initial_g_e: {type: constant, value: "
                  "10}"),
              0.01);
  for (int k = 0; k < 500; ++k) cells.Step();
  // g_l = 25 nS: target 300 / 35, time constant 250 / 35 ms. Euler's error
  // after t is t / (2 tau) dt / tau of what is left, below 1e-3.
  const double target = 300.0 / 35, tau = 250.0 / 35;
  EXPECT_NEAR(cells("v"), target * (1 - std::exp(-5 / tau)), 5e-3);
}

constexpr char kExponential[] = ", integration: exponential_euler";

// Conductances that hardly decay are integrated as if they stayed, in steps
// that Euler's method could not take: of 12 ms where the time constant is
// 250 / 60. Their decay by 4e-4 moves what v tends to by less than 2e-3.
TEST(LifConductanceTest, ExponentialEulerIsExactWhileConductancesStay) {
  Cells cells(Lif("lif_conductance_exponential",
                  std::string(kExponential) +
                      ", tau_e: 1e5, tau_i: 1e5, e_e: 30, e_i: -10, current: "
                      "5, initial_v: 2, initial_g_e: 20, initial_g_i: 15"),
              12);
  const double target = (20 * 30.0 - 15 * 10.0 + 5) / 60, tau = 250.0 / 60;
  double by_hand = 2;
  for (int k = 0; k < 3; ++k) {
    cells.Step();
    const double share = std::exp(-12.0 * k / 1e5);
    const double g = 25 + 35 * share;
    const double now = (share * 450 + 5) / g;
    by_hand = now + (by_hand - now) * std::exp(-12 * g / 250);
    EXPECT_NEAR(cells("v"), by_hand, 1e-12);
    EXPECT_NEAR(cells("v"),
                target + (2 - target) * std::exp(-12 * (k + 1) / tau), 2e-3);
  }
}

// After an input the conductance is its closed form, whatever the step.
TEST(LifConductanceTest, ExponentialEulerMovesConductancesExactly) {
  for (const double dt : {0.1, 3.0}) {
    Cells jump(Lif("lif_conductance_exponential",
                   std::string(kExponential) + ", tau_e: 4"),
               dt);
    Cells rise(
        Lif("lif_conductance_alpha", std::string(kExponential) + ", tau_e: 4"),
        dt);
    for (Cells* cells : {&jump, &rise}) {
      cells->Give("excitatory", 7);
      cells->Step();
    }
    for (int k = 1; k < 5; ++k) {
      jump.Step();
      rise.Step();
      const double t = k * dt;
      EXPECT_NEAR(jump("g_e"), 7 * std::exp(-t / 4), 1e-12);
      EXPECT_NEAR(rise("g_e"), 7 * t / 4 * std::exp(1 - t / 4), 1e-12);
    }
  }
}

double ErrorOfConductance(const char* type, double dt) {
  const std::string yaml = Lif(type, ", tau_e: 2, e_e: 70");
  const auto at_5_ms = [&](double step) {
    Cells cells(yaml, step);
    cells.Give("excitatory", 5);
    cells.Step();
    const auto steps = static_cast<int>(std::llround(5 / step));
    for (int k = 0; k < steps; ++k) cells.Step();
    return cells("v");
  };
  return at_5_ms(dt) - at_5_ms(dt / 64);
}

TEST(LifConductanceTest, EulerConvergesInFirstOrder) {
  for (const char* type :
       {"lif_conductance_exponential", "lif_conductance_alpha"}) {
    // Against a step 64 times shorter: errors 63 and 31 parts.
    const double ratio =
        ErrorOfConductance(type, 0.04) / ErrorOfConductance(type, 0.02);
    EXPECT_NEAR(ratio, 2, 0.06) << type;
  }
}

TEST(LifConductanceTest, AlphaConductancePeaksNearItsWeightAfterTau) {
  Cells cells(Lif("lif_conductance_alpha", ", tau_e: 2"), 0.01);
  cells.Give("excitatory", 30);
  cells.Step();
  double peak = 0, at = 0;
  for (int k = 1; k < 1000; ++k) {
    cells.Step();
    if (cells("g_e") <= peak) continue;
    peak = cells("g_e");
    at = 0.01 * k;
  }
  // Euler's relative error is dt / (2 tau) at the peak.
  EXPECT_NEAR(peak, 30, 30 * 0.01 / 2);
  EXPECT_NEAR(at, 2, 0.03);
}

TEST(LifTest, SynapsesGoOnInTheRefractoryTime) {
  Cells cells(Lif("lif_current_exponential",
                  ", tau_e: 5, initial_v: {type: constant, value: 20}"),
              0.5);
  EXPECT_EQ(cells.Step().size(), 2u);
  cells.Give("excitatory", 100);
  cells.Step();
  cells.Step();
  EXPECT_EQ(cells("v"), 0);
  EXPECT_NEAR(cells("i_e"), 100 * std::exp(-0.1), 1e-12);
}

TEST(LifTest, StartsAtRestOrAtWhatIsDrawn) {
  Cells rest("{type: lif_current_exponential, units: 5, e_l: -63}", 0.1);
  EXPECT_EQ(rest("v", 4), -63);
  Cells drawn(
      "{type: lif_current_exponential, units: 1000, initial_v: {type: "
      "uniform, low: -60, high: -50}}",
      0.1);
  double mean = 0;
  for (double v : drawn.All("v")) {
    EXPECT_GE(v, -60);
    EXPECT_LE(v, -50);
    mean += v / 1000;
  }
  // Deviation 10 / sqrt(12) of one.
  EXPECT_NEAR(mean, -55, 5 * 10 / std::sqrt(12.0 * 1000));
}

TEST(LifTest, AResetAboveTheThresholdIsRefused) {
  EXPECT_THAT(CellsFault("{type: lif_delta, v_reset: 30}"),
              HasSubstr("v_reset = 30"));
}

TEST(LifTest, StepsBeyondTwoTimeConstantsAreRefusedForEuler) {
  const std::string yaml =
      Lif("lif_conductance_exponential", ", tau_e: 0.5, tau_i: 4");
  EXPECT_EQ(Instability(yaml, 1), "");
  EXPECT_THAT(Instability(yaml, 1.1), HasSubstr("2 tau_e = 1 ms"));
  EXPECT_EQ(Instability(Lif("lif_current_exponential", ", tau_e: 0.5"), 5), "");
}

TEST(LifTest, SinglePrecisionStaysCloseToDouble) {
  for (const char* type :
       {"lif_delta", "lif_current_exponential", "lif_current_alpha",
        "lif_conductance_exponential", "lif_conductance_alpha"}) {
    const std::string yaml = Lif(type, ", current: 350");
    CellsOf<double> exact(yaml, 0.1);
    CellsOf<float> single(yaml, 0.1);
    for (int k = 0; k < 200; ++k) {
      exact.Step();
      single.Step();
    }
    EXPECT_NEAR(single("v") / exact("v"), 1, 1e-4) << type;
  }
}

}  // namespace
}  // namespace engram
