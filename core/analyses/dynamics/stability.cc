#include "core/analyses/dynamics/stability.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <complex>

namespace engram {

std::optional<Stability> ComputeStability(const Dynamics& dynamics,
                                          DynamicsPoint& p) {
  Array<double> jacobian(dynamics.size(), dynamics.size());
  dynamics.Evaluate(p);
  dynamics.Linearise(p, jacobian);
  const bool is_map = dynamics.is_map();
  if (is_map) jacobian.map().diagonal().array() += 1;
  const Eigen::EigenSolver<Eigen::MatrixXd> solver(jacobian.map(), false);
  if (solver.info() != Eigen::Success) return std::nullopt;
  std::vector<std::complex<double>> values(solver.eigenvalues().begin(),
                                           solver.eigenvalues().end());
  std::sort(values.begin(), values.end(), [&](const auto& a, const auto& b) {
    if (is_map && std::norm(a) != std::norm(b)) {
      return std::norm(a) > std::norm(b);
    }
    if (a.real() != b.real()) return a.real() > b.real();
    return a.imag() > b.imag();
  });
  Stability s;
  for (const std::complex<double>& value : values) {
    s.real.push_back(value.real());
    s.imaginary.push_back(value.imag());
    s.unstable_dimension += is_map ? std::norm(value) > 1 : value.real() > 0;
  }
  return s;
}

}  // namespace engram
