#pragma once

#include <span>

#include "core/spec/component.h"

namespace engram {

// The pattern network for N to infinity: after the potential h started as a
// pattern it is h_i = sum_mu kappa_mu xi_i^mu + n_i at all times, with
//
//   tau dkappa_mu/dt = -kappa_mu
//       + strength kappa_(mu-1) sqrt(2/pi) / sqrt(gain_width^2 + v + |kappa|^2)
//   tau dv/dt = 2 (sigma^2 - v)
//
//   kappa (n_patterns)  overlaps of the potential with the patterns  [1]
//   v                   variance of n, which the noise makes          [1]
//
// because for Gaussian x of variance q, E[x phi(x + n)] = q E[phi'] with
// E[phi'] = sqrt(2/pi) / sqrt(gain_width^2 + q + v). Exact for full
// connectivity; with few inputs a unit the weights add a noise of their own.
//
// Source: Gillett, Pereira, Brunel (2020), doi:10.1073/pnas.1918674117.
class PatternMeanField {
 public:
  // Of a component of type pattern_network.
  explicit PatternMeanField(const Component& network);

  // dkappa/dt [1/ms]; `field` may not be `kappa`. Allocates nothing.
  void Field(std::span<const double> kappa, double variance,
             std::span<double> field) const;
  double VarianceField(double variance) const;  // dv/dt [1/ms]
  // One Euler step of the network's dt; `field` is scratch.
  void Step(std::span<double> kappa, double& variance,
            std::span<double> field) const;

 private:
  double tau_;         // [ms]
  double dt_;          // [ms]
  double strength_;    // [1]
  double gain_width_;  // [1]
  double sigma_;       // [1]
};

}  // namespace engram
