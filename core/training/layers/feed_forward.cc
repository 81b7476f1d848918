// A layer without recurrence, y = phi(W x + b) at every step, with phi the
// identity, tanh or max(0, .).

#include <cmath>

#include "core/base/math_kernels.h"
#include "core/base/math_kernels_single.h"
#include "core/training/catalog.h"
#include "core/training/matrix_view.h"

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
      : Layer<Real>(place.inputs, c.Integer("units"),
                    {.gates = c.Integer("units")}),
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
  void Prepare(const Real*, LayerCourse<Real>&) const override {}

  void Forward(const Real* parameters, const Real* inputs, int64_t begin,
               int64_t end, LayerCourse<Real>& course) const override {
    const int64_t n = this->units(), cols = course.samples * (end - begin);
    Real* out = course.outputs.data() + n * course.samples * (begin + 1);
    auto stretch = View(out, n, cols);
    stretch.noalias() = View(parameters + weights_, n, this->inputs()) *
                        View(inputs, this->inputs(), cols);
    stretch.colwise() += View(parameters + bias_, n, 1).col(0);
    if (phi_ == Phi::kTanh) {
      for (int64_t i = 0; i < n * cols; ++i) out[i] = kernels::Tanh(out[i]);
    } else if (phi_ == Phi::kRelu) {
      for (int64_t i = 0; i < n * cols; ++i) out[i] = out[i] > 0 ? out[i] : 0;
    }
  }

  void Backward(const Real* parameters, const Real* inputs, int64_t begin,
                int64_t end, const Real* output_errors,
                LayerCourse<Real>& course, Real* gradient,
                Real* input_errors) const override {
    const int64_t n = this->units(), cols = course.samples * (end - begin);
    Bend(output_errors,
         course.outputs.data() + n * course.samples * (begin + 1), n * cols,
         course.errors.data());
    const Real* bent = course.errors.data();
    const auto errors = View(bent, n, cols);
    View(gradient + weights_, n, this->inputs()).noalias() +=
        errors * View(inputs, this->inputs(), cols).transpose();
    AddColumns(bent, n, cols, gradient + bias_);
    if (input_errors == nullptr) return;
    View(input_errors, this->inputs(), cols).noalias() =
        View(parameters + weights_, n, this->inputs()).transpose() * errors;
  }

 private:
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
