// Optimizers that divide by the size of past gradients. g is the gradient plus
// weight_decay theta, except in adamw, where theta decays by itself.
//
//   adagrad  s += g^2,  theta -= eta g / (sqrt(s) + epsilon)
//   rmsprop  s = alpha s + (1 - alpha) g^2,
//            b = mu b + g / (sqrt(s) + epsilon),  theta -= eta b
//   rmaxprop s = max(gamma s, g^2),  theta -= eta g / (sqrt(s) + epsilon)
//   adam     m = beta_1 m + (1 - beta_1) g,  s = beta_2 s + (1 - beta_2) g^2,
//            theta -= eta / (1 - beta_1^k)
//                     m / (sqrt(s) / sqrt(1 - beta_2^k) + epsilon)
//   adamw    theta *= 1 - eta weight_decay, then as adam
//
// Sources: Duchi, Hazan and Singer (2011), JMLR 12:2121-2159; Tieleman and
// Hinton (2012), Coursera lecture 6.5; Kingma and Ba (2015), arXiv:1412.6980;
// Loshchilov and Hutter (2019), arXiv:1711.05101; Zenke and Ganguli (2018),
// doi:10.1162/neco_a_01086 (rmaxprop).

#include <cmath>

#include "core/base/math.h"
#include "core/optimizers/optimizer.h"

namespace engram {
namespace {

template <class Real>
Real Parameter(const Component& c, const char* name) {
  return static_cast<Real>(c.Real(name));
}

template <class Real>
class AdaGrad final : public Optimizer<Real> {
 public:
  explicit AdaGrad(const Component& c)
      : decay_(Parameter<Real>(c, "weight_decay")),
        epsilon_(Parameter<Real>(c, "epsilon")) {}

  void Step(int64_t, double rate,
            const OptimizerStretch<Real>& stretch) const override {
    const Real eta = static_cast<Real>(rate);
    const Real decay = decay_, epsilon = epsilon_;
    const Real* __restrict gradient = stretch.gradient;
    Real* __restrict theta = stretch.parameters;
    Real* __restrict s = stretch.moments[0];
    for (int64_t i = 0; i < stretch.size; ++i) {
      const Real g = gradient[i] + decay * theta[i];
      s[i] += g * g;
      theta[i] -= eta * g / (std::sqrt(s[i]) + epsilon);
    }
  }

 private:
  Real decay_, epsilon_;
};

template <class Real>
class RmsProp final : public Optimizer<Real> {
 public:
  explicit RmsProp(const Component& c)
      : decay_(Parameter<Real>(c, "weight_decay")),
        epsilon_(Parameter<Real>(c, "epsilon")),
        alpha_(Parameter<Real>(c, "alpha")),
        mu_(Parameter<Real>(c, "mu")) {}

  void Step(int64_t, double rate,
            const OptimizerStretch<Real>& stretch) const override {
    const Real eta = static_cast<Real>(rate);
    const Real decay = decay_, epsilon = epsilon_, alpha = alpha_, mu = mu_;
    const Real rest = Real{1} - alpha;
    const Real* __restrict gradient = stretch.gradient;
    Real* __restrict theta = stretch.parameters;
    Real* __restrict s = stretch.moments[0];
    Real* __restrict b = stretch.moments[1];
    for (int64_t i = 0; i < stretch.size; ++i) {
      const Real g = gradient[i] + decay * theta[i];
      s[i] = alpha * s[i] + rest * (g * g);
      b[i] = mu * b[i] + g / (std::sqrt(s[i]) + epsilon);
      theta[i] -= eta * b[i];
    }
  }

 private:
  Real decay_, epsilon_, alpha_, mu_;
};

template <class Real>
class RMaxProp final : public Optimizer<Real> {
 public:
  explicit RMaxProp(const Component& c)
      : decay_(Parameter<Real>(c, "weight_decay")),
        epsilon_(Parameter<Real>(c, "epsilon")),
        gamma_(Parameter<Real>(c, "gamma")) {}

  void Step(int64_t, double rate,
            const OptimizerStretch<Real>& stretch) const override {
    const Real eta = static_cast<Real>(rate);
    const Real decay = decay_, epsilon = epsilon_, gamma = gamma_;
    const Real* __restrict gradient = stretch.gradient;
    Real* __restrict theta = stretch.parameters;
    Real* __restrict s = stretch.moments[0];
    for (int64_t i = 0; i < stretch.size; ++i) {
      const Real g = gradient[i] + decay * theta[i];
      const Real kept = gamma * s[i], square = g * g;
      s[i] = kept > square ? kept : square;
      theta[i] -= eta * g / (std::sqrt(s[i]) + epsilon);
    }
  }

 private:
  Real decay_, epsilon_, gamma_;
};

// Decoupled: theta decays by itself (adamw).
template <class Real, bool kDecoupled>
class AdamOf : public Optimizer<Real> {
 public:
  explicit AdamOf(const Component& c)
      : decay_(c.Real("weight_decay")),
        beta_1_(c.Real("beta_1")),
        beta_2_(c.Real("beta_2")),
        epsilon_(Parameter<Real>(c, "epsilon")) {}

