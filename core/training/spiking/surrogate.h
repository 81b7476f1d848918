#pragma once

#include <cstdint>
#include <numbers>
#include <type_traits>

#include "core/base/math.h"

namespace engram {

// What stands for the derivative of a spike, S = [u > threshold], on the way
// back. The way forward is untouched.
//
//   fast_sigmoid  1 / (kappa |x| + 1)^2
//   super_spike   kappa / (kappa |x| + 1)^2
//   triangle      max(0, 1 - kappa |x|)
//   arctangent    1 / (1 + (pi kappa x / 2)^2)
//   gaussian      exp(-(kappa x)^2 / 2)
//   none          0: the true derivative wherever there is one
//
//   x      u - threshold  [threshold]
//   kappa  steepness [1/threshold]
//
// Source: Zenke and Ganguli (2018), doi:10.1162/neco_a_01086; Neftci, Mostafa
// and Zenke (2019), doi:10.1109/MSP.2019.2931595 (fast sigmoid); Bellec et al.
// (2018), arXiv:1803.09574 (triangle); Fang et al. (2021), arXiv:2007.05785
// (arctangent); Yin et al. (2020), arXiv:2005.11633 (Gaussian).
enum class Surrogate {
  kFastSigmoid,
  kSuperSpike,
  kTriangle,
  kArctangent,
  kGaussian,
  kNone
};

template <Surrogate kind>
using SurrogateConstant = std::integral_constant<Surrogate, kind>;

template <Surrogate kind, class Real>
Real SurrogateDerivative(Real x, Real kappa) {
  const Real size = x < Real{0} ? -x : x;
  if constexpr (kind == Surrogate::kFastSigmoid) {
    const Real root = kappa * size + Real{1};
    return Real{1} / (root * root);
  } else if constexpr (kind == Surrogate::kSuperSpike) {
    const Real root = kappa * size + Real{1};
    return kappa / (root * root);
  } else if constexpr (kind == Surrogate::kTriangle) {
    const Real left = Real{1} - kappa * size;
    return left > Real{0} ? left : Real{0};
  } else if constexpr (kind == Surrogate::kArctangent) {
    const Real z = static_cast<Real>(std::numbers::pi / 2) * kappa * x;
    return Real{1} / (Real{1} + z * z);
  } else if constexpr (kind == Surrogate::kGaussian) {
    const double z = static_cast<double>(kappa * x);
    return static_cast<Real>(math::Exp(-0.5 * z * z));
  } else {
    return Real{0};
  }
}

// Calls visit with a surrogate as a constant: what it calls is compiled for
// each.
template <class Visit>
void WithSurrogate(Surrogate kind, Visit visit) {
  switch (kind) {
    case Surrogate::kFastSigmoid:
      return visit(SurrogateConstant<Surrogate::kFastSigmoid>());
    case Surrogate::kSuperSpike:
      return visit(SurrogateConstant<Surrogate::kSuperSpike>());
    case Surrogate::kTriangle:
      return visit(SurrogateConstant<Surrogate::kTriangle>());
    case Surrogate::kArctangent:
      return visit(SurrogateConstant<Surrogate::kArctangent>());
    case Surrogate::kGaussian:
      return visit(SurrogateConstant<Surrogate::kGaussian>());
    case Surrogate::kNone:
      return visit(SurrogateConstant<Surrogate::kNone>());
  }
}

// The function whose derivative the fast sigmoid is: what a relaxed unit
// transmits in place of a spike, so that its gradient is exact.
template <class Real>
Real RelaxedSpike(Real x, Real kappa) {
  const Real size = x < Real{0} ? -x : x;
  return x / (Real{1} + kappa * size);
}

}  // namespace engram
