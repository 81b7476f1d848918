#include "core/learners/layer_sensitivity.h"

#include <algorithm>

#include "core/training/matrix_view.h"

namespace engram {

template <class Real>
int64_t LayerSensitivity<Real>::StateOf(const Layer<Real>& layer) {
  if (layer.is_memoryless()) return 0;
  return layer.units() *
         ((layer.rows().has_cell ? 2 : 1) + layer.rows().carried);
}

template <class Real>
LayerSensitivity<Real>::LayerSensitivity(const Layer<Real>& layer,
                                         int64_t parameters, int64_t samples)
    : layer_(layer),
      parameters_(parameters),
      state_(StateOf(layer)),
      units_(layer.units()),
      of_state_(parameters, state_ * samples),
      of_outputs_(parameters, units_ * samples),
      next_(parameters, state_),
      output_error_(units_),
      none_(units_),
      before_(state_, std::max(state_, units_)),
      inputs_(layer.inputs(), std::max(state_, units_)),
      explicit_(parameters, std::max(state_, units_)) {
  layer.Resize(1, 1, step_);
}

template <class Real>
void LayerSensitivity<Real>::Begin() {
  of_state_.Fill(0);
  of_outputs_.Fill(0);
}

template <class Real>
int64_t LayerSensitivity<Real>::bytes() const {
  const size_t numbers = of_state_.size() + of_outputs_.size() + next_.size() +
                         before_.size() + inputs_.size() + explicit_.size();
  return static_cast<int64_t>(numbers * sizeof(Real));
}

template <class Real>
void LayerSensitivity<Real>::LoadStep(const LayerCourse<Real>& course,
                                      int64_t local, int64_t sample) {
  const auto column = [&](const Array<Real>& from, int64_t step, int64_t at,
                          Array<Real>& to) {
    const Real* source =
        from.data() + from.rows() * (course.samples * step + sample);
    std::copy_n(source, from.rows(), to.data() + from.rows() * at);
  };
  for (const int64_t at : {0, 1}) {
    column(course.outputs, local + at, at, step_.outputs);
    if (layer_.rows().has_cell) {
      column(course.cells, local + at, at, step_.cells);
    }
  }
  if (layer_.rows().keeps_gates) column(course.gates, local, 0, step_.gates);
  // What Prepare made of the parameters.
  if (layer_.rows().derived > 0) step_.derived = course.derived;
  if (layer_.rows().panels > 0) step_.panels = course.panels;
}

template <class Real>
Real& LayerSensitivity<Real>::StateError(int64_t index) {
  if (index < units_) return step_.output_error[index];
  index -= units_;
  if (layer_.rows().has_cell) {
    if (index < units_) return step_.cell_error[index];
    index -= units_;
  }
  return step_.carried_error[index];
}

template <class Real>
void LayerSensitivity<Real>::TakeRow(const Real* parameters, const Real* inputs,
                                     bool of_output, int64_t index) {
  layer_.BeginBackward(step_);
  if (of_output) {
    output_error_.Fill(0);
    output_error_[index] = 1;
  } else {
    StateError(index) = 1;
  }
  Real* row = explicit_.data() + parameters_ * index;
  std::fill_n(row, parameters_, Real{0});
  layer_.Backward(parameters, inputs, 0, 1,
                  of_output ? output_error_.data() : none_.data(), step_, row,
                  inputs_.data() + layer_.inputs() * index);
  for (int64_t k = 0; k < state_; ++k) before_(k, index) = StateError(k);
}

// sensitivity = explicit + of_state before + below inputs, `rows` columns.
template <class Real>
void LayerSensitivity<Real>::Chain(int64_t rows, int64_t sample,
                                   const Array<Real>* below,
                                   Real* sensitivity) const {
  auto out = View(sensitivity, parameters_, rows);
  out = View(explicit_.data(), parameters_, rows);
  if (state_ > 0) {
    out.noalias() += View(of_state_.data() + parameters_ * state_ * sample,
                          parameters_, state_) *
                     View(before_.data(), state_, rows);
  }
  if (below == nullptr) return;
  const int64_t inputs = layer_.inputs();
  out.noalias() +=
      View(below->data() + parameters_ * inputs * sample, parameters_, inputs) *
      View(inputs_.data(), inputs, rows);
}

template <class Real>
void LayerSensitivity<Real>::Advance(const Real* parameters,
                                     const LayerCourse<Real>& course,
                                     int64_t local, int64_t sample,
                                     const Real* inputs,
                                     const Array<Real>* below) {
  LoadStep(course, local, sample);
  for (int64_t i = 0; i < units_; ++i) TakeRow(parameters, inputs, true, i);
  Chain(units_, sample, below,
        of_outputs_.data() + parameters_ * units_ * sample);
  for (int64_t i = 0; i < state_; ++i) TakeRow(parameters, inputs, false, i);
  Chain(state_, sample, below, next_.data());
  std::copy_n(next_.data(), parameters_ * state_,
              of_state_.data() + parameters_ * state_ * sample);
}

template class LayerSensitivity<float>;
template class LayerSensitivity<double>;

}  // namespace engram
