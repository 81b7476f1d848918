#include "core/spiking/neurons/propagators.h"

#include <cmath>

#include "core/base/math.h"

namespace engram {
namespace {

// Within this the closed forms below would lose digits to cancellation.
constexpr double kSeriesWithin = 1;
constexpr int kTerms = 22;  // 1 / 22! is below the last digit

// Integral of s^power exp(x s) over s in [0, 1], power 0 or 1, as the series
// sum over n of x^n / (n! (n + power + 1)).
double Series(double x, int power) {
  double term = 1, sum = 0;
  for (int n = 0; n < kTerms; ++n) {
    sum += term / (n + power + 1);
    term *= x / (n + 1);
  }
  return sum;
}

}  // namespace

double Decay(double h, double tau) { return math::Exp(-h / tau); }

double ExponentialResponse(double h, double tau_m, double tau_s) {
  const double x = h / tau_m - h / tau_s;
  if (std::abs(x) < kSeriesWithin) {
    return h * Decay(h, tau_m) * Series(x, 0);
  }
  return h * (Decay(h, tau_s) - Decay(h, tau_m)) / x;
}

double AlphaResponse(double h, double tau_m, double tau_s) {
  const double x = h / tau_m - h / tau_s;
  if (std::abs(x) < kSeriesWithin) {
    return h * h * Decay(h, tau_m) * Series(x, 1);
  }
  return h * h * (Decay(h, tau_s) * (x - 1) + Decay(h, tau_m)) / (x * x);
}

double ConstantResponse(double h, double tau_m) {
  const double x = h / tau_m;
  if (x < kSeriesWithin) return h * Series(-x, 0);
  return tau_m * (1 - Decay(h, tau_m));
}

}  // namespace engram
