// Long short-term memory, without peepholes; gates in the order i, f, z, o:
//
//   i, f, o = sigma(a), z = tanh(a_z)
//   c = f c' + z i,  h = o tanh(c)
//
// Backward, with dh complete and dc what comes from the step behind:
//
//   dc += dh o (1 - tanh(c)^2)
//   da_o = dh tanh(c) o (1 - o),  da_i = dc z i (1 - i)
//   da_z = dc i (1 - z^2),        da_f = dc c' f (1 - f),  dc' = dc f
//
// Source: Hochreiter and Schmidhuber (1997), Neural Computation 9:1735-1780,
// doi:10.1162/neco.1997.9.8.1735; forget gate of Gers et al. (2000),
// doi:10.1162/089976600300015015.

#include "core/base/math_kernels.h"
#include "core/base/math_kernels_single.h"
#include "core/training/catalog.h"
#include "core/training/layers/gated.h"
#include "core/training/recurrent_layer.h"

namespace engram {
namespace {

namespace kernels = math::kernels;

template <class Real>
class Lstm final : public RecurrentLayer<Real> {
 public:
  Lstm(const Component& c, LayerPlace place)
      : RecurrentLayer<Real>(c.Integer("units"),
                             {.gates = 4 * c.Integer("units"),
                              .keeps_gates = true,
                              .has_cell = true},
                             place, GatedBound(c)) {
    ShiftForgetBias(c, place, 1);
  }

  bool has_output_slopes() const override { return true; }
  void OutputSlopes(const LayerCourse<Real>& course, int64_t step,
                    Real* slopes) const override {
    const int64_t n = this->units(), first = step * course.samples;
    for (int64_t k = 0; k < course.samples; ++k) {
      const Real* gate = course.gates.data() + 4 * n * (first + k);
      const Real* cell = course.cells.data() + n * (first + course.samples + k);
      for (int64_t j = 0; j < n; ++j) {
        const Real t = kernels::Tanh(cell[j]);
        slopes[n * k + j] = gate[3 * n + j] * (Real{1} - t * t);
      }
    }
  }

 private:
  void StepForward(const CellStep<Real>& s) const override {
    for (int64_t k = 0; k < s.samples; ++k) {
      const int64_t at = k * s.units;
      Forward(s.units, s.gates + 4 * at, s.cells_before + at, s.cells + at,
              s.outputs + at);
    }
  }
  void StepBackward(const CellStep<Real>& s,
                    const CellErrors<Real>& e) const override {
    for (int64_t k = 0; k < s.samples; ++k) {
      const int64_t at = k * s.units;
      Backward(s.units, s.gates + 4 * at, s.cells_before + at, s.cells + at,
               e.before + at, e.cells + at, e.gates + 4 * at);
    }
  }

  static void Forward(int64_t n, Real* __restrict gate,
                      const Real* __restrict before, Real* __restrict cell,
                      Real* __restrict out) {
    for (int64_t j = 0; j < n; ++j) {
      const Real i = kernels::Logistic(gate[j]);
      const Real f = kernels::Logistic(gate[n + j]);
      const Real z = kernels::Tanh(gate[2 * n + j]);
      const Real o = kernels::Logistic(gate[3 * n + j]);
      const Real c = f * before[j] + z * i;
      gate[j] = i;
      gate[n + j] = f;
      gate[2 * n + j] = z;
      gate[3 * n + j] = o;
      cell[j] = c;
      out[j] = o * kernels::Tanh(c);
    }
  }

  static void Backward(int64_t n, const Real* __restrict gate,
                       const Real* __restrict before,
                       const Real* __restrict cell, Real* __restrict error,
                       Real* __restrict cell_error, Real* __restrict drive) {
    for (int64_t j = 0; j < n; ++j) {
      const Real i = gate[j], f = gate[n + j], z = gate[2 * n + j],
                 o = gate[3 * n + j];
      const Real t = kernels::Tanh(cell[j]);
      const Real dh = error[j];
      const Real dc = cell_error[j] + dh * o * (Real{1} - t * t);
      drive[j] = dc * z * i * (Real{1} - i);
      drive[n + j] = dc * before[j] * f * (Real{1} - f);
      drive[2 * n + j] = dc * i * (Real{1} - z * z);
      drive[3 * n + j] = dh * t * o * (Real{1} - o);
      cell_error[j] = dc * f;
      error[j] = 0;
    }
  }
};

}  // namespace

LayerRow LstmRow() {
  return RowOfLayer<Lstm>(
      {.kind = Kind::kTrainedNetwork,
       .type = "lstm",
       .summary = "memory cells behind multiplicative gates",
       .equation = "i, f, o = sigma(W x + R h' + b), z = tanh(W x + R h' + b)\n"
                   "c = f c' + z i\nh = o tanh(c)",
       .reference = "doi:10.1162/neco.1997.9.8.1735",
       .parameters = GatedParameters(true)},
      LayerInputs::kBoth);
}

}  // namespace engram
