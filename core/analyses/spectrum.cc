#include "core/analyses/spectrum.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <vector>

#include "core/analyses/structure/eigenvalue_search.h"
#include "core/base/contract.h"
#include "core/base/statistics.h"

namespace engram {

std::optional<Spectrum> ComputeSpectrum(const Array<double>& w) {
  ENGRAM_EXPECT(w.rows() == w.cols());
  const double squares = statistics::SumOfSquares(w.span());
  if (!(squares > 0)) return std::nullopt;
  const std::vector<std::complex<double>> values = FindEigenvalues(w).Values();
  if (values.empty()) return std::nullopt;
  Spectrum s;
  double sum = 0;
  for (const std::complex<double>& lambda : values) {
    const double square =
        lambda.real() * lambda.real() + lambda.imag() * lambda.imag();
    sum += square;
    s.radius = std::max(s.radius, std::sqrt(square));
    s.real = std::max(s.real, std::abs(lambda.real()));
    s.imaginary = std::max(s.imaginary, std::abs(lambda.imag()));
  }
  if (s.radius > 0) {
    s.real /= s.radius;
    s.imaginary /= s.radius;
  }
  s.henrici = std::sqrt(std::max(squares - sum, 0.0) / squares);
  return s;
}

}  // namespace engram
