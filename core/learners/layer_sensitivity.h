#pragma once

#include <vector>

#include "core/learners/learner.h"

namespace engram {

// What real-time recurrent learning knows of one layer, for every sample: how
// its state and its outputs depend on all parameters of the layers.
//
// A layer's state is what its way back carries from step to step: errors of
// outputs, cells and inner states, in this order. Over one step that way back
// is linear, so that with a unit error it gives a row of the step's
// derivatives: in the state before, in the inputs and in the parameters.
template <class Real>
class LayerSensitivity {
 public:
  // `parameters`: numbers of the store that belong to layers.
  LayerSensitivity(const Layer<Real>& layer, int64_t parameters,
                   int64_t samples);

  // State and outputs as given: they depend on nothing yet.
  void Begin();
  // One step further of one sample. `course` holds it at `local`, `inputs` is
  // the sample's column, and `below` the outputs of the layer below, or null.
  void Advance(const Real* parameters, const LayerCourse<Real>& course,
               int64_t local, int64_t sample, const Real* inputs,
               const Array<Real>* below);

  // d outputs / d parameters, (parameters, units samples).
  const Array<Real>& of_outputs() const { return of_outputs_; }
  int64_t bytes() const;

  // Numbers of one sample's errors that a layer carries back.
  static int64_t StateOf(const Layer<Real>& layer);

 private:
  void LoadStep(const LayerCourse<Real>& course, int64_t local, int64_t sample);
  Real& StateError(int64_t index);
  // The rows of a step's derivatives for a unit error of the outputs, or of the
  // state, at `index`, as columns of before_, inputs_ and explicit_.
  void TakeRow(const Real* parameters, const Real* inputs, bool of_output,
               int64_t index);
  void Chain(int64_t rows, int64_t sample, const Array<Real>* below,
             Real* sensitivity) const;

  const Layer<Real>& layer_;
  int64_t parameters_, state_, units_;
  LayerCourse<Real> step_;           // one sample, one step
  Array<Real> of_state_;             // (parameters, state samples)
  Array<Real> of_outputs_;           // (parameters, units samples)
  Array<Real> next_;                 // (parameters, state)
  Array<Real> output_error_, none_;  // (units)
  // Of each row: what it is in the state before, the inputs, the parameters.
  Array<Real> before_;    // (state, max(state, units))
  Array<Real> inputs_;    // (inputs, the same)
  Array<Real> explicit_;  // (parameters, the same)
};

extern template class LayerSensitivity<float>;
extern template class LayerSensitivity<double>;

}  // namespace engram
