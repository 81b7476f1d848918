// A leaky rate network whose units have time constants of their own:
//
//   outside:  r = phi((1 - 1/tau) r' + u / tau)
//   inside:   r = (1 - 1/tau) r' + phi(u) / tau
//   u = W x + b_I + R r' + b_R,  tau = max(k tau_raw, 1)
//   phi(z) = z for z > 0, slope z below
//
//   r, r'  (units)  output now and a step before [1]
//   tau    (units)  time constant [steps]
//   k               1; in continuous time, the steps that an input lasts
//
// What the backward pass needs beside r follows from it: with the leak inside
// phi, z = phi^-1(r), and dr/dtau = phi'(z) (r' - z) / tau; with the leak
// outside, phi(u) = tau r - (tau - 1) r', and dr/dtau = (r' - r) / tau. Below
// 1 a time constant has no gradient; above, dtau/dtau_raw = k.
//
// Source: Khajehabdollahi et al. (2024), ICLR, arXiv:2309.12927.

#include "core/training/catalog.h"
#include "core/training/recurrent_layer.h"

namespace engram {
namespace {

// `derived`: 1 - 1/tau, 1/tau and dtau/dtau_raw.
template <class Real>
class LeakyRnn final : public RecurrentLayer<Real> {
 public:
  LeakyRnn(const Component& c, LayerPlace place)
      : RecurrentLayer<Real>(c.Integer("units"),
                             {.gates = c.Integer("units"), .derived = 3}, place,
                             0),
        slope_(static_cast<Real>(c.Real("slope"))),
        inverse_slope_(Real{1} / slope_),
        initial_state_(c.Real("initial_state")),
        leaks_inside_(c.Text("leak") == "inside"),
        is_continuous_(c.Has("continuous") && c.Boolean("continuous")) {
    this->AddInputBias(place);
    tau_ = this->AddPerUnit(place, {.name = "tau",
                                    .rows = c.Integer("units"),
                                    .low = c.Real("tau_low"),
                                    .high = c.Real("tau_high"),
                                    .is_trained = c.Boolean("train_tau"),
                                    .unit = "1"});
    trains_tau_ = c.Boolean("train_tau");
  }

  double initial_state() const override { return initial_state_; }

  void Derive(const Real* parameters,
              LayerCourse<Real>& course) const override {
    const Real* tau = this->At(tau_, parameters);
    const Real scale = ScaleOf(course);
    for (int64_t i = 0; i < this->units(); ++i) {
      const Real slowed = scale * tau[i];
      const Real inverse = Real{1} / (slowed > Real{1} ? slowed : Real{1});
      course.derived(i, 0) = Real{1} - inverse;
      course.derived(i, 1) = inverse;
      course.derived(i, 2) = slowed >= Real{1} ? scale : Real{0};
    }
  }

 private:
  Real ScaleOf(const LayerCourse<Real>& course) const {
    return is_continuous_ ? static_cast<Real>(course.hold) : Real{1};
  }

  void StepForward(const CellStep<Real>& s) const override {
    for (int64_t k = 0; k < s.samples; ++k) {
      const int64_t at = k * s.units;
      if (leaks_inside_) {
        Inside(s.units, s.derived, s.gates + at, s.before + at, s.outputs + at);
      } else {
        Outside(s.units, s.derived, s.gates + at, s.before + at,
                s.outputs + at);
      }
    }
  }

  void Inside(int64_t n, const Real* __restrict derived,
              const Real* __restrict drive, const Real* __restrict before,
              Real* __restrict out) const {
    const Real slope = slope_;
    for (int64_t i = 0; i < n; ++i) {
      const Real z = derived[i] * before[i] + derived[n + i] * drive[i];
      out[i] = z > 0 ? z : slope * z;
    }
  }
  void Outside(int64_t n, const Real* __restrict derived,
               const Real* __restrict drive, const Real* __restrict before,
               Real* __restrict out) const {
    const Real slope = slope_;
    for (int64_t i = 0; i < n; ++i) {
      const Real u = drive[i];
      out[i] =
          derived[i] * before[i] + derived[n + i] * (u > 0 ? u : slope * u);
    }
  }

  void StepBackward(const CellStep<Real>& s,
                    const CellErrors<Real>& e) const override {
    if (trains_tau_) {
      BackThrough<true>(s, e, this->At(tau_, e.gradient));
    } else {
      BackThrough<false>(s, e, nullptr);
    }
  }

