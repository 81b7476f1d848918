#include "core/analyses/timescales/decay_fit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "core/analyses/timescales/bounded_least_squares.h"
#include "core/base/contract.h"
#include "core/base/math.h"

namespace engram {
namespace {

// The shortest time constant: the decay is over, to 2e-9, one dt later.
constexpr double kShortest = 0.05;  // [dt]
// Time constants that are tried first, evenly in their logarithm.
constexpr int kGrid = 12;
// Of pairs of them, how many are starts of a fit.
constexpr size_t kStarts = 4;
// Nearer to its bound than this share, a time constant is the bound.
constexpr double kAtBound = 1e-6;
// Residuals below this mean square are the rounding of numbers near 1: fits
// that differ below it are equally good.
constexpr double kRounding = 1e-28;

double TimeOf(const DecayData& data, size_t k) {
  return data.first + static_cast<double>(k) * data.dt;
}

double AicOf(double squares, size_t n, int parameters) {
  const double count = static_cast<double>(n);
  return 2 * parameters +
         count * math::Log(std::max(squares / count, kRounding));
}

bool CanDecay(const DecayData& data, size_t parameters) {
  return data.y.size() > parameters &&
         std::ranges::any_of(data.y, [](double y) { return y > 0; });
}

std::array<double, kGrid> GridOf(double shortest, double longest) {
  std::array<double, kGrid> grid;
  const double ratio = math::Log(longest / shortest);
  for (int k = 0; k < kGrid; ++k) {
    grid[static_cast<size_t>(k)] =
        shortest * math::Exp(ratio * k / (kGrid - 1));
  }
  return grid;
}

// exp(-t / tau) at all times.
std::vector<double> Exponential(const DecayData& data, double tau) {
  std::vector<double> e(data.y.size());
  for (size_t k = 0; k < e.size(); ++k) {
    e[k] = math::Exp(-TimeOf(data, k) / tau);
  }
  return e;
}

// Parameters a and log tau.
using One = Eigen::Vector2d;

NormalEquations<2> EquationsOfOne(const DecayData& data, const One& p) {
  NormalEquations<2> equations;
  const double tau = math::Exp(p(1));
  for (size_t k = 0; k < data.y.size(); ++k) {
    const double t = TimeOf(data, k);
    const double e = math::Exp(-t / tau);
    equations.Add(data.y[k] - p(0) * e, {e, p(0) * e * t / tau});
  }
  return equations;
}

// Parameters a, share, log tau_fast and log tau.
using Two = Eigen::Vector4d;

NormalEquations<4> EquationsOfTwo(const DecayData& data, const Two& p) {
  NormalEquations<4> equations;
  const double a = p(0), share = p(1);
  const double fast = math::Exp(p(2)), slow = math::Exp(p(3));
  for (size_t k = 0; k < data.y.size(); ++k) {
    const double t = TimeOf(data, k);
    const double e = math::Exp(-t / fast), f = math::Exp(-t / slow);
    const double mixed = share * e + (1 - share) * f;
    equations.Add(data.y[k] - a * mixed,
                  {mixed, a * (e - f), a * share * e * t / fast,
                   a * (1 - share) * f * t / slow});
  }
  return equations;
}

// The amplitudes that fit best, for given time constants, brought within the
// bounds: where a fit begins.
One StartOfOne(const DecayData& data, double tau) {
  const std::vector<double> e = Exponential(data, tau);
  double ye = 0, ee = 0;
  for (size_t k = 0; k < e.size(); ++k) {
    ye += data.y[k] * e[k];
    ee += e[k] * e[k];
  }
  const double a = ee > 0 ? std::clamp(ye / ee, 0.01, 1.0) : 1.0;
  return {a, math::Log(tau)};
}

Two StartOfTwo(const DecayData& data, double fast, double slow) {
  const std::vector<double> e = Exponential(data, fast);
  const std::vector<double> f = Exponential(data, slow);
  double ee = 0, ef = 0, ff = 0, ye = 0, yf = 0;
  for (size_t k = 0; k < e.size(); ++k) {
    ee += e[k] * e[k], ef += e[k] * f[k], ff += f[k] * f[k];
    ye += data.y[k] * e[k], yf += data.y[k] * f[k];
  }
  const double determinant = ee * ff - ef * ef;
  double u = 0.5, v = 0.5;
  if (determinant > 0) {
    u = std::max((ye * ff - yf * ef) / determinant, 0.01);
    v = std::max((yf * ee - ye * ef) / determinant, 0.01);
  }
  return {std::clamp(u + v, 0.01, 1.0), u / (u + v), math::Log(fast),
          math::Log(slow)};
}

}  // namespace

double Decay::At(double t) const {
  const double slow = math::Exp(-t / tau);
  if (terms == 1) return amplitude * slow;
  return amplitude * (share * math::Exp(-t / tau_fast) + (1 - share) * slow);
}

std::optional<Decay> FitOneDecay(const DecayData& data, double longest) {
  ENGRAM_EXPECT(data.dt > 0 && longest > data.dt);
  if (!CanDecay(data, 2)) return std::nullopt;
  const double shortest = kShortest * data.dt;
  const auto equations = [&](const One& p) { return EquationsOfOne(data, p); };
  One best = StartOfOne(data, longest);
  for (const double tau : GridOf(shortest, longest)) {
    const One start = StartOfOne(data, tau);
    if (equations(start).squares < equations(best).squares) best = start;
  }
  const ParameterBox<2> box{{0, math::Log(shortest)}, {1, math::Log(longest)}};
  const double squares = FitWithin<2>(box, equations, best);
  return Decay{.amplitude = best(0),
               .tau = math::Exp(best(1)),
               .squares = squares,
               .aic = AicOf(squares, data.y.size(), 2)};
}

std::optional<Decay> FitTwoDecays(const DecayData& data, double longest) {
  ENGRAM_EXPECT(data.dt > 0 && longest > data.dt);
  if (!CanDecay(data, 4)) return std::nullopt;
  const double shortest = kShortest * data.dt;
  const auto equations = [&](const Two& p) { return EquationsOfTwo(data, p); };
  struct Start {
    double squares;
    Two p;
  };
  std::vector<Start> starts;
  const auto grid = GridOf(shortest, longest);
  for (size_t i = 0; i < grid.size(); ++i) {
    for (size_t j = i + 1; j < grid.size(); ++j) {
      const Two p = StartOfTwo(data, grid[i], grid[j]);
      starts.push_back({equations(p).squares, p});
    }
  }
  std::ranges::stable_sort(starts, {}, &Start::squares);
  starts.resize(std::min(starts.size(), kStarts));
  const double low = math::Log(shortest), high = math::Log(longest);
  const ParameterBox<4> box{{0, 0, low, low}, {1, 1, high, high}};
  for (Start& s : starts) s.squares = FitWithin<4>(box, equations, s.p);
  Two p = std::ranges::min_element(starts, {}, &Start::squares)->p;
  if (p(2) > p(3)) p = {p(0), 1 - p(1), p(3), p(2)};
  const double squares = equations(p).squares;
  return Decay{.terms = 2,
               .amplitude = p(0),
               .tau = math::Exp(p(3)),
               .tau_fast = math::Exp(p(2)),
               .share = p(1),
               .squares = squares,
               .aic = AicOf(squares, data.y.size(), 4)};
}

std::optional<Decay> FitDecay(const DecayData& data, double longest) {
  const std::optional<Decay> one = FitOneDecay(data, longest);
  const std::optional<Decay> two = FitTwoDecays(data, longest);
  const bool is_found = two && two->tau < longest * (1 - kAtBound);
  return is_found && two->aic < one->aic ? two : one;
}

}  // namespace engram
