#pragma once

#include <cstdint>

#include "core/base/math.h"
#include "core/spec/component.h"
#include "core/spiking/plasticity/decay_table.h"

namespace engram {

// The rules of core/rules that change weights at spikes, for synapses that are
// looked at when a spike comes along them. A kernel has the constants of its
// rule and says what a spike does to a weight:
//
//   AtPre(w, q, r)   at a presynaptic spike: q the postsynaptic trace, r the
//                    slow presynaptic one
//   AtPost(w, p, o)  at a postsynaptic spike: p the presynaptic trace, o the
//                    slow postsynaptic one
//
// each trace as it is before the spikes of the same step. Equations and sources
// stand with the rules. kIsCheap says that a change costs less than the branch
// that spares it. WithForm(work) calls work with a kernel that does the same
// with nothing left to decide, where there is one.

// Time constants of a rule's traces, and how a spike raises them.
struct TraceTimes {
  double plus = 20, minus = 20;          // [ms]
  double slow_pre = 20, slow_post = 20;  // [ms]; of rules that have them
  bool is_nearest = false;
};

// Pairs of spikes, with changes whatever the weight, or in proportion to it.
template <class Real>
struct AdditivePair {
  static constexpr bool kIsCheap = true;
  Real a_plus, a_minus;

  Real AtPre(Real, Real q, Real) const { return -a_minus * q; }
  Real AtPost(Real, Real p, Real) const { return a_plus * p; }
};

template <class Real>
struct MultiplicativePair {
  static constexpr bool kIsCheap = true;
  Real a_plus, a_minus, per_w_max;

  Real AtPre(Real w, Real q, Real) const {
    return -a_minus * Clipped(w * per_w_max) * q;
  }
  Real AtPost(Real w, Real p, Real) const {
    return a_plus * Clipped(1 - w * per_w_max) * p;
  }
  static Real Clipped(Real x) {
    const Real above = x < 0 ? Real{0} : x;
    return above > 1 ? Real{1} : above;
  }
};

template <class R>
class PairKernel {
 public:
  using Real = R;
  static constexpr bool kHasSlowTraces = false;
  static constexpr bool kIsCheap = false;

  explicit PairKernel(const Component& c)
      : a_plus_(static_cast<Real>(c.Real("a_plus"))),
        a_minus_(static_cast<Real>(c.Real("a_minus"))),
        mu_(c.Real("mu")),
        per_w_max_(static_cast<Real>(1 / c.Real("w_max"))) {}
  static TraceTimes Times(const Component& c) {
    return {.plus = c.Real("tau_plus"),
            .minus = c.Real("tau_minus"),
            .is_nearest = c.Text("pairing") == "nearest"};
  }

  Real AtPre(Real w, Real q, Real) const {
    return -a_minus_ * Factor(w * per_w_max_) * q;
  }
  Real AtPost(Real w, Real p, Real) const {
    return a_plus_ * Factor(1 - w * per_w_max_) * p;
  }
  template <class Work>
  void WithForm(Work work) const {
    if (mu_ == 0) {
      work(AdditivePair<Real>{a_plus_, a_minus_});
    } else if (mu_ == 1) {
      work(MultiplicativePair<Real>{a_plus_, a_minus_, per_w_max_});
    } else {
      work(*this);
    }
  }

 private:
  // x^mu for x clipped to [0, 1].
  Real Factor(Real x) const {
    if (mu_ == 0) return 1;
    const Real clipped = MultiplicativePair<Real>::Clipped(x);
    if (mu_ == 1) return clipped;
    return static_cast<Real>(math::Pow(static_cast<double>(clipped), mu_));
  }

  Real a_plus_, a_minus_;
  double mu_;
  Real per_w_max_;
};

template <class R>
class TripletKernel {
 public:
  using Real = R;
  static constexpr bool kHasSlowTraces = true;
  static constexpr bool kIsCheap = true;

  explicit TripletKernel(const Component& c)
      : a2_plus_(static_cast<Real>(c.Real("a2_plus"))),
        a3_plus_(static_cast<Real>(c.Real("a3_plus"))),
        a2_minus_(static_cast<Real>(c.Real("a2_minus"))),
        a3_minus_(static_cast<Real>(c.Real("a3_minus"))) {}
  static TraceTimes Times(const Component& c) {
    return {.plus = c.Real("tau_plus"),
            .minus = c.Real("tau_minus"),
            .slow_pre = c.Real("tau_x"),
            .slow_post = c.Real("tau_y"),
            .is_nearest = c.Text("pairing") == "nearest"};
  }

  Real AtPre(Real, Real q, Real r) const {
    return -(a2_minus_ + a3_minus_ * r) * q;
  }
  Real AtPost(Real, Real p, Real o) const {
    return p * (a2_plus_ + a3_plus_ * o);
  }
  template <class Work>
  void WithForm(Work work) const {
    work(*this);
  }

 private:
  Real a2_plus_, a3_plus_, a2_minus_, a3_minus_;
};

template <class R>
class PowerLawKernel {
 public:
  using Real = R;
  static constexpr bool kHasSlowTraces = false;
  static constexpr bool kIsCheap = false;

  explicit PowerLawKernel(const Component& c)
      : mu_(c.Real("mu")),
        potentiation_(static_cast<Real>(
            c.Real("lambda") * math::Pow(c.Real("w_0"), 1 - c.Real("mu")))),
        depression_(static_cast<Real>(c.Real("lambda") * c.Real("alpha"))) {}
  static TraceTimes Times(const Component& c) {
    return {.plus = c.Real("tau_plus"), .minus = c.Real("tau_minus")};
  }

  Real AtPre(Real w, Real q, Real) const {
    const Real change = -depression_ * w * q;
    return w + change < 0 ? -w : change;
  }
  Real AtPost(Real w, Real p, Real) const {
    if (p == 0) return 0;  // no spike waits: a power costs more than to look
    const double power = math::Pow(static_cast<double>(w < 0 ? 0 : w), mu_);
    return potentiation_ * p * static_cast<Real>(power);
  }
  template <class Work>
  void WithForm(Work work) const {
    work(*this);
  }

 private:
  double mu_;
  Real potentiation_, depression_;
};

template <class R>
class VogelsKernel {
 public:
  using Real = R;
  static constexpr bool kHasSlowTraces = false;
  static constexpr bool kIsCheap = true;

  explicit VogelsKernel(const Component& c)
      : eta_(static_cast<Real>(c.Real("eta"))),
        alpha_(static_cast<Real>(2 * c.Real("rho_0") * 1e-3 * c.Real("tau"))) {}
  static TraceTimes Times(const Component& c) {
    return {.plus = c.Real("tau"), .minus = c.Real("tau")};
  }

  Real AtPre(Real, Real q, Real) const { return eta_ * (q - alpha_); }
  Real AtPost(Real, Real p, Real) const { return eta_ * p; }
  template <class Work>
  void WithForm(Work work) const {
    work(*this);
  }

 private:
  Real eta_, alpha_;
};

}  // namespace engram
