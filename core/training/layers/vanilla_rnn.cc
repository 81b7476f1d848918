// The simple recurrent network h = phi(W x + R h' + b), with phi = tanh or
// max(0, .). phi' follows from h.
//
// Source: Elman (1990), Cognitive Science 14:179-211,
// doi:10.1207/s15516709cog1402_1.

#include "core/base/math_kernels.h"
#include "core/base/math_kernels_single.h"
#include "core/training/catalog.h"
#include "core/training/recurrent_layer.h"

namespace engram {
namespace {

namespace kernels = math::kernels;

template <class Real>
class VanillaRnn final : public RecurrentLayer<Real> {
 public:
  VanillaRnn(const Component& c, LayerPlace place)
      : RecurrentLayer<Real>(c.Integer("units"), {.gates = c.Integer("units")},
                             place, 0),
        is_tanh_(c.Text("nonlinearity") == "tanh"),
        initial_state_(c.Real("initial_state")) {}

  double initial_state() const override { return initial_state_; }

 private:
  void StepForward(const CellStep<Real>& s) const override {
    const int64_t size = s.units * s.samples;
    const Real* __restrict drive = s.gates;
    Real* __restrict out = s.outputs;
    if (is_tanh_) {
      for (int64_t i = 0; i < size; ++i) out[i] = kernels::Tanh(drive[i]);
    } else {
      for (int64_t i = 0; i < size; ++i) out[i] = drive[i] > 0 ? drive[i] : 0;
    }
  }

  void StepBackward(const CellStep<Real>& s,
                    const CellErrors<Real>& e) const override {
    const int64_t size = s.units * s.samples;
    const Real* __restrict out = s.outputs;
    Real* __restrict error = e.before;
    Real* __restrict drive_error = e.gates;
    for (int64_t i = 0; i < size; ++i) {
      const Real slope = is_tanh_ ? Real{1} - out[i] * out[i]
                                  : (out[i] > 0 ? Real{1} : Real{0});
      drive_error[i] = error[i] * slope;
      error[i] = 0;
    }
  }

  bool is_tanh_;
  double initial_state_;
};

}  // namespace

LayerRow VanillaRnnRow() {
  return RowOfLayer<VanillaRnn>(
      {.kind = Kind::kTrainedNetwork,
       .type = "vanilla_rnn",
       .summary = "recurrent units without memory of their own",
       .equation = "h = phi(W x + R h' + b)",
       .reference = "doi:10.1207/s15516709cog1402_1",
       .parameters =
           {Integer("units", 100, 1, 100000, "units of a layer"),
            Integer("layers", 1, 1, 100, "layers, one upon the other"),
            Choice("nonlinearity", "tanh", {"tanh", "relu"}, "phi"),
            Real("initial_state", "1", 0, 0, 1000,
                 "a trial, and a stream at the start of an epoch, begins with "
                 "activity drawn between 0 and this")}},
      LayerInputs::kBoth);
}

}  // namespace engram
