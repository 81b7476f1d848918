#pragma once

#include "core/training/layer.h"
#include "core/training/products/products.h"

namespace engram {

// One step of the samples of a block, as a kind of cell sees it. Gates lie
// (gate rows, samples), all else (units, samples).
template <class Real>
struct CellStep {
  int64_t units = 0;
  int64_t samples = 0;
  const Real* parameters = nullptr;  // the network's flat store
  const Real* derived = nullptr;
  Real* gates = nullptr;  // drives, which Forward turns into what it keeps
  const Real* before = nullptr;  // outputs of the step before
  Real* outputs = nullptr;
  const Real* cells_before = nullptr;
  Real* cells = nullptr;
};

// The same step backwards.
template <class Real>
struct CellErrors {
  // dL/d outputs of this step, complete.
  const Real* outputs = nullptr;
  // Out: dL/d outputs of the step before, but for what goes through the
  // recurrent weights.
  Real* before = nullptr;
  Real* cells = nullptr;     // in: dL/d cells; out: of the step before
  Real* gates = nullptr;     // out: dL/d drives
  Real* gradient = nullptr;  // for parameters that act unit by unit
};

// A recurrent layer whose units are driven by a = W x + R h + b, in which a
// kind of cell turns drives and state into the next state. W x + b and the
// gradients of W, R and b are products over a stretch of steps; what is left in
// a step is one product with R and the cell's own arithmetic. R is packed once
// a pass.
template <class Real>
class RecurrentLayer : public Layer<Real> {
 public:
  void Prepare(const Real* parameters, LayerCourse<Real>& course) const final;
  void Forward(const Real* parameters, const Real* inputs, int64_t begin,
               int64_t end, LayerCourse<Real>& course) const final;
  void Backward(const Real* parameters, const Real* inputs, int64_t begin,
                int64_t end, const Real* output_errors,
                LayerCourse<Real>& course, Real* gradient,
                Real* input_errors) const final;

 protected:
  // Gates times units are rows.gates. Weights are uniform in +-1/sqrt(fan in),
  // or in +-bound where that is above 0.
  RecurrentLayer(int64_t units, LayerStorage rows, LayerPlace place,
                 double bound);

  int bias() const { return bias_; }
  // A second bias, added to the first: leaky networks have one of the inputs
  // and one of the recurrent weights.
  void AddInputBias(LayerPlace place);
  int AddPerUnit(LayerPlace place, ParameterMatrix matrix);
  const Real* At(int index, const Real* store) const {
    return store + offsets_[static_cast<size_t>(index)];
  }
  Real* At(int index, Real* store) const {
    return store + offsets_[static_cast<size_t>(index)];
  }

 private:
  // Where each matrix has its panels in a course's.
  struct Places {
    int64_t weights, recurrent, recurrent_back, weights_back, bias, size;
  };
  static Places PlacesOf(int64_t inputs, int64_t units, int64_t gate_rows);
  static LayerStorage WithPanels(LayerStorage rows, int64_t inputs,
                                 int64_t units);

  // Fills `derived` of the course.
  virtual void Derive(const Real*, LayerCourse<Real>&) const {}
  virtual void StepForward(const CellStep<Real>& step) const = 0;
  virtual void StepBackward(const CellStep<Real>& step,
                            const CellErrors<Real>& errors) const = 0;

  CellStep<Real> StepOf(const Real* parameters, int64_t step, int64_t begin,
                        LayerCourse<Real>& course) const;
  void DriveByInputs(const Real* parameters, const Real* inputs, int64_t cols,
                     const LayerCourse<Real>& course, Real* drives) const;
  void AddGradients(const Real* inputs, int64_t begin, int64_t end,
                    const LayerCourse<Real>& course, Real* gradient) const;

  // The panels at `place` of a matrix (rows, cols).
  static Panels<Real> PanelsAt(int64_t place, int64_t rows, int64_t cols,
                               const LayerCourse<Real>& course) {
    return {course.panels.data() + place, rows, cols};
  }

  int64_t gate_rows_;
  bool has_symbols_;  // for inputs
  Places places_;
  std::vector<int64_t> offsets_;  // of the layer's matrices in the store
  int weights_ = -1, recurrent_ = -1, bias_ = -1, input_bias_ = -1;
};

}  // namespace engram
