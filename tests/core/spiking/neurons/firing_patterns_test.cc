// The twenty patterns of 2004 and the classes of 2003, spike by spike.

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/core/spiking/neurons/cells.h"

namespace engram {
namespace {

struct Pattern {
  const char* cell;
  double v0, dt, duration;
  std::function<double(double)> current;
  size_t spikes;
  // All of them, or as many as were published: the first ones, and the last.
  std::vector<double> first;
  double last;
  double u0 = 0;
  bool has_u0 = false;
};

std::function<double(double)> After(double at, double value) {
  return [=](double t) { return t > at ? value : 0.0; };
}
std::function<double(double)> Between(double from, double to, double value,
                                      double otherwise = 0) {
  return [=](double t) { return t > from && t < to ? value : otherwise; };
}
std::function<double(double)> Pulses(std::vector<double> at, double width,
                                     double value) {
  return [=](double t) {
    for (double from : at) {
      if (t > from && t < from + width) return value;
    }
    return 0.0;
  };
}

double ThresholdPulses(double t) {
  if ((t > 10 && t < 15) || (t > 80 && t < 85)) return 1;
  return t > 70 && t < 75 ? -6 : 0;
}
double TwoRamps(double t) {
  if (t < 200) return t / 25;
  if (t < 300) return 0;
  return t < 312.5 ? 4 * (t - 300) / 12.5 : 0;
}
double Inhibition(double t) { return t < 50 || t > 250 ? 80 : 75; }
double Switches(double t) {
  return (t > 37.5 && t < 42.5) || (t > 216 && t < 221) ? 1.24 : 0.24;
}
double RampTo1(double t) { return t > 30 ? 0.075 * (t - 30) : 0; }
double RampTo2(double t) { return t > 30 ? -0.5 + 0.015 * (t - 30) : -0.5; }
double ForResonator(double t) {
  if (t > 60 && t < 65) return 10;
  return t > 10 ? -0.5 : -2;
}
double Release(double t) { return t <= 45 ? -25 : 0; }

// Times are those of the listing, which writes down the begin of a step. The
// numbers are of a double-precision program of its own that follows the
// listing (ModelDB 39948, izhi2003.m).
std::vector<Pattern> TwentyPatterns() {
  return {
      {"tonic_spiking",
       -70,
       .25,
       100,
       After(10, 14),
       5,
       {13, 17, 31.5, 59.25, 86.75},
       86.75},
      {"phasic_spiking", -64, .25, 200, After(20, .5), 1, {43.75}, 43.75},
      {"tonic_bursting",
       -70,
       .25,
       220,
       After(22, 15),
       28,
       {25, 26.5, 28.25},
       204.5},
      {"phasic_bursting",
       -64,
       .2,
       200,
       After(20, .6),
       6,
       {39, 42.8, 47, 51.8, 57.6, 67.2},
       67.2},
      {"mixed_mode",
       -70,
       .25,
       160,
       After(16, 10),
       6,
       {20, 22.75, 27.25, 67, 99.25, 131.5},
       131.5},
      {"spike_frequency_adaptation",
       -70,
       .25,
       85,
       After(8.5, 30),
       6,
       {10.25, 12.25, 15, 19.75, 42.5, 71.5},
       71.5},
      {"class_1_excitable", -60, .25, 300, RampTo1, 10, {84.5, 125}, 290.5},
      {"class_2_excitable", -64, .25, 300, RampTo2, 14, {105.75, 126.5}, 293},
      {"spike_latency", -70, .2, 100, Between(10, 13, 7.04), 1, {26.6}, 26.6},
      {"subthreshold_oscillations",
       -62,
       .25,
       200,
       Between(20, 25, 2),
       1,
       {26.5},
       26.5},
      {"resonator",
       -62,
       .25,
       400,
       Pulses({40, 60, 280, 320}, 4, .65),
       1,
       {338},
       338},
      {"integrator",
       -60,
       .25,
       100,
       Pulses({100.0 / 11, 100.0 / 11 + 5, 70, 80}, 2, 9),
       1,
       {20},
       20},
      {"rebound_spike", -64, .2, 200, Between(20, 25, -15), 1, {68}, 68},
      {"rebound_burst",
       -64,
       .2,
       200,
       Between(20, 25, -15),
       7,
       {68, 71, 74.2, 77.8, 81.8, 86.4, 92.2},
       92.2},
      {"threshold_variability",
       -64,
       .25,
       100,
       ThresholdPulses,
       1,
       {93.25},
       93.25},
      {"bistability",
       -61,
       .25,
       300,
       Switches,
       5,
       {45.25, 86, 126.5, 167.25, 208},
       208},
      {"depolarizing_after_potential",
       -70,
       .1,
       50,
       Between(9, 11, 20),
       1,
       {11.3},
       11.3},
      {"accommodation", -65, .5, 400, TwoRamps, 1, {311.5}, 311.5, -16, true},
      {"inhibition_induced_spiking",
       -63.8,
       .5,
       350,
       Inhibition,
       3,
       {94.5, 166, 236},
       236},
      {"inhibition_induced_bursting",
       -63.8,
       .5,
       350,
       Inhibition,
       12,
       {86.5},
       204},
  };
}

std::vector<Pattern> Classes() {
  return {
      {"RS",
       -63,
       .25,
       150,
       After(15, 14),
       5,
       {18.25, 24.25, 54.5, 87.75, 121},
       121},
      {"IB",
       -70,
       .25,
       150,
       After(15, 11),
       7,
       {18.75, 21.25, 25, 58.25, 87.75, 117.5, 147},
       147},
      {"CH", -70, .25, 150, After(15, 10), 15, {}, 146.25},
      {"FS", -70, .25, 150, After(15, 10), 15, {}, 141.25},
      {"TC",
       -63,
       .25,
       150,
       After(30, 1.5),
       4,
       {39.5, 53.5, 83, 120.25},
       120.25},
      {"TC", -87, .25, 150, Release, 5, {51, 56, 61.75, 69, 79.75}, 79.75},
      {"RZ", -70, .25, 100, ForResonator, 2, {62.75, 67.5}, 67.5},
      {"LTS", -63, .25, 250, After(25, 10), 18, {}, 240.5},
  };
}

std::vector<double> SpikesOf(const Pattern& p) {
  std::string yaml = absl::StrCat(
      "{type: izhikevich, units: 1, integration: euler_new_v, cell: ", p.cell,
      ", initial_v: {type: constant, value: ", p.v0, "}");
  if (p.has_u0) {
    absl::StrAppend(&yaml, ", initial_u: {type: constant, value: ", p.u0, "}");
  }
  Cells cells(yaml + "}", p.dt);
  std::vector<double> times;
  // The listing steps at 0, dt, ... and once more at the end.
  const auto steps = static_cast<int64_t>(std::llround(p.duration / p.dt)) + 1;
  for (int64_t k = 0; k < steps; ++k) {
    const double begin = static_cast<double>(k) * p.dt;
    cells.Give("input", p.current(begin));
    if (!cells.Step().empty()) times.push_back(begin);
  }
  return times;
}

void ExpectPattern(const Pattern& p) {
  const std::vector<double> times = SpikesOf(p);
  ASSERT_EQ(times.size(), p.spikes) << p.cell;
  for (size_t k = 0; k < p.first.size(); ++k) {
    EXPECT_NEAR(times[k], p.first[k], 1e-9) << p.cell << " spike " << k;
  }
  EXPECT_NEAR(times.back(), p.last, 1e-9) << p.cell;
}

TEST(FiringPatternsTest, TwentyPatternsSpikeBySpike) {
  const std::vector<Pattern> patterns = TwentyPatterns();
  ASSERT_EQ(patterns.size(), 20u);
  for (const Pattern& pattern : patterns) ExpectPattern(pattern);
}

TEST(FiringPatternsTest, ClassesSpikeBySpike) {
  const std::vector<Pattern> classes = Classes();
  ASSERT_EQ(classes.size(), 8u);
  for (const Pattern& pattern : classes) ExpectPattern(pattern);
}

}  // namespace
}  // namespace engram
