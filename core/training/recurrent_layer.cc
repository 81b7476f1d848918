#include "core/training/recurrent_layer.h"

#include <cmath>
#include <utility>

#include "core/base/contract.h"
#include "core/training/matrix_view.h"

namespace engram {
namespace {

double BoundOf(int64_t fan_in, double bound) {
  return bound > 0 ? bound : 1 / std::sqrt(static_cast<double>(fan_in));
}

}  // namespace

template <class Real>
RecurrentLayer<Real>::RecurrentLayer(int64_t units, LayerStorage rows,
                                     LayerPlace place, double bound)
    : Layer<Real>(place.inputs, units, rows), gate_rows_(rows.gates) {
  const double of_inputs = BoundOf(place.inputs, bound);
  const double of_units = BoundOf(units, bound);
  weights_ = AddPerUnit(place, {.name = "input_weights",
                                .rows = gate_rows_,
                                .cols = place.inputs,
                                .low = -of_inputs,
                                .high = of_inputs,
                                .fan_in = place.inputs});
  recurrent_ = AddPerUnit(place, {.name = "recurrent_weights",
                                  .rows = gate_rows_,
                                  .cols = units,
                                  .low = -of_units,
                                  .high = of_units,
                                  .fan_in = units});
  bias_ = AddPerUnit(place, {.name = "bias",
                             .rows = gate_rows_,
                             .low = -of_units,
                             .high = of_units,
                             .fan_in = units});
}

template <class Real>
int RecurrentLayer<Real>::AddPerUnit(LayerPlace place, ParameterMatrix matrix) {
  matrix.name = place.prefix + matrix.name;
  const int index = place.layout.Add(std::move(matrix));
  offsets_.push_back(place.layout[index].offset);
  return static_cast<int>(offsets_.size()) - 1;
}

template <class Real>
void RecurrentLayer<Real>::AddInputBias(LayerPlace place) {
  const double bound = BoundOf(place.inputs, 0);
  input_bias_ = AddPerUnit(place, {.name = "input_bias",
                                   .rows = gate_rows_,
                                   .low = -bound,
                                   .high = bound,
                                   .fan_in = place.inputs});
}

template <class Real>
void RecurrentLayer<Real>::Prepare(const Real*, LayerCourse<Real>&) const {}

template <class Real>
CellStep<Real> RecurrentLayer<Real>::StepOf(const Real* parameters,
                                            int64_t step, int64_t begin,
                                            LayerCourse<Real>& course) const {
  const int64_t size = this->units() * course.samples;
  const int64_t first = this->rows().keeps_gates ? 0 : begin;
  CellStep<Real> s{.units = this->units(),
                   .samples = course.samples,
                   .parameters = parameters,
                   .derived = course.derived.data()};
  s.gates = course.gates.data() + gate_rows_ * course.samples * (step - first);
  s.before = course.outputs.data() + size * step;
  s.outputs = course.outputs.data() + size * (step + 1);
  if (this->rows().has_cell) {
    s.cells_before = course.cells.data() + size * step;
    s.cells = course.cells.data() + size * (step + 1);
  }
  return s;
}

template <class Real>
void RecurrentLayer<Real>::Forward(const Real* parameters, const Real* inputs,
                                   int64_t begin, int64_t end,
                                   LayerCourse<Real>& course) const {
  ENGRAM_EXPECT(end - begin <= kStepsPerStretch && end <= course.steps);
  const int64_t n = this->units(), samples = course.samples;
  Real* drives = StepOf(parameters, begin, begin, course).gates;
  const int64_t cols = samples * (end - begin);
  const auto w = View(At(weights_, parameters), gate_rows_, this->inputs());
  const auto r = View(At(recurrent_, parameters), gate_rows_, n);
  auto stretch = View(drives, gate_rows_, cols);
  stretch.noalias() = w * View(inputs, this->inputs(), cols);
  stretch.colwise() += View(At(bias_, parameters), gate_rows_, 1).col(0);
  if (input_bias_ >= 0) {
    stretch.colwise() +=
        View(At(input_bias_, parameters), gate_rows_, 1).col(0);
  }
  for (int64_t step = begin; step < end; ++step) {
    const CellStep<Real> s = StepOf(parameters, step, begin, course);
    View(s.gates, gate_rows_, samples).noalias() +=
        r * View(s.before, n, samples);
    StepForward(s);
  }
}

template <class Real>
void RecurrentLayer<Real>::Backward(const Real* parameters, const Real* inputs,
                                    int64_t begin, int64_t end,
                                    const Real* output_errors,
                                    LayerCourse<Real>& course, Real* gradient,
                                    Real* input_errors) const {
  const int64_t n = this->units(), samples = course.samples;
  const int64_t size = n * samples;
  const auto r = View(At(recurrent_, parameters), gate_rows_, n);
  auto carried = View(course.output_error.data(), n, samples);
  for (int64_t step = end - 1; step >= begin; --step) {
    carried += View(output_errors + size * (step - begin), n, samples);
    const CellErrors<Real> e{
        .outputs = course.output_error.data(),
        .before = course.output_error.data(),
        .cells = course.cell_error.data(),
        .gates = course.errors.data() + gate_rows_ * samples * (step - begin),
        .gradient = gradient};
    StepBackward(StepOf(parameters, step, begin, course), e);
    carried.noalias() +=
        r.transpose() * View<Real>(e.gates, gate_rows_, samples);
  }
  AddGradients(inputs, begin, end, course, gradient);
  if (input_errors == nullptr) return;
  const int64_t cols = samples * (end - begin);
  const auto w = View(At(weights_, parameters), gate_rows_, this->inputs());
  const Real* errors = course.errors.data();
  View(input_errors, this->inputs(), cols).noalias() =
      w.transpose() * View(errors, gate_rows_, cols);
}

template <class Real>
void RecurrentLayer<Real>::AddGradients(const Real* inputs, int64_t begin,
                                        int64_t end,
                                        const LayerCourse<Real>& course,
                                        Real* gradient) const {
  const int64_t n = this->units();
  const int64_t cols = course.samples * (end - begin);
  const Real* before = course.outputs.data() + n * course.samples * begin;
  const auto errors = View(course.errors.data(), gate_rows_, cols);
  View(At(weights_, gradient), gate_rows_, this->inputs()).noalias() +=
      errors * View(inputs, this->inputs(), cols).transpose();
  View(At(recurrent_, gradient), gate_rows_, n).noalias() +=
      errors * View(before, n, cols).transpose();
  AddColumns(course.errors.data(), gate_rows_, cols, At(bias_, gradient));
  if (input_bias_ < 0) return;
  AddColumns(course.errors.data(), gate_rows_, cols, At(input_bias_, gradient));
}

template class RecurrentLayer<float>;
template class RecurrentLayer<double>;

}  // namespace engram
