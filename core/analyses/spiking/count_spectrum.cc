#include "core/analyses/spiking/count_spectrum.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "core/base/contract.h"
#include "core/base/math.h"
#include "core/base/statistics.h"

namespace engram {
namespace {

constexpr double kWindowMs = 1000;

// cos and sin of 2 pi k / n for k in [0, n).
struct Circle {
  explicit Circle(size_t n) : cosine(n), sine(n) {
    for (size_t k = 0; k < n; ++k) {
      const double angle = 2 * std::numbers::pi * static_cast<double>(k) /
                           static_cast<double>(n);
      cosine[k] = math::Cos(angle);
      sine[k] = math::Sin(angle);
    }
  }
  std::vector<double> cosine, sine;
};

// Hann's, periodic.
std::vector<double> HannWindow(const Circle& circle) {
  std::vector<double> window(circle.cosine.size());
  for (size_t k = 0; k < window.size(); ++k) {
    window[k] = 0.5 * (1 - circle.cosine[k]);
  }
  return window;
}

// |sum_k x_k exp(-2 pi i f k / n)|^2
double SquaredModulus(std::span<const double> x, size_t f,
                      const Circle& circle) {
  double real = 0, imaginary = 0;
  for (size_t k = 0, turn = 0; k < x.size(); ++k) {
    real += x[k] * circle.cosine[turn];
    imaginary += x[k] * circle.sine[turn];
    turn += f;
    if (turn >= x.size()) turn -= x.size();
  }
  return real * real + imaginary * imaginary;
}

}  // namespace

CountSpectrum SpectrumOfCount(std::span<const double> count, double bin_ms,
                              double highest_hz) {
  ENGRAM_EXPECT(bin_ms > 0 && highest_hz > 0);
  const auto n = static_cast<size_t>(std::llround(kWindowMs / bin_ms));
  CountSpectrum spectrum{
      .resolution_hz = 1000 / (bin_ms * static_cast<double>(n)), .power = {}};
  if (n < 2 || count.size() < n) return spectrum;
  const Circle circle(n);
  const std::vector<double> window = HannWindow(circle);
  const auto highest = static_cast<size_t>(highest_hz / spectrum.resolution_hz);
  spectrum.power.resize(std::min(n / 2, highest) + 1);
  const double mean = *statistics::Mean(count);
  std::vector<double> x(n);
  double windows = 0;
  for (size_t begin = 0; begin + n <= count.size(); begin += n / 2, ++windows) {
    for (size_t k = 0; k < n; ++k) x[k] = window[k] * (count[begin + k] - mean);
    for (size_t f = 0; f < spectrum.power.size(); ++f) {
      spectrum.power[f] += SquaredModulus(x, f, circle);
    }
  }
  const double bins_a_second = 1000 / bin_ms;
  const double scale =
      2 / (windows * bins_a_second * statistics::SumOfSquares(window));
  for (double& p : spectrum.power) p *= scale;
  return spectrum;
}

std::optional<Rhythm> RhythmInBand(const CountSpectrum& spectrum, double low_hz,
                                   double high_hz) {
  Rhythm rhythm;
  double largest = 0, inside = 0, all = 0;
  for (size_t f = 1; f < spectrum.power.size(); ++f) {
    const double hz = static_cast<double>(f) * spectrum.resolution_hz;
    const double power = spectrum.power[f];
    all += power;
    if (hz < low_hz || hz > high_hz) continue;
    inside += power;
    if (power <= largest) continue;
    largest = power;
    rhythm.peak_hz = hz;
  }
  if (largest <= 0) return std::nullopt;
  rhythm.share = inside / all;
  return rhythm;
}

}  // namespace engram
