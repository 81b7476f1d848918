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
#include <utility>

#include "core/base/math_kernels.h"
#include "core/base/math_kernels_single.h"
#include "core/training/catalog.h"
#include "core/training/layers/gated.h"
#include "core/training/matrix_view.h"
#include "core/training/products/products.h"

namespace engram {
namespace {

namespace kernels = math::kernels;

// `gates` has four rows of units: r, u, n, and g.
template <class Real>
class Gru final : public Layer<Real> {
 public:
  Gru(const Component& c, LayerPlace place)
      : Layer<Real>(
            place.inputs, c.Integer("units"),
            {.gates = 4 * c.Integer("units"),
             .keeps_gates = true,
             .panels = PlacesOf(place.inputs, c.Integer("units")).size}),
        places_(PlacesOf(place.inputs, c.Integer("units"))) {
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

  void Prepare(const Real* parameters,
               LayerCourse<Real>& course) const override {
    const int64_t n = this->units();
    Real* panels = course.panels.data();
    const Columns<Real> w{parameters + weights_, 3 * n};
    const Real* r = parameters + recurrent_;
    Pack(w, 3 * n, this->inputs(), panels + places_.weights);
    PackTransposed(w, 3 * n, this->inputs(), panels + places_.weights_back);
    Pack<Real>({r, 3 * n}, 3 * n, n, panels + places_.recurrent);
    PackTransposed<Real>({r, 3 * n}, 2 * n, n, panels + places_.gates_back);
    PackTransposed<Real>({r + 2 * n, 3 * n}, n, n,
                         panels + places_.candidate_back);
  }

  void Forward(const Real* parameters, const Real* inputs, int64_t begin,
               int64_t end, LayerCourse<Real>& course) const override {
    const int64_t n = this->units(), samples = course.samples;
    const int64_t cols = samples * (end - begin);
    Real* gates = course.gates.data() + 4 * n * samples * begin;
    const Real* panels = course.panels.data();
    Multiply<Real>({panels + places_.weights, 3 * n, this->inputs()},
                   {inputs, this->inputs()}, cols, {parameters + bias_, 0},
                   gates, 4 * n);
    // The errors of no stretch are needed now: room for R h'.
    Real* recurrent = course.errors.data();
    for (int64_t step = begin; step < end; ++step) {
      const Real* before = course.outputs.data() + n * samples * step;
      Multiply<Real>({panels + places_.recurrent, 3 * n, n}, {before, n},
                     samples, {parameters + recurrent_bias_, 0}, recurrent,
                     3 * n);
      for (int64_t k = 0; k < samples; ++k) {
        Sample(n, recurrent + 3 * n * k,
               gates + 4 * n * ((step - begin) * samples + k), before + n * k,
               course.outputs.data() + n * (samples * (step + 1) + k));
      }
    }
  }

  void Backward(const Real*, const Real* inputs, int64_t begin, int64_t end,
                const Real* output_errors, LayerCourse<Real>& course,
                Real* gradient, Real* input_errors) const override {
    const int64_t n = this->units(), samples = course.samples;
    const int64_t cols = samples * (end - begin);
    Real* carried = course.output_error.data();
    const Real* panels = course.panels.data();
    for (int64_t step = end - 1; step >= begin; --step) {
      const int64_t at = samples * (step - begin);
      if (output_errors != nullptr) {
        AddColumns(output_errors + n * at, n * samples, 1, carried);
      }
      Real* errors = course.errors.data() + 4 * n * at;
      for (int64_t k = 0; k < samples; ++k) {
        Errors(n, course.gates.data() + 4 * n * (step * samples + k),
               course.outputs.data() + n * (samples * step + k),
               carried + n * k, errors + 4 * n * k);
      }
      // Rows r, u and g: what the recurrent product gave.
      Multiply<Real>({panels + places_.gates_back, n, 2 * n}, {errors, 4 * n},
                     samples, {carried, n}, carried, n);
      Multiply<Real>({panels + places_.candidate_back, n, n},
                     {errors + 3 * n, 4 * n}, samples, {carried, n}, carried,
                     n);
    }
    AddGradients(inputs, begin, cols, course, gradient);
    if (input_errors == nullptr) return;
    const int64_t m = this->inputs();
    std::fill_n(input_errors, m * cols, Real{0});
    Multiply<Real>({panels + places_.weights_back, m, 3 * n},
                   {std::as_const(course).errors.data(), 4 * n}, cols,
                   {input_errors, m}, input_errors, m);
  }

 private:
  // Where each matrix has its panels in a course's: R^T of the gates r and u,
  // and of the candidate.
  struct Places {
    int64_t weights, recurrent, gates_back, candidate_back, weights_back, size;
  };
  static Places PlacesOf(int64_t inputs, int64_t n) {
    Places p{};
    p.recurrent = PanelsSize<Real>(3 * n, inputs);
    p.gates_back = p.recurrent + PanelsSize<Real>(3 * n, n);
    p.candidate_back = p.gates_back + PanelsSize<Real>(n, 2 * n);
    p.weights_back = p.candidate_back + PanelsSize<Real>(n, n);
    p.size = p.weights_back + PanelsSize<Real>(inputs, 3 * n);
    return p;
  }

  // Gates hold W x + b, `recurrent` R h' + b_g.
  static void Sample(int64_t n, const Real* __restrict recurrent,
                     Real* __restrict gate, const Real* __restrict before,
                     Real* __restrict out) {
    for (int64_t j = 0; j < 2 * n; ++j) {
      gate[j] = kernels::Logistic(gate[j] + recurrent[j]);
    }
    for (int64_t j = 0; j < n; ++j) {
      const Real g = recurrent[2 * n + j];
      const Real candidate = kernels::Tanh(gate[2 * n + j] + gate[j] * g);
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
    const int64_t n = this->units(), m = this->inputs();
    const Real* all = course.errors.data();
    const Columns<Real> before{
        course.outputs.data() + n * course.samples * begin, n};
    Real* w = gradient + weights_;
    Real* r = gradient + recurrent_;
    // Rows r and u go to all four, n to what acts on inputs, g to the others.
    const OuterSum<Real> of_gates[] = {
        {before, n, r, 3 * n},
        {{inputs, m}, m, w, 3 * n},
        SumOfColumns(gradient + bias_),
        SumOfColumns(gradient + recurrent_bias_)};
    AddOuterProducts<Real>({all, 4 * n}, 2 * n, cols, of_gates);
    const OuterSum<Real> of_inputs[] = {{{inputs, m}, m, w + 2 * n, 3 * n},
                                        SumOfColumns(gradient + bias_ + 2 * n)};
    AddOuterProducts<Real>({all + 2 * n, 4 * n}, n, cols, of_inputs);
    const OuterSum<Real> of_units[] = {
        {before, n, r + 2 * n, 3 * n},
        SumOfColumns(gradient + recurrent_bias_ + 2 * n)};
    AddOuterProducts<Real>({all + 3 * n, 4 * n}, n, cols, of_units);
  }

  Places places_;
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
