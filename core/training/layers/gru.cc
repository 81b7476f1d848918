// Gated recurrent units, with the reset gate behind the recurrent product;
// gates in the order r, u, n:
//
//   r, u = sigma(a),  n = tanh(a_n + r g),  g = R_n h' + b_g
//   h = (1 - u) n + u h'
//
// Backward:
//
//   dn = dh (1 - u) (1 - n^2),  da_u = dh (h' - n) u (1 - u)
//   da_n = dn,  dg = dn r,  da_r = dn g r (1 - r),  dh' += dh u
//
// Source: Cho et al. (2014), doi:10.3115/v1/D14-1179; the reset gate's place
// is cuDNN's, with which Chung et al. (2014) agree, arXiv:1412.3555.

#include <algorithm>

#include "core/base/math_kernels.h"
#include "core/base/math_kernels_single.h"
#include "core/training/catalog.h"
#include "core/training/layers/gated.h"
#include "core/training/matrix_view.h"

namespace engram {
namespace {

namespace kernels = math::kernels;

// `gates` has four rows of units: r, u, n, and g.
template <class Real>
class Gru final : public Layer<Real> {
 public:
  Gru(const Component& c, LayerPlace place)
      : Layer<Real>(place.inputs, c.Integer("units"),
                    {.gates = 4 * c.Integer("units"), .keeps_gates = true}) {
    const int64_t n = this->units();
    const double bound = GatedBound(c);
    const auto add = [&](const char* name, int64_t cols, int64_t fan_in) {
      const int index = place.layout.Add({.name = place.prefix + name,
                                          .rows = 3 * n,
                                          .cols = cols,
                                          .low = -bound,
                                          .high = bound,
                                          .fan_in = fan_in});
      return place.layout[index].offset;
    };
    weights_ = add("input_weights", place.inputs, place.inputs);
    recurrent_ = add("recurrent_weights", n, n);
    bias_ = add("bias", 1, n);
    recurrent_bias_ = add("recurrent_bias", 1, n);
  }

  void Prepare(const Real*, LayerCourse<Real>&) const override {}

  void Forward(const Real* parameters, const Real* inputs, int64_t begin,
               int64_t end, LayerCourse<Real>& course) const override {
    const int64_t n = this->units(), samples = course.samples;
    const int64_t cols = samples * (end - begin);
    Real* gates = course.gates.data() + 4 * n * samples * begin;
    View(gates, 4 * n, cols).topRows(3 * n).noalias() =
        View(parameters + weights_, 3 * n, this->inputs()) *
        View(inputs, this->inputs(), cols);
    // The errors of no stretch are needed now: room for R h'.
    Real* recurrent = course.errors.data();
    for (int64_t step = begin; step < end; ++step) {
      const Real* before = course.outputs.data() + n * samples * step;
      View(recurrent, 3 * n, samples).noalias() =
          View(parameters + recurrent_, 3 * n, n) * View(before, n, samples);
      for (int64_t k = 0; k < samples; ++k) {
        Sample(n, parameters + bias_, parameters + recurrent_bias_,
               recurrent + 3 * n * k,
               gates + 4 * n * ((step - begin) * samples + k), before + n * k,
               course.outputs.data() + n * (samples * (step + 1) + k));
      }
    }
  }

  void Backward(const Real* parameters, const Real* inputs, int64_t begin,
                int64_t end, const Real* output_errors,
                LayerCourse<Real>& course, Real* gradient,
                Real* input_errors) const override {
    const int64_t n = this->units(), samples = course.samples;
    const int64_t cols = samples * (end - begin);
    auto carried = View(course.output_error.data(), n, samples);
    const auto r = View(parameters + recurrent_, 3 * n, n);
    for (int64_t step = end - 1; step >= begin; --step) {
      const int64_t at = samples * (step - begin);
      carried += View(output_errors + n * at, n, samples);
      Real* errors = course.errors.data() + 4 * n * at;
      for (int64_t k = 0; k < samples; ++k) {
        Errors(n, course.gates.data() + 4 * n * (step * samples + k),
               course.outputs.data() + n * (samples * step + k),
               course.output_error.data() + n * k, errors + 4 * n * k);
      }
      // Rows r, u and g: what the recurrent product gave.
      const auto e = View<Real>(errors, 4 * n, samples);
      carried.noalias() += r.topRows(2 * n).transpose() * e.topRows(2 * n);
      carried.noalias() += r.bottomRows(n).transpose() * e.bottomRows(n);
    }
    AddGradients(inputs, begin, cols, course, gradient);
    if (input_errors == nullptr) return;
    const Real* all = course.errors.data();
    View(input_errors, this->inputs(), cols).noalias() =
        View(parameters + weights_, 3 * n, this->inputs()).transpose() *
        View(all, 4 * n, cols).topRows(3 * n);
  }

