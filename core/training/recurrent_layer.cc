#include "core/training/recurrent_layer.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "core/base/contract.h"
#include "core/training/matrix_view.h"
#include "core/training/symbol_columns.h"

namespace engram {
namespace {

// Rows of inputs that products with the weights of inputs take; columns of
// symbols are taken as they lie.
int64_t PackedInputs(const LayerPlace& place) {
  return place.symbols > 0 ? 0 : place.inputs;
}

double BoundOf(int64_t fan_in, double bound) {
  return bound > 0 ? bound : 1 / std::sqrt(static_cast<double>(fan_in));
}

}  // namespace

template <class Real>
RecurrentLayer<Real>::RecurrentLayer(int64_t units, LayerStorage rows,
                                     LayerPlace place, double bound)
    : Layer<Real>(place.weight_columns(), units,
                  WithPanels(rows, PackedInputs(place), units)),
      gate_rows_(rows.gates),
      has_symbols_(place.symbols > 0),
      places_(PlacesOf(PackedInputs(place), units, rows.gates)) {
  const double of_inputs = BoundOf(this->inputs(), bound);
  const double of_units = BoundOf(units, bound);
  weights_ = AddPerUnit(place, {.name = "input_weights",
                                .rows = gate_rows_,
                                .cols = this->inputs(),
                                .low = -of_inputs,
                                .high = of_inputs,
                                .fan_in = this->inputs()});
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
  const double bound = BoundOf(this->inputs(), 0);
  input_bias_ = AddPerUnit(place, {.name = "input_bias",
                                   .rows = gate_rows_,
                                   .low = -bound,
                                   .high = bound,
                                   .fan_in = this->inputs()});
}

template <class Real>
auto RecurrentLayer<Real>::PlacesOf(int64_t inputs, int64_t units,
                                    int64_t gate_rows) -> Places {
  Places p{};
  p.weights = 0;
  p.recurrent = p.weights + PanelsSize<Real>(gate_rows, inputs);
  p.recurrent_back = p.recurrent + PanelsSize<Real>(gate_rows, units);
  p.weights_back = p.recurrent_back + PanelsSize<Real>(units, gate_rows);
  p.bias = p.weights_back + PanelsSize<Real>(inputs, gate_rows);
  p.size = p.bias + gate_rows;
  return p;
}

template <class Real>
LayerStorage RecurrentLayer<Real>::WithPanels(LayerStorage rows, int64_t inputs,
                                              int64_t units) {
  rows.panels = PlacesOf(inputs, units, rows.gates).size;
  return rows;
}

template <class Real>
void RecurrentLayer<Real>::Prepare(const Real* parameters,
                                   LayerCourse<Real>& course) const {
  const int64_t n = this->units();
  Real* panels = course.panels.data();
  const Columns<Real> w{At(weights_, parameters), gate_rows_};
  const Columns<Real> r{At(recurrent_, parameters), gate_rows_};
  if (!has_symbols_) {
    Pack(w, gate_rows_, this->inputs(), panels + places_.weights);
  }
  Pack(r, gate_rows_, n, panels + places_.recurrent);
  PackTransposed(r, gate_rows_, n, panels + places_.recurrent_back);
  Real* bias = panels + places_.bias;
  std::copy_n(At(bias_, parameters), gate_rows_, bias);
  if (input_bias_ >= 0) {
    AddColumns(At(input_bias_, parameters), gate_rows_, 1, bias);
  }
  Derive(parameters, course);
}

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

// drives = W x + b
template <class Real>
void RecurrentLayer<Real>::DriveByInputs(const Real* parameters,
                                         const Real* inputs, int64_t cols,
                                         const LayerCourse<Real>& course,
                                         Real* drives) const {
  const Real* bias = course.panels.data() + places_.bias;
  if (!has_symbols_) {
    Multiply(PanelsAt(places_.weights, gate_rows_, this->inputs(), course),
             {inputs, this->inputs()}, cols, {bias, 0}, drives, gate_rows_);
    return;
  }
  TakeColumns(At(weights_, parameters), gate_rows_, inputs, cols, drives,
              gate_rows_);
  View(drives, gate_rows_, cols).colwise() += View(bias, gate_rows_, 1).col(0);
}

template <class Real>
void RecurrentLayer<Real>::Forward(const Real* parameters, const Real* inputs,
                                   int64_t begin, int64_t end,
                                   LayerCourse<Real>& course) const {
  ENGRAM_EXPECT(end - begin <= kStepsPerStretch && end <= course.steps);
  const int64_t n = this->units(), samples = course.samples;
  Real* drives = StepOf(parameters, begin, begin, course).gates;
  DriveByInputs(parameters, inputs, samples * (end - begin), course, drives);
  const Panels<Real> r = PanelsAt(places_.recurrent, gate_rows_, n, course);
  for (int64_t step = begin; step < end; ++step) {
    const CellStep<Real> s = StepOf(parameters, step, begin, course);
    Multiply(r, {s.before, n}, samples, {s.gates, gate_rows_}, s.gates,
             gate_rows_);
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
  const Panels<Real> r =
      PanelsAt(places_.recurrent_back, n, gate_rows_, course);
  auto carried = View(course.output_error.data(), n, samples);
  for (int64_t step = end - 1; step >= begin; --step) {
    if (output_errors != nullptr) {
      carried += View(output_errors + size * (step - begin), n, samples);
    }
    const CellErrors<Real> e{
        .outputs = course.output_error.data(),
        .before = course.output_error.data(),
        .cells = course.cell_error.data(),
        .gates = course.errors.data() + gate_rows_ * samples * (step - begin),
        .gradient = gradient};
    StepBackward(StepOf(parameters, step, begin, course), e);
    Multiply(r, {e.gates, gate_rows_}, samples, {e.before, n}, e.before, n);
  }
  AddGradients(inputs, begin, end, course, gradient);
  // A symbol has no error.
  if (input_errors == nullptr || has_symbols_) return;
  const int64_t m = this->inputs();
  const Panels<Real> w =
      PackTransposed<Real>({At(weights_, parameters), gate_rows_}, gate_rows_,
                           m, course.panels.data() + places_.weights_back);
  const Array<Real>& errors = course.errors;
  std::fill_n(input_errors, m * samples * (end - begin), Real{0});
  Multiply<Real>(w, {errors.data(), gate_rows_}, samples * (end - begin),
                 {input_errors, m}, input_errors, m);
}

template <class Real>
void RecurrentLayer<Real>::AddGradients(const Real* inputs, int64_t begin,
                                        int64_t end,
                                        const LayerCourse<Real>& course,
                                        Real* gradient) const {
  const int64_t n = this->units(), m = this->inputs();
  const Real* before = course.outputs.data() + n * course.samples * begin;
  const int64_t cols = course.samples * (end - begin);
  OuterSum<Real> sums[4] = {
      {{before, n}, n, At(recurrent_, gradient), gate_rows_},
      SumOfColumns(At(bias_, gradient))};
  size_t count = 2;
  if (has_symbols_) {
    AddToColumns(course.errors.data(), gate_rows_, inputs, cols,
                 At(weights_, gradient), gate_rows_);
  } else {
    sums[count++] = {{inputs, m}, m, At(weights_, gradient), gate_rows_};
  }
  if (input_bias_ >= 0) {
    sums[count++] = SumOfColumns(At(input_bias_, gradient));
  }
  AddOuterProducts<Real>({course.errors.data(), gate_rows_}, gate_rows_, cols,
                         std::span<const OuterSum<Real>>(sums).first(count));
}

template class RecurrentLayer<float>;
template class RecurrentLayer<double>;

}  // namespace engram
