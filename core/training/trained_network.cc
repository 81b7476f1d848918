#include "core/training/trained_network.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/training/catalog.h"
#include "core/training/matrix_view.h"

namespace engram {
namespace {

constexpr char kStack[] = "layer_stack";

// Stretches begin at multiples of kStepsPerStretch.
int64_t LastStretch(int64_t steps) {
  return (steps - 1) / kStepsPerStretch * kStepsPerStretch;
}

int64_t LayersOf(const Component& component) {
  if (component.type != kStack) return component.Integer("layers");
  int64_t count = 0;
  for (const Component& part : component.Slots("layers")) {
    count += LayersOf(part);
  }
  return count;
}

}  // namespace

template <class Real>
TrainedNetwork<Real>::TrainedNetwork(const Component& component,
                                     NetworkShape shape, uint64_t seed,
                                     const Component* readout)
    : shape_(shape),
      training_state_(seed, component.path, "initial_state"),
      test_state_(seed, component.path, "initial_state of tests") {
  AddLayers(component, LayersOf(component));
  Component linear;
  linear.type = "linear_readout";
  readout_ = MakeReadout<Real>(readout == nullptr ? linear : *readout,
                               {shape_, last().units(), layout_});
}

template <class Real>
void TrainedNetwork<Real>::AddLayers(const Component& component,
                                     int64_t count) {
  if (component.type == kStack) {
    for (const Component& part : component.Slots("layers")) {
      AddLayers(part, count);
    }
    return;
  }
  for (int64_t k = 0; k < component.Integer("layers"); ++k) {
    const int64_t inputs = layers_.empty() ? shape_.inputs : last().units();
    const std::string prefix =
        count == 1 ? "" : absl::StrCat("layer_", layers_.size() + 1, ".");
    layers_.push_back(MakeLayer<Real>(component, {inputs, prefix, layout_}));
  }
}

template <class Real>
bool TrainedNetwork<Real>::is_memoryless() const {
  return std::ranges::all_of(
      layers_, [](const auto& layer) { return layer->is_memoryless(); });
}

template <class Real>
void TrainedNetwork<Real>::Resize(const TrainingBlock<Real>& block,
                                  NetworkPass<Real>& pass) const {
  pass.courses.resize(layers_.size());
  int64_t widest = 1;
  for (size_t l = 0; l < layers_.size(); ++l) {
    layers_[l]->Resize(block.samples, block.steps, pass.courses[l]);
    widest = std::max(widest, layers_[l]->units());
  }
  const int64_t rows = block.heads * shape_.outputs;
  GrowTo(pass.outputs, rows, block.scored_columns());
  GrowTo(pass.output_errors, rows, block.scored_columns());
  GrowTo(pass.errors, widest, block.samples * kStepsPerStretch);
  if (layers_.size() > 1) {
    GrowTo(pass.input_errors, widest, block.samples * kStepsPerStretch);
  }
  readout_->Resize(block, pass.readout);
  pass.output_errors.Fill(0);
}

template <class Real>
void TrainedNetwork<Real>::DrawState(const TrainingBlock<Real>& block,
                                     NetworkPass<Real>& pass) const {
  const RandomStream& random =
      block.part == Part::kTraining ? training_state_ : test_state_;
  int64_t first = 0;  // element of the layer's first unit
  for (size_t l = 0; l < layers_.size(); ++l) {
    const int64_t units = layers_[l]->units();
    LayerCourse<Real>& course = pass.courses[l];
    std::fill_n(course.outputs.data(), units * block.samples, Real{0});
    std::fill_n(course.cells.data(),
                layers_[l]->rows().has_cell ? units * block.samples : 0,
                Real{0});
    course.carried.Fill(0);
    const double size = layers_[l]->initial_state();
    if (size > 0) {
      for (int64_t k = 0; k < block.samples; ++k) {
        Real* state = course.outputs.data() + units * k;
        for (int64_t i = 0; i < units; ++i) {
          state[i] = static_cast<Real>(
              size * random.Uniform(first + i, block.first_trial + k));
        }
      }
    }
    first += units;
  }
}

template <class Real>
int64_t TrainedNetwork<Real>::state_size() const {
  int64_t size = 0;
  for (const auto& layer : layers_) {
    size += layer->units() *
            ((layer->rows().has_cell ? 2 : 1) + layer->rows().carried);
  }
  return size;
}

template <class Real>
void TrainedNetwork<Real>::LoadState(const Real* state,
                                     NetworkPass<Real>& pass) const {
  for (size_t l = 0; l < layers_.size(); ++l) {
    LayerCourse<Real>& course = pass.courses[l];
    const int64_t size = layers_[l]->units() * course.samples;
    std::copy_n(state, size, course.outputs.data());
    state += size;
    if (layers_[l]->rows().has_cell) {
      std::copy_n(state, size, course.cells.data());
      state += size;
    }
    const int64_t carried = size * layers_[l]->rows().carried;
    std::copy_n(state, carried, course.carried.data());
    state += carried;
  }
}

template <class Real>
void TrainedNetwork<Real>::SaveState(const NetworkPass<Real>& pass,
                                     Real* state) const {
  for (size_t l = 0; l < layers_.size(); ++l) {
    const LayerCourse<Real>& course = pass.courses[l];
    const int64_t size = layers_[l]->units() * course.samples;
    std::copy_n(course.outputs.data() + size * course.steps, size, state);
    state += size;
    if (layers_[l]->rows().has_cell) {
      std::copy_n(course.cells.data() + size * course.steps, size, state);
      state += size;
    }
    const int64_t carried = size * layers_[l]->rows().carried;
    std::copy_n(course.carried.data(), carried, state);
    state += carried;
  }
}

template <class Real>
const Real* TrainedNetwork<Real>::Inputs(size_t layer, int64_t step,
                                         const TrainingBlock<Real>& block,
                                         const NetworkPass<Real>& pass) const {
  if (layer == 0) {
    return block.inputs.data() + shape_.inputs * block.samples * step;
  }
  return pass.courses[layer - 1].outputs.data() +
         layers_[layer - 1]->units() * block.samples * (step + 1);
}

template <class Real>
void TrainedNetwork<Real>::Forward(const Real* parameters,
                                   const TrainingBlock<Real>& block,
                                   NetworkPass<Real>& pass) const {
  for (size_t l = 0; l < layers_.size(); ++l) {
    layers_[l]->Prepare(parameters, pass.courses[l]);
  }
  for (int64_t begin = 0; begin < block.steps; begin += kStepsPerStretch) {
    const int64_t end = std::min(begin + kStepsPerStretch, block.steps);
    for (size_t l = 0; l < layers_.size(); ++l) {
      layers_[l]->Forward(parameters, Inputs(l, begin, block, pass), begin, end,
                          pass.courses[l]);
    }
    readout_->Forward(Activity(parameters, begin, end, block, pass), block,
                      pass.readout, pass.outputs.data());
  }
}

template <class Real>
ActivityStretch<Real> TrainedNetwork<Real>::Activity(
    const Real* parameters, int64_t begin, int64_t end,
    const TrainingBlock<Real>& block, const NetworkPass<Real>& pass) const {
  return {parameters, Inputs(layers_.size(), begin, block, pass), begin, end};
}

template <class Real>
void TrainedNetwork<Real>::Backward(const Real* parameters,
                                    const TrainingBlock<Real>& block,
                                    NetworkPass<Real>& pass, AddErrors add,
                                    Real* gradient) const {
  for (size_t l = 0; l < layers_.size(); ++l) {
    layers_[l]->BeginBackward(pass.courses[l]);
  }
  readout_->BeginBackward(block, pass.output_errors.data(), pass.readout);
  for (int64_t begin = LastStretch(block.steps); begin >= 0;
       begin -= kStepsPerStretch) {
    const int64_t end = std::min(begin + kStepsPerStretch, block.steps);
    std::fill_n(pass.errors.data(),
                last().units() * block.samples * (end - begin), Real{0});
    readout_->Backward(Activity(parameters, begin, end, block, pass), block,
                       pass.output_errors.data(), pass.readout, gradient,
                       pass.errors.data());
    add(begin, end, pass.errors.data());
    for (size_t l = layers_.size(); l-- > 0;) {
      layers_[l]->Backward(parameters, Inputs(l, begin, block, pass), begin,
                           end, pass.errors.data(), pass.courses[l], gradient,
                           l > 0 ? pass.input_errors.data() : nullptr);
      if (l > 0) std::swap(pass.errors, pass.input_errors);
    }
  }
}

template class TrainedNetwork<float>;
template class TrainedNetwork<double>;

ParameterLayout LayoutOf(const Component& component, NetworkShape shape,
                         const Component* readout) {
  return TrainedNetwork<float>(component, shape, 0, readout).layout();
}

}  // namespace engram