  template <bool kTrainsTau>
  void BackThrough(const CellStep<Real>& s, const CellErrors<Real>& e,
                   Real* d_tau) const {
    for (int64_t k = 0; k < s.samples; ++k) {
      const int64_t at = k * s.units;
      if (leaks_inside_) {
        InsideBack<kTrainsTau>(s.units, s.derived, s.before + at,
                               s.outputs + at, e.before + at, e.gates + at,
                               d_tau);
      } else {
        OutsideBack<kTrainsTau>(s.units, s.derived, s.before + at,
                                s.outputs + at, e.before + at, e.gates + at,
                                d_tau);
      }
    }
  }

  // `error` is dL/dr on entry and dL/dr' but for the weights on leaving.
  // dL/dtau = delta (r' - z) / tau, and drive_error is delta / tau.
  template <bool kTrainsTau>
  void InsideBack(int64_t n, const Real* __restrict derived,
                  const Real* __restrict before, const Real* __restrict out,
                  Real* __restrict error, Real* __restrict drive_error,
                  Real* __restrict d_tau) const {
    const Real slope = slope_, inverse_slope = inverse_slope_;
    for (int64_t i = 0; i < n; ++i) {
      const bool is_above = out[i] > 0;
      const Real delta = error[i] * (is_above ? Real{1} : slope);
      const Real driven = delta * derived[n + i];
      error[i] = delta * derived[i];
      drive_error[i] = driven;
      if constexpr (kTrainsTau) {
        const Real z = is_above ? out[i] : inverse_slope * out[i];
        d_tau[i] += derived[2 * n + i] * (driven * (before[i] - z));
      }
    }
  }
  template <bool kTrainsTau>
  void OutsideBack(int64_t n, const Real* __restrict derived,
                   const Real* __restrict before, const Real* __restrict out,
                   Real* __restrict error, Real* __restrict drive_error,
                   Real* __restrict d_tau) const {
    const Real slope = slope_;
    for (int64_t i = 0; i < n; ++i) {
      const Real through = error[i] * derived[n + i];
      const Real driven = out[i] - derived[i] * before[i];
      drive_error[i] = through * (driven > 0 ? Real{1} : slope);
      error[i] *= derived[i];
      if constexpr (kTrainsTau) {
        d_tau[i] += derived[2 * n + i] * (through * (before[i] - out[i]));
      }
    }
  }

  Real slope_, inverse_slope_;
  double initial_state_;
  bool leaks_inside_, is_continuous_;
  bool trains_tau_ = true;
  int tau_ = -1;
};

// Absent it changes no tree's hash.
ParameterSpec Continuous() {
  return {.name = "continuous",
          .type = ParameterType::kBoolean,
          .is_optional = true,
          .meaning =
              "time constants count inputs, not steps: an input that "
              "lasts k steps makes them k times as long"};
}

}  // namespace

LayerRow LeakyRnnRow() {
  return RowOfLayer<LeakyRnn>(
      {.kind = Kind::kTrainedNetwork,
       .type = "leaky_rnn",
       .summary =
           "leaky rate units with time constants of their own, which are "
           "trained like weights",
       .equation = "leak inside: r = phi((1 - 1/tau) r' + u / tau)\n"
                   "leak outside: r = (1 - 1/tau) r' + phi(u) / tau\n"
                   "u = W_I x + b_I + W_R r' + b_R, tau at least 1; k tau in "
                   "continuous time\n"
                   "phi(z) = z above 0, slope z below",
       .reference = "arXiv:2309.12927",
       .parameters =
           {Integer("units", 500, 1, 100000, "units of a layer"),
            Integer("layers", 1, 1, 100, "layers, one upon the other"),
            Choice("leak", "inside", {"inside", "outside"},
                   "of the non-linearity"),
            Real("slope", "1", 0.01, 1e-6, 1, "of phi below 0"),
            Real("tau_low", "1", 1, 0.1, 1e6,
                 "time constants [steps] are drawn from here"),
            Real("tau_high", "1", 2, 0.1, 1e6, "to here"),
            Boolean("train_tau", true, "otherwise they stay as drawn"),
            Continuous(),
            Real("initial_state", "1", 0.1, 0, 1000,
                 "a trial, and a stream at the start of an epoch, begins with "
                 "activity drawn between 0 and this")},
       .check =
           [](const Component& self, const Component&, Faults& faults) {
             if (self.Real("tau_low") <= self.Real("tau_high")) return;
             faults.push_back(
                 {0, self.path + ".tau_low",
                  "tau_low is above tau_high; make it at most tau_high"});
           }},
      LayerInputs::kBoth);
}

}  // namespace engram
