#pragma once

#include <cstdint>
#include <span>

#include "core/analyses/dynamics/dynamics.h"
#include "core/base/array.h"

namespace engram {

// Mean field of a network that stores a sequence of P Gaussian patterns, N
// without bound, h = sum_mu kappa_mu xi^mu, phi(h) = erf(h / (sqrt 2
// gain_width)):
//
//   tau dkappa_mu/dt = -kappa_mu
//       + strength kappa_(mu-1) sqrt(2/pi)
//         (gain_width^2 + sum_nu kappa_nu^2)^(-1/2)
//
// where kappa_0 = 0: the first pattern has none before it. In a cycle it
// follows the last one.
//
//   kappa  (n_patterns)  overlap of the potentials with a pattern  [1]
//
// Derived by Gaussian averages of erf; a form of Gillett, Pereira, Brunel
// (2020), doi:10.1073/pnas.1918674117.
struct OverlapParameters {
  int64_t patterns = 2;     // P
  double strength = 1;      // [1]
  double gain_width = 0.5;  // of phi [1]
  double tau = 10;          // [ms]
  bool is_cycle = false;    // the first pattern follows the last one
};

class OverlapDynamics final : public Dynamics {
 public:
  explicit OverlapDynamics(const OverlapParameters& parameters)
      : p_(parameters) {}

  int64_t size() const override { return p_.patterns; }
  double time_constant() const override { return p_.tau; }
  void Evaluate(DynamicsPoint& p) const override;
  void Linearise(DynamicsPoint& p, Array<double>& jacobian) const override;
  void AddCurvature(DynamicsPoint& p, std::span<const double> v,
                    Array<double>& h) const override;

 private:
  // The pattern before `mu`, -1 for none.
  int64_t Before(int64_t mu) const;
  double SumOfSquares(
      const DynamicsPoint& p) const;  // gain_width^2 + |kappa|^2

  OverlapParameters p_;
};

}  // namespace engram
