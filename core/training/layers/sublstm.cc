// Subtractively gated cells, a cortical microcircuit's reading of the LSTM;
// gates in the order i, o, z, f, all of them sigma(a):
//
//   c = f c' + z - i,  h = sigma(c) - o
//
// In fix_sublstm f is a number of each cell, used clamped to [0, 1], in place
// of a gate. Backward, with s = sigma(c):
//
//   dc += dh s (1 - s)
//   da_o = -dh o (1 - o),  da_z = dc z (1 - z),  da_i = -dc i (1 - i)
//   da_f = dc c' f (1 - f)  or  df = dc c', 0 outside [0, 1];  dc' = dc f
//
// Source: Costa et al. (2017), NeurIPS 30:272-283, arXiv:1711.02448.

#include "core/base/math_kernels.h"
#include "core/base/math_kernels_single.h"
#include "core/training/catalog.h"
#include "core/training/layers/gated.h"
#include "core/training/recurrent_layer.h"

namespace engram {
namespace {

namespace kernels = math::kernels;

// Arrays of one sample's cells.
template <class Real>
struct Cells {
  int64_t n;
  const Real* before;
  const Real* cell;
  Real* error;
  Real* cell_error;
};

template <class Real>
inline Real Bent(Real gate) {
  return gate * (Real{1} - gate);
}

template <class Real>
void InputErrors(const Cells<Real>& c, const Real* __restrict gate,
                 Real* __restrict drive) {
  const int64_t n = c.n;
  const Real* __restrict cell = c.cell;
  Real* __restrict error = c.error;
  Real* __restrict cell_error = c.cell_error;
  for (int64_t j = 0; j < n; ++j) {
    const Real dh = error[j];
    const Real dc = cell_error[j] + dh * Bent(kernels::Logistic(cell[j]));
    drive[j] = -(dc * Bent(gate[j]));
    drive[n + j] = -(dh * Bent(gate[n + j]));
    drive[2 * n + j] = dc * Bent(gate[2 * n + j]);
    cell_error[j] = dc;
    error[j] = 0;
  }
}

// dh/dc of both kinds.
template <class Real>
void SlopesOfOutputs(const LayerCourse<Real>& course, int64_t units,
                     int64_t step, Real* slopes) {
  const int64_t size = units * course.samples;
  const Real* cells = course.cells.data() + size * (step + 1);
  for (int64_t j = 0; j < size; ++j) {
    slopes[j] = Bent(kernels::Logistic(cells[j]));
  }
}

template <class Real>
class SubLstm final : public RecurrentLayer<Real> {
 public:
  SubLstm(const Component& c, LayerPlace place)
      : RecurrentLayer<Real>(c.Integer("units"),
                             {.gates = 4 * c.Integer("units"),
                              .keeps_gates = true,
                              .has_cell = true},
                             place, GatedBound(c)) {
    ShiftForgetBias(c, place, 3);
  }

  bool has_output_slopes() const override { return true; }
  void OutputSlopes(const LayerCourse<Real>& course, int64_t step,
                    Real* slopes) const override {
    SlopesOfOutputs(course, this->units(), step, slopes);
  }

 private:
  void StepForward(const CellStep<Real>& s) const override {
    for (int64_t k = 0; k < s.samples; ++k) {
      const int64_t at = k * s.units;
      Forward(s.units, s.gates + 4 * at, s.cells_before + at, s.cells + at,
              s.outputs + at);
    }
  }
  static void Forward(int64_t n, Real* __restrict gate,
                      const Real* __restrict before, Real* __restrict cell,
                      Real* __restrict out) {
    for (int64_t j = 0; j < 4 * n; ++j) gate[j] = kernels::Logistic(gate[j]);
    for (int64_t j = 0; j < n; ++j) {
      const Real c = gate[3 * n + j] * before[j] + gate[2 * n + j] - gate[j];
      cell[j] = c;
      out[j] = kernels::Logistic(c) - gate[n + j];
    }
  }

  void StepBackward(const CellStep<Real>& s,
                    const CellErrors<Real>& e) const override {
    for (int64_t k = 0; k < s.samples; ++k) {
      const int64_t at = k * s.units;
      const Cells<Real> c{s.units, s.cells_before + at, s.cells + at,
                          e.before + at, e.cells + at};
      InputErrors(c, s.gates + 4 * at, e.gates + 4 * at);
      ForgetErrors(c, s.gates + 4 * at, e.gates + 4 * at);
    }
  }
  static void ForgetErrors(const Cells<Real>& c, const Real* __restrict gate,
                           Real* __restrict drive) {
    const int64_t n = c.n;
    const Real* __restrict before = c.before;
    Real* __restrict cell_error = c.cell_error;
    for (int64_t j = 0; j < n; ++j) {
      const Real f = gate[3 * n + j];
      drive[3 * n + j] = cell_error[j] * before[j] * Bent(f);
      cell_error[j] *= f;
    }
  }
};

// `derived`: f clamped, and 1 where it has a gradient.
template <class Real>
class FixSubLstm final : public RecurrentLayer<Real> {
 public:
  FixSubLstm(const Component& c, LayerPlace place)
      : RecurrentLayer<Real>(c.Integer("units"),
                             {.gates = 3 * c.Integer("units"),
                              .keeps_gates = true,
                              .has_cell = true,
                              .derived = 2},
                             place, GatedBound(c)) {
    forget_ = this->AddPerUnit(place, {.name = "f",
                                       .rows = c.Integer("units"),
                                       .low = c.Real("f_low"),
                                       .high = c.Real("f_high"),
                                       .fan_in = c.Integer("units")});
  }

