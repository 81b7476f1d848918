#pragma once

#include <cstdint>
#include <optional>

#include "core/base/array.h"

namespace engram {

// How a recording is turned into a linear system.
struct DelayEmbedding {
  int64_t delays = 10;   // steps that one embedded state spans
  int64_t interval = 1;  // steps between them
  int64_t rank = 6;      // q, of the system
};

// The matrix A (q, q) of x_(t+1) = A x_t, fitted to a recording (n_steps,
// n_units): units less their means, states of `delays` steps one behind the
// other, the `rank` leading singular vectors of those, least squares. Empty
// when the recording is too short or too simple for that rank.
std::optional<Array<double>> FitLinearSystem(const Array<double>& recording,
                                             const DelayEmbedding& embedding);

// min |A - C B C'|_F over orthogonal C: the distance of two systems up to a
// rotation of their states, by descent on the orthogonal group from several
// starts of either orientation.
// Source: Ostrow, Eisen, Kozachkov, Fiete (2023), arXiv:2306.10168.
double DynamicalDistance(const Array<double>& a, const Array<double>& b);

// sqrt(min sum |lambda_i - mu_p(i)|^2) over permutations p of the eigenvalues.
// For normal matrices no C comes nearer (Hoffman and Wielandt 1953,
// doi:10.1215/S0012-7094-53-02004-3); for others it is no bound. Empty when the
// eigenvalues are not found.
std::optional<double> EigenvalueDistance(const Array<double>& a,
                                         const Array<double>& b);

}  // namespace engram
