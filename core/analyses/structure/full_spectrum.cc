#include "core/analyses/structure/full_spectrum.h"

#include <algorithm>
#include <cmath>
#include <complex>

namespace engram {

FullSpectrum SpectrumOf(const EigenvalueSearch& search) {
  std::vector<std::complex<double>> values = search.Values();
  std::sort(values.begin(), values.end(), [](const auto& a, const auto& b) {
    const double x = std::norm(a), y = std::norm(b);
    if (x != y) return x > y;
    if (a.real() != b.real()) return a.real() > b.real();
    return a.imag() > b.imag();
  });
  FullSpectrum s;
  for (const std::complex<double>& value : values) {
    s.real.push_back(value.real());
    s.imaginary.push_back(value.imag());
  }
  return s;
}

FullSpectrum ComputeFullSpectrum(const Array<double>& w) {
  return SpectrumOf(FindEigenvalues(w));
}

}  // namespace engram