  void Derive(const Real* parameters,
              LayerCourse<Real>& course) const override {
    const Real* f = this->At(forget_, parameters);
    for (int64_t j = 0; j < this->units(); ++j) {
      const Real low = f[j] > 0 ? f[j] : Real{0};
      course.derived(j, 0) = low < Real{1} ? low : Real{1};
      course.derived(j, 1) = f[j] >= 0 && f[j] <= Real{1} ? Real{1} : Real{0};
    }
  }

  bool has_output_slopes() const override { return true; }
  void OutputSlopes(const LayerCourse<Real>& course, int64_t step,
                    Real* slopes) const override {
    SlopesOfOutputs(course, this->units(), step, slopes);
  }

 private:
  void StepForward(const CellStep<Real>& s) const override {
    for (int64_t k = 0; k < s.samples; ++k) {
      const int64_t at = k * s.units;
      Forward(s.units, s.derived, s.gates + 3 * at, s.cells_before + at,
              s.cells + at, s.outputs + at);
    }
  }
  static void Forward(int64_t n, const Real* __restrict f,
                      Real* __restrict gate, const Real* __restrict before,
                      Real* __restrict cell, Real* __restrict out) {
    for (int64_t j = 0; j < 3 * n; ++j) gate[j] = kernels::Logistic(gate[j]);
    for (int64_t j = 0; j < n; ++j) {
      const Real c = f[j] * before[j] + gate[2 * n + j] - gate[j];
      cell[j] = c;
      out[j] = kernels::Logistic(c) - gate[n + j];
    }
  }

  void StepBackward(const CellStep<Real>& s,
                    const CellErrors<Real>& e) const override {
    Real* d_f = this->At(forget_, e.gradient);
    for (int64_t k = 0; k < s.samples; ++k) {
      const int64_t at = k * s.units;
      const Cells<Real> c{s.units, s.cells_before + at, s.cells + at,
                          e.before + at, e.cells + at};
      InputErrors(c, s.gates + 3 * at, e.gates + 3 * at);
      ForgetErrors(c, s.derived, d_f);
    }
  }
  static void ForgetErrors(const Cells<Real>& c, const Real* __restrict f,
                           Real* __restrict d_f) {
    const int64_t n = c.n;
    const Real* __restrict before = c.before;
    Real* __restrict cell_error = c.cell_error;
    for (int64_t j = 0; j < n; ++j) {
      d_f[j] += cell_error[j] * before[j] * f[n + j];
      cell_error[j] *= f[j];
    }
  }

  int forget_ = -1;
};

}  // namespace

LayerRow SubLstmRow() {
  return RowOfLayer<SubLstm>(
      {.kind = Kind::kTrainedNetwork,
       .type = "sublstm",
       .summary = "memory cells behind gates that subtract, as inhibition does",
       .equation = "i, o, z, f = sigma(W x + R h' + b)\n"
                   "c = f c' + z - i\nh = sigma(c) - o",
       .reference = "arXiv:1711.02448",
       .parameters = GatedParameters(true)},
      LayerInputs::kBoth);
}

LayerRow FixSubLstmRow() {
  std::vector<ParameterSpec> parameters = GatedParameters(false);
  parameters.push_back(
      Real("f_low", "1", 0.9, -10, 10, "the decay f is drawn from here"));
  parameters.push_back(Real("f_high", "1", 1, -10, 10, "to here"));
  return RowOfLayer<FixSubLstm>(
      {.kind = Kind::kTrainedNetwork,
       .type = "fix_sublstm",
       .summary =
           "subtractively gated cells that decay as a passive membrane does",
       .equation = "i, o, z = sigma(W x + R h' + b)\n"
                   "c = f c' + z - i, f of each cell, clamped to [0, 1]\n"
                   "h = sigma(c) - o",
       .reference = "arXiv:1711.02448",
       .parameters = std::move(parameters),
       .check =
           [](const Component& self, const Component&, Faults& faults) {
             if (self.Real("f_low") <= self.Real("f_high")) return;
             faults.push_back(
                 {0, self.path + ".f_low",
                  "f_low is above f_high; make it at most f_high"});
           }},
      LayerInputs::kBoth);
}

}  // namespace engram
