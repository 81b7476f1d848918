#include "core/analyses/structure/full_spectrum.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <complex>

#include "core/base/contract.h"

namespace engram {

FullSpectrum ComputeFullSpectrum(const Array<double>& w) {
  ENGRAM_EXPECT(w.rows() == w.cols());
  const Eigen::EigenSolver<Eigen::MatrixXd> solver(w.map(), false);
  FullSpectrum s;
  if (solver.info() != Eigen::Success) return s;
  std::vector<std::complex<double>> values(solver.eigenvalues().begin(),
                                           solver.eigenvalues().end());
  std::sort(values.begin(), values.end(), [](const auto& a, const auto& b) {
    const double x = std::norm(a), y = std::norm(b);
    if (x != y) return x > y;
    if (a.real() != b.real()) return a.real() > b.real();
    return a.imag() > b.imag();
  });
  for (const std::complex<double>& value : values) {
    s.real.push_back(value.real());
    s.imaginary.push_back(value.imag());
  }
  return s;
}

}  // namespace engram
