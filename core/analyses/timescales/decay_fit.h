#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace engram {

// A decay with one or two time constants, fitted by least squares:
//
//   one  y(t) = a exp(-t / tau)
//   two  y(t) = a [share exp(-t / tau_fast) + (1 - share) exp(-t / tau)]
//
//   0 <= a <= 1,  0 <= share <= 1,  tau_fast <= tau <= longest
//
// Of the two the one with the smaller AIC = 2 k + n ln(RSS / n), k = 2 or 4
// parameters, is chosen (Akaike 1974, doi:10.1109/TAC.1974.1100705), as by
// Khajehabdollahi et al. (2024), arXiv:2309.12927. It takes the errors at all
// lags for independent; those of an autocorrelation are not, so that a second
// term is often found in one that has but one: `tau` of one term is the
// steadier number.
struct Decay {
  int terms = 1;
  double amplitude = 0;  // a [1]
  double tau = 0;        // the only time constant, or the longer one [ms]
  double tau_fast = 0;   // the shorter one [ms]; 0 for one term
  double share = 0;      // of the faster term [1]; 0 for one term
  double squares = 0;    // sum of squared residuals, RSS
  double aic = 0;

  double At(double t) const;  // t [ms]
};

// Numbers y at times first, first + dt, ... [ms].
struct DecayData {
  std::span<const double> y;
  double dt = 1;
  double first = 0;
};

// The least squares are found by Levenberg and Marquardt's method within the
// bounds, from the best of a grid of time constants; the same bits each time.
// `longest` [ms] is above dt. Empty for fewer numbers than parameters + 1, and
// where nothing is above 0 that could decay.
std::optional<Decay> FitOneDecay(const DecayData& data, double longest);
std::optional<Decay> FitTwoDecays(const DecayData& data, double longest);
// The chosen one of both. Two terms are not chosen where the longer constant
// ends at `longest`: then it is the bound that was found, no time constant.
std::optional<Decay> FitDecay(const DecayData& data, double longest);

}  // namespace engram
