// Gradient descent, plain and with momentum. g is the gradient plus
// weight_decay theta.
//
//   sgd       theta -= eta g
//   momentum  v = mu v + g,  theta -= eta v
//   nesterov  rate outside: v = mu v + g,      theta -= eta (g + mu v)
//             rate inside:  v = mu v - eta g,  theta += mu v - eta g
//
// The two forms of Nesterov's agree while eta does not change; inside is that
// of Sutskever et al. written for the point that the gradient is taken at.
//
// Source: Polyak (1964), doi:10.1016/0041-5553(64)90137-5; Sutskever et al.
// (2013), ICML, PMLR 28:1139-1147.

#include "core/optimizers/optimizer.h"

namespace engram {
namespace {

template <class Real>
class Sgd final : public Optimizer<Real> {
 public:
  explicit Sgd(const Component& c)
      : decay_(static_cast<Real>(c.Real("weight_decay"))) {}

  void Step(int64_t, double rate,
            const OptimizerStretch<Real>& s) const override {
    const Real eta = static_cast<Real>(rate), decay = decay_;
    const Real* __restrict gradient = s.gradient;
    Real* __restrict theta = s.parameters;
    for (int64_t i = 0; i < s.size; ++i) {
      theta[i] -= eta * (gradient[i] + decay * theta[i]);
    }
  }

 private:
  Real decay_;
};

template <class Real>
class Momentum final : public Optimizer<Real> {
 public:
  explicit Momentum(const Component& c)
      : decay_(static_cast<Real>(c.Real("weight_decay"))),
        mu_(static_cast<Real>(c.Real("mu"))) {}

  void Step(int64_t, double rate,
            const OptimizerStretch<Real>& s) const override {
    const Real eta = static_cast<Real>(rate), decay = decay_, mu = mu_;
    const Real* __restrict gradient = s.gradient;
    Real* __restrict theta = s.parameters;
    Real* __restrict v = s.moments[0];
    for (int64_t i = 0; i < s.size; ++i) {
      v[i] = mu * v[i] + (gradient[i] + decay * theta[i]);
      theta[i] -= eta * v[i];
    }
  }

 private:
  Real decay_, mu_;
};

template <class Real>
class Nesterov final : public Optimizer<Real> {
 public:
  explicit Nesterov(const Component& c)
      : decay_(static_cast<Real>(c.Real("weight_decay"))),
        mu_(static_cast<Real>(c.Real("mu"))),
        is_rate_inside_(c.Text("rate_is") == "inside") {}

  void Step(int64_t, double rate,
            const OptimizerStretch<Real>& s) const override {
    // With eta inside, v is -eta times the other form's.
    const Real eta = static_cast<Real>(rate), decay = decay_, mu = mu_;
    const Real into = is_rate_inside_ ? -eta : Real{1};
    const Real out = is_rate_inside_ ? Real{1} : -eta;
    const Real* __restrict gradient = s.gradient;
    Real* __restrict theta = s.parameters;
    Real* __restrict v = s.moments[0];
    for (int64_t i = 0; i < s.size; ++i) {
      const Real g = into * (gradient[i] + decay * theta[i]);
      v[i] = mu * v[i] + g;
      theta[i] += out * (g + mu * v[i]);
    }
  }

 private:
  Real decay_, mu_;
  bool is_rate_inside_;
};

ParameterSpec Decay() {
  return Real("weight_decay", "1", 0, 0, 1e6, "added to g: this times theta");
}
ParameterSpec Mu() { return Real("mu", "1", 0.9, 0, 1, "how much of v stays"); }

}  // namespace

OptimizerRow SgdRow() {
  return RowOfOptimizer<Sgd>(OptimizerSpec({.type = "sgd",
                                            .summary = "gradient descent",
                                            .equation = "theta -= eta g",
                                            .parameters = {Decay()}},
                                           0.01),
                             {});
}

OptimizerRow MomentumRow() {
  return RowOfOptimizer<Momentum>(
      OptimizerSpec({.type = "momentum",
                     .summary = "gradient descent with a memory of its steps",
                     .equation = "v = mu v + g\ntheta -= eta v",
                     .reference = "doi:10.1016/0041-5553(64)90137-5",
                     .parameters = {Mu(), Decay()}},
                    0.01),
      {"velocity"});
}

OptimizerRow NesterovRow() {
  return RowOfOptimizer<Nesterov>(
      OptimizerSpec(
          {.type = "nesterov",
           .summary = "momentum whose gradient is taken ahead",
           .equation = "outside: v = mu v + g, theta -= eta (g + mu v)\n"
                       "inside: v = mu v - eta g, theta += mu v - eta g",
           .reference = "PMLR 28:1139-1147",
           .parameters = {Mu(), Decay(),
                          Choice("rate_is", "outside", {"outside", "inside"},
                                 "of v: the same while the rate is constant")}},
          0.01),
      {"velocity"});
}

}  // namespace engram
