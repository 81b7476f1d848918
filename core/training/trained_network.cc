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

// Of a kind, one upon the other.
int64_t Copies(const Component& component) {
  return component.parameters.contains("layers") ? component.Integer("layers")
                                                 : 1;
}

int64_t LayersOf(const Component& component) {
  if (component.type != kStack) return Copies(component);
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
  for (int64_t k = 0; k < Copies(component); ++k) {
    const bool is_first = layers_.empty();
    const int64_t inputs = is_first ? shape_.inputs : last().units();
    const std::string prefix =
        count == 1 ? "" : absl::StrCat("layer_", layers_.size() + 1, ".");
    names_.push_back(count == 1 ? component.type
                                : absl::StrCat("layer_", layers_.size() + 1,
                                               " (", component.type, ")"));
    layers_.push_back(MakeLayer<Real>(
        component, {inputs, prefix, layout_, is_first ? shape_.symbols : 0}));
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
  const int64_t segment = pass.plan.SegmentOf(block.steps);
  int64_t widest = 1;
  for (size_t l = 0; l < layers_.size(); ++l) {
    layers_[l]->Resize(block.samples, segment, pass.courses[l]);
    pass.courses[l].hold = block.hold;
    widest = std::max(widest, layers_[l]->units());
  }
  const int64_t rows = block.heads * shape_.outputs;
  GrowTo(pass.outputs, rows, block.scored_columns());
  GrowTo(pass.output_errors, rows, block.scored_columns());
  GrowTo(pass.errors, widest, block.samples * kStepsPerStretch);
  if (layers_.size() > 1) {
    GrowTo(pass.input_errors, widest, block.samples * kStepsPerStretch);
  }
  if (pass.keeps_states()) {
    GrowTo(pass.states, state_size() * block.samples,
           (block.steps + segment - 1) / segment + 1);
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
  if (pass.keeps_states()) {
    const int64_t size = state_size() * pass.courses[0].samples;
    std::copy_n(pass.states.data() + size * pass.last_state, size, state);
    return;
  }
  CopyState(pass, true, state);
}

// Before the first step of the segment at hand, or after its last.
template <class Real>
void TrainedNetwork<Real>::CopyState(const NetworkPass<Real>& pass, bool after,
                                     Real* state) const {
  for (size_t l = 0; l < layers_.size(); ++l) {
    const LayerCourse<Real>& course = pass.courses[l];
    const int64_t size = layers_[l]->units() * course.samples;
    const int64_t step = after ? course.steps : 0;
    state = std::copy_n(course.outputs.data() + size * step, size, state);
    if (layers_[l]->rows().has_cell) {
      state = std::copy_n(course.cells.data() + size * step, size, state);
    }
    const int64_t carried = size * layers_[l]->rows().carried;
    state = std::copy_n(course.carried.data(), carried, state);
  }
}

template <class Real>
void TrainedNetwork<Real>::KeepState(bool after, int64_t column,
                                     NetworkPass<Real>& pass) const {
  if (!pass.keeps_states()) return;
  pass.last_state = column;
  CopyState(
      pass, after,
      pass.states.data() + state_size() * pass.courses[0].samples * column);
}

// The state after a segment is that before the next one.
template <class Real>
void TrainedNetwork<Real>::MoveStateToStart(NetworkPass<Real>& pass) const {
  for (size_t l = 0; l < layers_.size(); ++l) {
    LayerCourse<Real>& course = pass.courses[l];
    const int64_t size = layers_[l]->units() * course.samples;
    const int64_t at = size * course.steps;
    std::copy_n(course.outputs.data() + at, size, course.outputs.data());
    if (!layers_[l]->rows().has_cell) continue;
    std::copy_n(course.cells.data() + at, size, course.cells.data());
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
         layers_[layer - 1]->units() * block.samples *
             (step - pass.first_step + 1);
}

template <class Real>
std::span<const Real> TrainedNetwork<Real>::LastOutputs(
    const NetworkPass<Real>& pass, int64_t begin, int64_t end) const {
  const LayerCourse<Real>& course = pass.courses.back();
  const int64_t size = last().units() * course.samples;
  return {course.outputs.data() + size * (begin - pass.first_step + 1),
          static_cast<size_t>(size * (end - begin))};
}

// Of a segment, from the state that lies before the courses' first step.
template <class Real>
void TrainedNetwork<Real>::BeginSegment(int64_t first,
                                        const TrainingBlock<Real>& block,
                                        NetworkPass<Real>& pass) const {
  pass.first_step = first;
  const int64_t segment = pass.plan.SegmentOf(block.steps);
  for (LayerCourse<Real>& course : pass.courses) {
    course.steps = std::min(segment, block.steps - first);
  }
}

template <class Real>
void TrainedNetwork<Real>::ForwardLayers(const Real* parameters, int64_t begin,
                                         int64_t end,
                                         const TrainingBlock<Real>& block,
                                         NetworkPass<Real>& pass) const {
  for (size_t l = 0; l < layers_.size(); ++l) {
    layers_[l]->Forward(parameters, Inputs(l, begin, block, pass),
                        begin - pass.first_step, end - pass.first_step,
                        pass.courses[l]);
  }
}

template <class Real>
void TrainedNetwork<Real>::Forward(const Real* parameters,
                                   const TrainingBlock<Real>& block,
                                   NetworkPass<Real>& pass) const {
  Forward(parameters, block, pass, [](int64_t, int64_t) {});
}

template <class Real>
void TrainedNetwork<Real>::Forward(const Real* parameters,
                                   const TrainingBlock<Real>& block,
                                   NetworkPass<Real>& pass,
                                   AfterStretch after) const {
  for (size_t l = 0; l < layers_.size(); ++l) {
    layers_[l]->Prepare(parameters, pass.courses[l]);
  }
  const int64_t segment = pass.plan.SegmentOf(block.steps);
  BeginSegment(0, block, pass);
  KeepState(false, 0, pass);
  for (int64_t begin = 0; begin < block.steps; begin += kStepsPerStretch) {
    if (begin > 0 && begin % segment == 0) {
      KeepState(true, begin / segment, pass);
      MoveStateToStart(pass);
      BeginSegment(begin, block, pass);
    }
    const int64_t end = std::min(begin + kStepsPerStretch, block.steps);
    ForwardLayers(parameters, begin, end, block, pass);
    readout_->Forward(Activity(parameters, begin, end, block, pass), block,
                      pass.readout, pass.outputs.data());
    after(begin, end);
  }
  KeepState(true, (block.steps + segment - 1) / segment, pass);
}

template <class Real>
std::string TrainedNetwork<Real>::FindNonFinite(
    const Real* parameters, const TrainingBlock<Real>& block,
    NetworkPass<Real>& pass) const {
  std::string found;
  const auto look = [&](size_t layer, int64_t step) {
    const int64_t size = layers_[layer]->units() * block.samples;
    const Real* outputs = pass.courses[layer].outputs.data() +
                          size * (step - pass.first_step + 1);
    for (int64_t i = 0; i < size && found.empty(); ++i) {
      if (std::isfinite(outputs[i])) continue;
      found = absl::StrCat(
          NameOf(layer), " gave the first such number, at step ", step + 1,
          " of trial ", block.first_trial + i / layers_[layer]->units());
    }
  };
  Forward(parameters, block, pass, [&](int64_t begin, int64_t end) {
    for (int64_t step = begin; step < end && found.empty(); ++step) {
      for (size_t l = 0; l < layers_.size(); ++l) look(l, step);
    }
  });
  if (!found.empty()) return found;
  return "all layers are finite, and the readout or the loss is not";
}

template <class Real>
ActivityStretch<Real> TrainedNetwork<Real>::Activity(
    const Real* parameters, int64_t begin, int64_t end,
    const TrainingBlock<Real>& block, const NetworkPass<Real>& pass) const {
  return {parameters, Inputs(layers_.size(), begin, block, pass), begin, end};
}

template <class Real>
void TrainedNetwork<Real>::GoToSegment(const Real* parameters, int64_t step,
                                       const TrainingBlock<Real>& block,
                                       NetworkPass<Real>& pass) const {
  const int64_t segment = pass.plan.SegmentOf(block.steps);
  const int64_t first = step / segment * segment;
  if (first == pass.first_step) return;
  ENGRAM_EXPECT(pass.keeps_states());
  LoadState(
      pass.states.data() + state_size() * block.samples * (first / segment),
      pass);
  BeginSegment(first, block, pass);
  const int64_t last = std::min(first + segment, block.steps);
  for (int64_t begin = first; begin < last; begin += kStepsPerStretch) {
    ForwardLayers(parameters, begin, std::min(begin + kStepsPerStretch, last),
                  block, pass);
  }
}

template <class Real>
void TrainedNetwork<Real>::BeginBackward(const TrainingBlock<Real>& block,
                                         NetworkPass<Real>& pass) const {
  readout_->BeginBackward(block, pass.output_errors.data(), pass.readout);
}

template <class Real>
void TrainedNetwork<Real>::ReadoutBackward(const Real* parameters,
                                           int64_t begin, int64_t end,
                                           const TrainingBlock<Real>& block,
                                           NetworkPass<Real>& pass,
                                           Real* gradient) const {
  std::fill_n(pass.errors.data(),
              last().units() * block.samples * (end - begin), Real{0});
  readout_->Backward(Activity(parameters, begin, end, block, pass), block,
                     pass.output_errors.data(), pass.readout, gradient,
                     pass.errors.data());
}

template <class Real>
void TrainedNetwork<Real>::BackwardLayers(const Real* parameters, int64_t begin,
                                          int64_t end,
                                          const TrainingBlock<Real>& block,
                                          bool has_errors,
                                          NetworkPass<Real>& pass,
                                          Real* gradient) const {
  for (size_t l = layers_.size(); l-- > 0;) {
    if (!has_errors && layers_[l]->is_memoryless()) continue;
    layers_[l]->Backward(
        parameters, Inputs(l, begin, block, pass), begin - pass.first_step,
        end - pass.first_step, has_errors ? pass.errors.data() : nullptr,
        pass.courses[l], gradient, l > 0 ? pass.input_errors.data() : nullptr);
    if (l > 0) std::swap(pass.errors, pass.input_errors);
    has_errors = true;
  }
}

template <class Real>
void TrainedNetwork<Real>::Backward(const Real* parameters,
                                    const TrainingBlock<Real>& block,
                                    WayBack way, NetworkPass<Real>& pass,
                                    AddErrors add, Real* gradient) const {
  for (size_t l = 0; l < layers_.size(); ++l) {
    layers_[l]->BeginBackward(pass.courses[l]);
  }
  bool is_silent = true;  // no error came yet: there is nothing to go back with
  for (int64_t end = way.end; end > way.until;) {
    const bool has_errors = end > way.errors_from && end > way.first_errors;
    if (is_silent && !has_errors) return;
    const int64_t begin =
        std::max((end - 1) / kStepsPerStretch * kStepsPerStretch,
                 end > way.errors_from ? way.errors_from : way.until);
    GoToSegment(parameters, begin, block, pass);
    if (has_errors) {
      const int64_t size = last().units() * block.samples * (end - begin);
      ReadoutBackward(parameters, begin, end, block, pass, gradient);
      add(begin, end, pass.errors.data());
      is_silent = is_silent &&
                  std::all_of(pass.errors.data(), pass.errors.data() + size,
                              [](Real error) { return error == Real{0}; });
    }
    if (!is_silent) {
      BackwardLayers(parameters, begin, end, block, has_errors, pass, gradient);
    }
    end = begin;
  }
}

template class TrainedNetwork<float>;
template class TrainedNetwork<double>;

ParameterLayout LayoutOf(const Component& component, NetworkShape shape,
                         const Component* readout) {
  return TrainedNetwork<float>(component, shape, 0, readout).layout();
}

}  // namespace engram
