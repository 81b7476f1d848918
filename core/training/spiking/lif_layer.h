#pragma once

#include <string>
#include <vector>

#include "core/training/layer.h"
#include "core/training/spiking/surrogate.h"

namespace engram {

// Leaky integrate-and-fire units with currents that decay, threshold 1 and rest
// 0, stepped by dt:
//
//   S(t) = [U(t) > 1],  U(0) = I(0) = 0
//   I_k(t+1) = alpha_k I_k(t) + W_k x_k(t) + R_k S_k(t)
//   U(t+1) = (beta U(t) + I_0(t) - I_1(t)) (1 - S(t))
//
//   S      (units)  spikes, the layer's output
//   I_0    (units)  current through excitatory synapses, or all [threshold]
//   I_1    (units)  through inhibitory ones, whose weights are magnitudes
//   alpha  exp(-dt / tau_syn), of I_1 exp(-dt / tau_inh)
//   beta   exp(-dt / tau_mem)
//
// or with the present current, I(t+1), in place of I(t). The reset is a
// constant on the way back, and dS/dU a surrogate.
//
// Ways forward and weight gradients visit those columns alone whose input or
// unit is active in a step: only the product with the transposed recurrent
// weights is dense.
//
// Source: Neftci, Mostafa and Zenke (2019), doi:10.1109/MSP.2019.2931595, and
// its tutorial's code, github.com/fzenke/spytorch.
template <class Real>
class LifLayer : public Layer<Real> {
 public:
  LifLayer(const Component& component, LayerPlace place, bool is_recurrent);

  // Weights from some inputs, or from some of the units, into one current.
  struct Pathway {
    bool from_units = false;
    int64_t first = 0, count = 0;  // sources
    int current = 0;
    int64_t offset = 0;  // of the weights in the store
    int64_t panels = 0;  // of the transposed weights in a course's panels
  };
  const std::vector<Pathway>& pathways() const { return pathways_; }
  // What stays of a current and of the membrane in a step.
  Real current_decay(int current) const { return alpha_[current]; }
  Real membrane_decay() const { return beta_; }
  bool takes_present_current() const { return takes_present_current_; }
  // What stands for dS/dU at each of `count` potentials.
  void Slopes(const Real* u, int64_t count, Real* slopes) const;

  void Prepare(const Real* parameters, LayerCourse<Real>& course) const final;
  void Forward(const Real* parameters, const Real* inputs, int64_t begin,
               int64_t end, LayerCourse<Real>& course) const final;
  void Backward(const Real* parameters, const Real* inputs, int64_t begin,
                int64_t end, const Real* output_errors,
                LayerCourse<Real>& course, Real* gradient,
                Real* input_errors) const final;

 private:
  // The numbers of one sample at one step.
  struct Column {
    const Real* u;
    Real* spikes;
    Real* u_next;
    Real* current[2];
    const Real* inputs;
    int32_t* active;
  };

  void AddPathways(LayerPlace place, const std::string& source, int64_t count,
                   double inhibitory, double scale, bool from_units);
  void StepForward(const Real* parameters, const Column& column) const;
  void Transmit(const Column& column) const;
  void Membrane(const Column& column) const;
  void Decay(const Column& column) const;
  void Collect(const Real* parameters, const Column& column) const;

  void CurrentErrors(const Real* u, int64_t numbers, LayerCourse<Real>& course,
                     int64_t slot) const;
  void SpikeErrors(const Real* output_errors, int64_t slot,
                   LayerCourse<Real>& course) const;
  template <Surrogate kind>
  void MembraneErrors(const Real* u, int64_t numbers, const Real* spike_errors,
                      Real* u_error) const;
  void MembraneErrorsOf(const Real* u, int64_t numbers,
                        const Real* spike_errors, Real* u_error) const;
  void AddGradients(const Real* inputs, int64_t begin, int64_t end,
                    LayerCourse<Real>& course, Real* gradient) const;
  void InputErrors(int64_t columns, LayerCourse<Real>& course,
                   Real* input_errors) const;

  const Real* ErrorsOf(int current, const LayerCourse<Real>& course) const {
    return course.errors.data() +
           current * this->units() * course.samples * kStepsPerStretch;
  }
  Real* ErrorsOf(int current, LayerCourse<Real>& course) const {
    return course.errors.data() +
           current * this->units() * course.samples * kStepsPerStretch;
  }
  int64_t CarriedAt(int current, const LayerCourse<Real>& course) const;

  std::vector<Pathway> pathways_;
  int currents_ = 1;
  Real alpha_[2], beta_, kappa_;
  Surrogate surrogate_;
  bool is_relaxed_, takes_present_current_;
};

}  // namespace engram