  void Step(int64_t update, double rate,
            const OptimizerStretch<Real>& stretch) const override {
    const double k = static_cast<double>(update);
    const double first = 1 - math::Pow(beta_1_, k);
    const double second = 1 - math::Pow(beta_2_, k);
    const Real eta = static_cast<Real>(rate / first);
    const Real size = static_cast<Real>(1 / std::sqrt(second));
    const Real keep = static_cast<Real>(kDecoupled ? 1 - rate * decay_ : 1);
    const Real decay = static_cast<Real>(kDecoupled ? 0 : decay_);
    const Real beta_1 = static_cast<Real>(beta_1_);
    const Real beta_2 = static_cast<Real>(beta_2_);
    const Real rest_1 = static_cast<Real>(1 - beta_1_);
    const Real rest_2 = static_cast<Real>(1 - beta_2_);
    const Real epsilon = epsilon_;
    const Real* __restrict gradient = stretch.gradient;
    Real* __restrict theta = stretch.parameters;
    Real* __restrict m = stretch.moments[0];
    Real* __restrict s = stretch.moments[1];
    for (int64_t i = 0; i < stretch.size; ++i) {
      const Real g = gradient[i] + decay * theta[i];
      m[i] = beta_1 * m[i] + rest_1 * g;
      s[i] = beta_2 * s[i] + rest_2 * (g * g);
      theta[i] =
          keep * theta[i] - eta * m[i] / (std::sqrt(s[i]) * size + epsilon);
    }
  }

 private:
  double decay_, beta_1_, beta_2_;
  Real epsilon_;
};

template <class Real>
class Adam final : public AdamOf<Real, false> {
 public:
  using AdamOf<Real, false>::AdamOf;
};
template <class Real>
class AdamW final : public AdamOf<Real, true> {
 public:
  using AdamOf<Real, true>::AdamOf;
};

ParameterSpec Decay(double size) {
  return Real("weight_decay", "1", size, 0, 1e6, "of theta");
}
ParameterSpec Epsilon(double size) {
  ParameterSpec spec =
      Real("epsilon", "1", size, 0, 1, "added to the root of s");
  spec.exclusive_minimum = true;
  return spec;
}
ParameterSpec Fraction(const char* name, double value, const char* meaning) {
  return Real(name, "1", value, 0, 0.999999999, meaning);
}

std::vector<ParameterSpec> OfAdam(double decay) {
  return {Fraction("beta_1", 0.9, "how much of m stays"),
          Fraction("beta_2", 0.999, "how much of s stays"), Epsilon(1e-8),
          Decay(decay)};
}

}  // namespace

OptimizerRow AdaGradRow() {
  return RowOfOptimizer<AdaGrad>(
      OptimizerSpec(
          {.type = "adagrad",
           .summary = "steps shrink with all past gradients",
           .equation = "s += g^2\ntheta -= eta g / (sqrt(s) + epsilon)",
           .reference = "JMLR 12:2121-2159",
           .parameters = {Epsilon(1e-10), Decay(0)}},
          0.01),
      {"square"});
}

OptimizerRow RmsPropRow() {
  return RowOfOptimizer<RmsProp>(
      OptimizerSpec(
          {.type = "rmsprop",
           .summary = "steps shrink with recent gradients",
           .equation = "s = alpha s + (1 - alpha) g^2\n"
                       "b = mu b + g / (sqrt(s) + epsilon)\ntheta -= eta b",
           .reference = "Tieleman and Hinton (2012), lecture 6.5",
           .parameters = {Fraction("alpha", 0.99, "how much of s stays"),
                          Fraction("mu", 0, "how much of b stays"),
                          Epsilon(1e-8), Decay(0)}},
          0.001),
      {"square", "velocity"});
}

OptimizerRow RMaxPropRow() {
  return RowOfOptimizer<RMaxProp>(
      OptimizerSpec(
          {.type = "rmaxprop",
           .summary = "steps shrink with the largest of the recent gradients",
           .equation = "s = max(gamma s, g^2)\n"
                       "theta -= eta g / (sqrt(s) + epsilon)",
           .reference = "doi:10.1162/neco_a_01086",
           // Updates every 0.5 s of a decay over 30 s.
           .parameters = {Fraction("gamma", 0.98347145,
                                   "how much of s stays: exp(-interval of "
                                   "updates / tau_rms)"),
                          Epsilon(1e-12), Decay(0)}},
          0.001),
      {"square"});
}

OptimizerRow AdamRow() {
  return RowOfOptimizer<Adam>(
      OptimizerSpec({.type = "adam",
                     .summary = "momentum, divided by the size of recent "
                                "gradients",
                     .equation = "m = beta_1 m + (1 - beta_1) g\n"
                                 "s = beta_2 s + (1 - beta_2) g^2\n"
                                 "theta -= eta m' / (sqrt(s') + epsilon), "
                                 "m' = m / (1 - beta_1^k), s' likewise",
                     .reference = "arXiv:1412.6980",
                     .parameters = OfAdam(0)},
                    0.001),
      {"mean", "square"});
}

OptimizerRow AdamWRow() {
  return RowOfOptimizer<AdamW>(
      OptimizerSpec({.type = "adamw",
                     .summary = "adam, with a decay of weights beside it",
                     .equation = "theta *= 1 - eta weight_decay\nthen as adam",
                     .reference = "arXiv:1711.05101",
                     .parameters = OfAdam(0.01)},
                    0.001),
      {"mean", "square"});
}

}  // namespace engram
