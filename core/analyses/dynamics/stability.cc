#include "core/analyses/dynamics/stability.h"

#include <algorithm>
#include <complex>
#include <limits>

namespace engram {

void BeginStability(const Dynamics& dynamics, DynamicsPoint& p,
                    EigenvalueSearch& search) {
  Array<double> jacobian(dynamics.size(), dynamics.size());
  dynamics.Evaluate(p);
  dynamics.Linearise(p, jacobian);
  if (dynamics.is_map()) jacobian.map().diagonal().array() += 1;
  search.Begin(jacobian);
}

std::optional<Stability> StabilityOf(const EigenvalueSearch& search,
                                     bool is_map) {
  if (!search.is_found()) return std::nullopt;
  std::vector<std::complex<double>> values = search.Values();
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

std::optional<Stability> ComputeStability(const Dynamics& dynamics,
                                          DynamicsPoint& p) {
  EigenvalueSearch search(dynamics.size());
  BeginStability(dynamics, p, search);
  search.Advance(std::numeric_limits<double>::infinity());
  return StabilityOf(search, dynamics.is_map());
}

}  // namespace engram