 private:
  static void Sample(int64_t n, const Real* __restrict bias,
                     const Real* __restrict recurrent_bias,
                     const Real* __restrict recurrent, Real* __restrict gate,
                     const Real* __restrict before, Real* __restrict out) {
    for (int64_t j = 0; j < 2 * n; ++j) {
      gate[j] = kernels::Logistic(gate[j] + bias[j] + recurrent[j] +
                                  recurrent_bias[j]);
    }
    for (int64_t j = 0; j < n; ++j) {
      const Real g = recurrent[2 * n + j] + recurrent_bias[2 * n + j];
      const Real candidate =
          kernels::Tanh(gate[2 * n + j] + bias[2 * n + j] + gate[j] * g);
      gate[2 * n + j] = candidate;
      gate[3 * n + j] = g;
      out[j] = candidate + gate[n + j] * (before[j] - candidate);
    }
  }

  static void Errors(int64_t n, const Real* __restrict gate,
                     const Real* __restrict before, Real* __restrict error,
                     Real* __restrict drive) {
    for (int64_t j = 0; j < n; ++j) {
      const Real r = gate[j], u = gate[n + j], candidate = gate[2 * n + j];
      const Real dh = error[j];
      const Real dn = dh * (Real{1} - u) * (Real{1} - candidate * candidate);
      drive[j] = dn * gate[3 * n + j] * r * (Real{1} - r);
      drive[n + j] = dh * (before[j] - candidate) * u * (Real{1} - u);
      drive[2 * n + j] = dn;
      drive[3 * n + j] = dn * r;
      error[j] = dh * u;
    }
  }

  void AddGradients(const Real* inputs, int64_t begin, int64_t cols,
                    const LayerCourse<Real>& course, Real* gradient) const {
    const int64_t n = this->units();
    const Real* all = course.errors.data();
    const auto errors = View(all, 4 * n, cols);
    const Real* outputs = course.outputs.data() + n * course.samples * begin;
    const auto before = View(outputs, n, cols);
    View(gradient + weights_, 3 * n, this->inputs()).noalias() +=
        errors.topRows(3 * n) * View(inputs, this->inputs(), cols).transpose();
    auto d_recurrent = View(gradient + recurrent_, 3 * n, n);
    d_recurrent.topRows(2 * n).noalias() +=
        errors.topRows(2 * n) * before.transpose();
    d_recurrent.bottomRows(n).noalias() +=
        errors.bottomRows(n) * before.transpose();
    Real* __restrict d_bias = gradient + bias_;
    Real* __restrict d_recurrent_bias = gradient + recurrent_bias_;
    for (int64_t k = 0; k < cols; ++k) {
      const Real* __restrict column = all + 4 * n * k;
      for (int64_t j = 0; j < 3 * n; ++j) d_bias[j] += column[j];
      for (int64_t j = 0; j < 2 * n; ++j) d_recurrent_bias[j] += column[j];
      for (int64_t j = 0; j < n; ++j) {
        d_recurrent_bias[2 * n + j] += column[3 * n + j];
      }
    }
  }

  int64_t weights_ = 0, recurrent_ = 0, bias_ = 0, recurrent_bias_ = 0;
};

}  // namespace

LayerRow GruRow() {
  return RowOfLayer<Gru>(
      {.kind = Kind::kTrainedNetwork,
       .type = "gru",
       .summary = "gated recurrent units without a cell of their own",
       .equation = "r, u = sigma(W x + b + R h' + b_g)\n"
                   "n = tanh(W x + b + r (R h' + b_g))\nh = (1 - u) n + u h'",
       .reference = "doi:10.3115/v1/D14-1179",
       .parameters = GatedParameters(false)});
}

}  // namespace engram
