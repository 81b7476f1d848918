// A layer without recurrence, y = phi(W x + b) at every step, with phi the
// identity, tanh or max(0, .).

#include <algorithm>
#include <cmath>

#include "core/base/math_kernels.h"
#include "core/base/math_kernels_single.h"
#include "core/training/catalog.h"
#include "core/training/products/products.h"

namespace engram {
namespace {

namespace kernels = math::kernels;

enum class Phi { kLinear, kTanh, kRelu };

Phi PhiOf(const Component& c) {
  if (c.Text("nonlinearity") == "tanh") return Phi::kTanh;
  if (c.Text("nonlinearity") == "relu") return Phi::kRelu;
  return Phi::kLinear;
}

template <class Real>
class FeedForward final : public Layer<Real> {
 public:
  FeedForward(const Component& c, LayerPlace place)
      : Layer<Real>(
            place.inputs, c.Integer("units"),
            {.gates = c.Integer("units"),
             .panels = PlaceOfBack(c, place) +
                       PanelsSize<Real>(place.inputs, c.Integer("units"))}),
        back_(PlaceOfBack(c, place)),
        phi_(PhiOf(c)) {
    const double bound = 1 / std::sqrt(static_cast<double>(place.inputs));
    const int weights = place.layout.Add({.name = place.prefix + "weights",
                                          .rows = this->units(),
                                          .cols = place.inputs,
                                          .low = -bound,
                                          .high = bound,
                                          .fan_in = place.inputs});
    const int bias = place.layout.Add({.name = place.prefix + "bias",
                                       .rows = this->units(),
                                       .low = -bound,
                                       .high = bound,
                                       .fan_in = place.inputs});
    weights_ = place.layout[weights].offset;
    bias_ = place.layout[bias].offset;
  }

  bool is_memoryless() const override { return true; }
  void Prepare(const Real* parameters,
               LayerCourse<Real>& course) const override {
    const int64_t n = this->units();
    const Columns<Real> w{parameters + weights_, n};
    Pack(w, n, this->inputs(), course.panels.data());
    PackTransposed(w, n, this->inputs(), course.panels.data() + back_);
  }

  void Forward(const Real* parameters, const Real* inputs, int64_t begin,
               int64_t end, LayerCourse<Real>& course) const override {
    const int64_t n = this->units(), cols = course.samples * (end - begin);
    Real* out = course.outputs.data() + n * course.samples * (begin + 1);
    Multiply<Real>({course.panels.data(), n, this->inputs()},
                   {inputs, this->inputs()}, cols, {parameters + bias_, 0}, out,
                   n);
    if (phi_ == Phi::kTanh) {
      for (int64_t i = 0; i < n * cols; ++i) out[i] = kernels::Tanh(out[i]);
    } else if (phi_ == Phi::kRelu) {
      for (int64_t i = 0; i < n * cols; ++i) out[i] = out[i] > 0 ? out[i] : 0;
    }
  }

  void Backward(const Real*, const Real* inputs, int64_t begin, int64_t end,
                const Real* output_errors, LayerCourse<Real>& course,
                Real* gradient, Real* input_errors) const override {
    const int64_t n = this->units(), m = this->inputs();
    const int64_t cols = course.samples * (end - begin);
    Bend(output_errors,
         course.outputs.data() + n * course.samples * (begin + 1), n * cols,
         course.errors.data());
    const Real* bent = course.errors.data();
    const OuterSum<Real> sums[] = {{{inputs, m}, m, gradient + weights_, n},
                                   SumOfColumns(gradient + bias_)};
    AddOuterProducts<Real>({bent, n}, n, cols, sums);
    if (input_errors == nullptr) return;
    std::fill_n(input_errors, m * cols, Real{0});
    Multiply<Real>({course.panels.data() + back_, m, n}, {bent, n}, cols,
                   {input_errors, m}, input_errors, m);
  }

 private:
  // The panels of the transposed weights lie behind those of the weights.
  static int64_t PlaceOfBack(const Component& c, const LayerPlace& place) {
    return PanelsSize<Real>(c.Integer("units"), place.inputs);
  }

  // errors times phi', which follows from the outputs.
  void Bend(const Real* __restrict errors, const Real* __restrict out,
            int64_t size, Real* __restrict bent) const {
    switch (phi_) {
      case Phi::kLinear:
        for (int64_t i = 0; i < size; ++i) bent[i] = errors[i];
        break;
      case Phi::kTanh:
        for (int64_t i = 0; i < size; ++i) {
          bent[i] = errors[i] * (Real{1} - out[i] * out[i]);
        }
        break;
      case Phi::kRelu:
        for (int64_t i = 0; i < size; ++i) {
          bent[i] = out[i] > 0 ? errors[i] : Real{0};
        }
        break;
    }
  }

  int64_t back_;
  Phi phi_;
  int64_t weights_ = 0, bias_ = 0;
};

}  // namespace

LayerRow FeedForwardRow() {
  return RowOfLayer<FeedForward>(
      {.kind = Kind::kTrainedNetwork,
       .type = "feed_forward",
       .summary = "units that know nothing of earlier steps",
       .equation = "y = phi(W x + b)",
       .parameters = {
           Integer("units", 30, 1, 100000, "units of a layer"),
           Integer("layers", 1, 1, 100, "layers, one upon the other"),
           Choice("nonlinearity", "relu", {"relu", "tanh", "linear"}, "phi")}});
}

}  // namespace engram
