#include "core/analyses/dynamics/overlap_dynamics.h"

#include <cmath>

#include "core/base/statistics.h"

namespace engram {
namespace {

constexpr double kSqrtTwoByPi = 0.79788456080286535588;  // sqrt(2 / pi)

}  // namespace

int64_t OverlapDynamics::Before(int64_t mu) const {
  if (mu > 0) return mu - 1;
  return p_.is_cycle ? p_.patterns - 1 : -1;
}

double OverlapDynamics::SumOfSquares(const DynamicsPoint& p) const {
  return p_.gain_width * p_.gain_width + statistics::SumOfSquares(p.x.span());
}

void OverlapDynamics::Evaluate(DynamicsPoint& p) const {
  const double drive = p_.strength * kSqrtTwoByPi / std::sqrt(SumOfSquares(p));
  for (int64_t mu = 0; mu < size(); ++mu) {
    const int64_t before = Before(mu);
    p.activity[mu] = drive * p.x[mu];
    p.field[mu] = -p.x[mu] + (before < 0 ? 0.0 : drive * p.x[before]);
  }
}

// With D = gain_width^2 + |kappa|^2 and c = strength sqrt(2/pi):
//   dF_mu/dkappa_nu = -[mu = nu] + c [nu = mu-1] D^-1/2
//                     - c kappa_(mu-1) kappa_nu D^-3/2
void OverlapDynamics::Linearise(DynamicsPoint& p,
                                Array<double>& jacobian) const {
  const double d = SumOfSquares(p);
  const double drive = p_.strength * kSqrtTwoByPi / std::sqrt(d);
  for (int64_t nu = 0; nu < size(); ++nu) {
    for (int64_t mu = 0; mu < size(); ++mu) {
      const int64_t before = Before(mu);
      double value = mu == nu ? -1.0 : 0.0;
      if (before >= 0) {
        value -= drive / d * p.x[before] * p.x[nu];
        if (before == nu) value += drive;
      }
      jacobian(mu, nu) = value;
    }
  }
}

// With b = mu - 1, the second derivative of kappa_b D^-1/2 by kappa_nu and
// kappa_rho is
//   -D^-3/2 ([b = nu] kappa_rho + [b = rho] kappa_nu + [nu = rho] kappa_b)
//   + 3 D^-5/2 kappa_b kappa_nu kappa_rho.
// Summed over mu with weights v, kappa_b becomes k = sum v_mu kappa_(mu-1), and
// [b = nu] becomes v of the pattern behind nu.
void OverlapDynamics::AddCurvature(DynamicsPoint& p, std::span<const double> v,
                                   Array<double>& h) const {
  const int64_t n = size();
  const double d = SumOfSquares(p);
  const double c = p_.strength * kSqrtTwoByPi / (d * std::sqrt(d));
  double k = 0;
  p.curvature.Fill(0);  // v_(nu+1)
  for (int64_t mu = 0; mu < n; ++mu) {
    const int64_t before = Before(mu);
    if (before < 0) continue;
    k += v[static_cast<size_t>(mu)] * p.x[before];
    p.curvature[before] = v[static_cast<size_t>(mu)];
  }
  for (int64_t rho = 0; rho < n; ++rho) {
    for (int64_t nu = 0; nu < n; ++nu) {
      double value =
          -(p.curvature[nu] * p.x[rho] + p.curvature[rho] * p.x[nu]) +
          3 * k * p.x[nu] * p.x[rho] / d;
      if (nu == rho) value -= k;
      h(nu, rho) += c * value;
    }
  }
}

}  // namespace engram
