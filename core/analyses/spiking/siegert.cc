#include "core/analyses/spiking/siegert.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "core/base/contract.h"
#include "core/base/math.h"

namespace engram {
namespace {

// Beyond this the difference 1 - erf has lost digits, and the continued
// fraction converges within kTerms.
constexpr double kFractionFrom = 2;
constexpr int kTerms = 200;
// exp(u^2) beyond this overflows.
constexpr double kLargestU = 26;
// Gauss-Legendre points of eight, on panels of at most this width.
constexpr double kPanel = 0.125;
constexpr double kPoint[] = {0.18343464249564980, 0.52553240991632899,
                             0.79666647741362674, 0.96028985649753623};
constexpr double kWeight[] = {0.36268378337836198, 0.31370664587788729,
                              0.22238103445337447, 0.10122853629037626};

// exp(u^2) (1 + erf u)
double Integrand(double u) {
  if (u <= 0) return ScaledErfc(-u);
  return math::Exp(u * u) * (1 + math::Erf(u));
}

double IntegralOfPanel(double from, double to) {
  const double middle = 0.5 * (from + to), half = 0.5 * (to - from);
  double sum = 0;
  for (int k = 0; k < 4; ++k) {
    sum += kWeight[k] * (Integrand(middle - half * kPoint[k]) +
                         Integrand(middle + half * kPoint[k]));
  }
  return sum * half;
}

}  // namespace

double ScaledErfc(double x) {
  ENGRAM_EXPECT(x >= 0);
  if (x < kFractionFrom) return math::Exp(x * x) * (1 - math::Erf(x));
  // sqrt(pi) erfcx(x) = 1 / (x + (1/2) / (x + 1 / (x + (3/2) / (x + ...)))),
  // from the inside out.
  double tail = x;
  for (int k = kTerms; k >= 1; --k) tail = x + 0.5 * k / tail;
  return 1 / (std::sqrt(std::numbers::pi) * tail);
}

double SiegertRate(const NoisyUnit& unit, double mu, double sigma) {
  ENGRAM_EXPECT(sigma > 0 && unit.tau > 0 && unit.reset < unit.threshold);
  const double from = (unit.reset - mu) / sigma;
  const double to = (unit.threshold - mu) / sigma;
  if (to > kLargestU) return 0;
  // A wide range far below 0, where the integrand is close to 1 / |u|, needs
  // panels that grow with the distance.
  double integral = 0;
  for (double u = from; u < to;) {
    const double width = std::max(kPanel, 0.125 * std::abs(u));
    const double next = std::min(to, u < 0 ? u + width : u + kPanel);
    integral += IntegralOfPanel(u, next);
    u = next;
  }
  const double ms =
      unit.refractory + unit.tau * std::sqrt(std::numbers::pi) * integral;
  return 1000 / ms;
}

}  // namespace engram
