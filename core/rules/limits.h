#pragma once

#include <cstdint>
#include <limits>

namespace engram {

// Where a weight may lie, and how a change brings it there: the bounds and
// Dale's law of a plasticity, in the form that the innermost loops use.
//
//   hard  w <- clip(w + dw)
//   soft  w <- clip(w + dw (upper - w) / (upper - lower)) for dw > 0,
//         w <- clip(w + dw (w - lower) / (upper - lower)) for dw < 0
//
// Dale's law narrows a column's range to the sign of its presynaptic unit:
// units before `first_inhibitory` are excitatory, the others inhibitory. A
// weight that is not a number stays so, and is found.
template <class Real>
struct Limits {
  Real lower = -std::numeric_limits<Real>::infinity();
  Real upper = std::numeric_limits<Real>::infinity();
  bool is_soft = false;
  bool has_signs = false;
  int64_t first_inhibitory = 0;

  bool clips() const {
    return has_signs || lower > -std::numeric_limits<Real>::infinity() ||
           upper < std::numeric_limits<Real>::infinity();
  }
};

template <class Real>
struct HardLanding {
  Real lower, upper;

  Real operator()(int64_t, Real w, Real change) const {
    return Clip(w + change);
  }
  Real Clip(Real w) const {
    const Real above = w < lower ? lower : w;
    return above > upper ? upper : above;
  }
};

template <class Real>
struct SoftLanding {
  HardLanding<Real> hard;
  Real lower, upper, scale;  // 1 / (upper - lower)

  Real operator()(int64_t, Real w, Real change) const {
    const Real room = change > 0 ? upper - w : w - lower;
    return hard.Clip(w + change * (room * scale));
  }
};

// Without bounds the change is added and nothing else.
template <class Real>
struct FreeLanding {
  Real operator()(int64_t, Real w, Real change) const { return w + change; }
};

// Without bounds, and then times the number of the postsynaptic unit i.
template <class Real>
struct ScaledLanding {
  const Real* factor;

  Real operator()(int64_t i, Real w, Real change) const {
    return (w + change) * factor[i];
  }
};

// The same, and then within hard bounds.
template <class Real>
struct ScaledHardLanding {
  const Real* factor;
  HardLanding<Real> hard;

  Real operator()(int64_t i, Real w, Real change) const {
    return hard.Clip((w + change) * factor[i]);
  }
};

template <class Real>
HardLanding<Real> HardLandingOf(const Limits<Real>& limits, int64_t pre) {
  Real lower = limits.lower, upper = limits.upper;
  if (limits.has_signs && pre < limits.first_inhibitory) {
    lower = lower < 0 ? Real{0} : lower;
    upper = upper < 0 ? Real{0} : upper;
  } else if (limits.has_signs) {
    lower = lower > 0 ? Real{0} : lower;
    upper = upper > 0 ? Real{0} : upper;
  }
  return {lower, upper};
}

// Calls visit(landing_of), where landing_of(pre) is the landing of a
// presynaptic unit's weights: of one type for all of them.
template <class Real, class Visit>
void WithLanding(const Limits<Real>& limits, Visit visit) {
  if (!limits.clips()) {
    visit([](int64_t) { return FreeLanding<Real>{}; });
  } else if (!limits.is_soft) {
    visit([&](int64_t pre) { return HardLandingOf(limits, pre); });
  } else {
    const Real scale = Real{1} / (limits.upper - limits.lower);
    visit([&limits, scale](int64_t pre) {
      return SoftLanding<Real>{HardLandingOf(limits, pre), limits.lower,
                               limits.upper, scale};
    });
  }
}

}  // namespace engram
