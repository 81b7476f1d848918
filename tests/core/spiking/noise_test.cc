// Random numbers in bulk have the distributions that they should have.

#include "core/spiking/noise.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "core/spiking/catalog.h"
#include "tests/support/experiment_tree.h"

namespace engram {
namespace {

TEST(NoiseTest, NormalsAreThoseOfBoxAndMuller) {
  const RandomStream random(1, "noise", "test");
  NoiseWords words;
  NoiseNumbers numbers;
  for (int64_t chunk = 0; chunk < 200; ++chunk) {
    random.FillWords(chunk, 3, words);
    NormalsOf(words, numbers);
    for (size_t k = 0; k < 64; ++k) {
      if (k % 32 >= 16) continue;
      const double u = (words[k] / 2 + 0.25) * 0x1p-31;
      const double angle = words[k + 16] * (2 * std::numbers::pi * 0x1p-32);
      const double radius = std::sqrt(-2 * std::log(u));
      ASSERT_NEAR(numbers[k], radius * std::cos(angle), 3e-6);
      ASSERT_NEAR(numbers[k + 16], radius * std::sin(angle), 3e-6);
    }
  }
}

// The words at the ends of their range.
TEST(NoiseTest, ExtremesAreFinite) {
  NoiseWords words;
  NoiseNumbers numbers;
  words.fill(0);
  NormalsOf(words, numbers);
  EXPECT_NEAR(numbers[0], std::sqrt(2 * 33 * std::numbers::ln2), 1e-4);
  words.fill(UINT32_MAX);
  NormalsOf(words, numbers);
  for (const float x : numbers) EXPECT_LT(std::abs(x), 1e-3);
}

TEST(NoiseTest, WordsDifferInChunkStepAndElement) {
  const RandomStream random(1, "noise", "test");
  NoiseWords a, b, c, again;
  random.FillWords(5, 7, a);
  random.FillWords(6, 7, b);
  random.FillWords(5, 8, c);
  random.FillWords(5, 7, again);
  EXPECT_EQ(a, again);
  EXPECT_NE(a, b);
  EXPECT_NE(a, c);
  EXPECT_NE(a[0], a[1]);
}

struct Moments {
  double mean, variance;
};

// Of what a stimulus adds to 640 units over 1000 steps.
Moments MomentsOf(const std::string& yaml) {
  const Component tree = Tree(
      "{type: spiking_network, dt: 0.1 ms, populations: [{type: izhikevich, "
      "name: a, units: 640}], stimuli: [" +
      yaml + "]}");
  const ScopedNumericEnvironment environment;
  const auto stimulus = MakeStimulus<double>(
      tree.Slots("stimuli").front(),
      {.first = 0, .units = 640, .all = 640, .dt = 0.1, .seed = 3});
  std::vector<double> input(640);
  double sum = 0, squares = 0;
  constexpr double kCount = 640 * 1000;
  for (int64_t step = 0; step < 1000; ++step) {
    std::ranges::fill(input, 0.0);
    stimulus->Add(step, 0, 640, input.data());
    for (const double x : input) {
      sum += x;
      squares += x * x;
    }
  }
  const double mean = sum / kCount;
  return {mean, squares / kCount - mean * mean};
}

// Five standard errors: of a mean sd / sqrt(n), of a normal's variance
// var sqrt(2 / n), n = 640,000.
TEST(NoiseTest, NoisyCurrentHasItsMeanAndDeviation) {
  const Moments m = MomentsOf("{type: noisy_current, to: a, mean: 3, sd: 2}");
  EXPECT_NEAR(m.mean, 3, 5 * 2 / 800.0);
  EXPECT_NEAR(m.variance, 4, 5 * 4 * std::sqrt(2 / 640000.0));
}

// A Poisson number's variance is its mean m, and that of its sample variance
// (m + 2 m^2) / n. Means of 0.2, 2 and 60 events a step, weight 0.5.
TEST(NoiseTest, PoissonInputHasItsMeanAndVariance) {
  for (const double mean : {0.2, 2.0, 60.0}) {
    const Moments m = MomentsOf(
        "{type: poisson_input, to: a, weight: 0.5, lines: 100, rate: " +
        std::to_string(mean * 100) + "}");
    EXPECT_NEAR(m.mean / 0.5, mean, 5 * std::sqrt(mean) / 800);
    EXPECT_NEAR(m.variance / 0.25, mean,
                5 * std::sqrt((mean + 2 * mean * mean) / 640000));
  }
}

// A part of a selection takes the numbers of its place in the whole.
TEST(NoiseTest, RangesTakeTheNumbersOfTheirUnits) {
  const Component tree = Tree(
      "{type: spiking_network, populations: [{type: izhikevich, name: a, "
      "units: 640}], stimuli: [{type: noisy_current, to: a}]}");
  const Component& c = tree.Slots("stimuli").front();
  const auto whole = MakeStimulus<double>(c, {0, 640, 640, 0.1, 3});
  const auto part = MakeStimulus<double>(c, {100, 300, 640, 0.1, 3});
  std::vector<double> all(640), some(170);
  whole->Add(5, 0, 640, all.data());
  part->Add(5, 13, 183, some.data());
  for (size_t k = 0; k < some.size(); ++k) EXPECT_EQ(some[k], all[113 + k]);
}

}  // namespace
}  // namespace engram
