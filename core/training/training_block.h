#pragma once

#include <cstdint>

#include "core/base/array.h"

namespace engram {

// A batch is cut into blocks of so many samples, whatever the threads; sums run
// over blocks in order.
inline constexpr int64_t kSamplesPerBlock = 32;

// A layer works on so many steps at a time: products with input weights and
// those for gradients take a whole stretch, and its errors stay in the cache.
inline constexpr int64_t kStepsPerStretch = 16;

// Where a task writes one trial of a block.
struct TrialView;

// Trials for learning and trials for testing are drawn apart.
enum class Part { kTraining, kTest };

// What a network sees of some samples of a batch, and what it should answer.
// Stacks are time-major. Outputs are read from the step `first_scored` on.
template <class Real>
struct TrainingBlock {
  Part part = Part::kTraining;
  int64_t samples = 0;
  int64_t steps = 0;
  int64_t first_scored = 0;
  int64_t first_trial = 0;    // number of the first sample's trial
  int64_t heads = 1;          // that are active
  double total_weight = 0;    // of the weights of the whole batch
  int64_t batch_samples = 0;  // of the whole batch
  int64_t hold = 1;           // steps that an input lasts

  Array<Real> inputs;     // (inputs, samples steps)
  Array<Real> targets;    // (outputs, samples scored_steps), of regression
  Array<int32_t> labels;  // (heads, samples scored_steps), of classification
  Array<Real> weights;    // (1, samples scored_steps): 0 where nothing is asked
  // (1, samples scored_steps): 0 where an answer counts in the loss, but is
  // none that a test counts as right or wrong.
  Array<uint8_t> judged;

  int64_t scored_steps() const { return steps - first_scored; }
  int64_t scored_columns() const { return samples * scored_steps(); }
};

// One trial of a block, as a task fills it.
struct TrialView {
  // Exactly one of single and double is there.
  TrainingBlock<float>* single_block = nullptr;
  TrainingBlock<double>* double_block = nullptr;
  int64_t sample = 0;
  int64_t steps = 0;
  int64_t first_scored = 0;

  // Steps that an input lasts.
  int64_t hold() const;

  void SetInput(int64_t input, int64_t step, double value) const {
    Visit([&](auto& block) {
      block.inputs(input, step * block.samples + sample) = As(block, value);
    });
  }
  void SetTarget(int64_t output, int64_t step, double value) const {
    Visit([&](auto& block) {
      block.targets(output, Column(block, step)) = As(block, value);
    });
  }
  void SetLabel(int64_t head, int64_t step, int32_t label) const {
    Visit(
        [&](auto& block) { block.labels(head, Column(block, step)) = label; });
  }
  // How much the answer at a scored step counts; 1 where a task says nothing.
  void SetWeight(int64_t step, double weight) const {
    Visit([&](auto& block) {
      block.weights[Column(block, step)] = As(block, weight);
    });
  }
  // Whether a test counts the answer at a scored step; it does where a task
  // says nothing.
  void SetJudged(int64_t step, bool is_judged) const {
    Visit([&](auto& block) {
      block.judged[Column(block, step)] = is_judged ? 1 : 0;
    });
  }

 private:
  template <class Real>
  static Real As(const TrainingBlock<Real>&, double value) {
    return static_cast<Real>(value);
  }
  template <class Block>
  int64_t Column(const Block& block, int64_t step) const {
    return (step - first_scored) * block.samples + sample;
  }
  template <class Write>
  void Visit(Write write) const {
    if (single_block != nullptr) {
      write(*single_block);
    } else {
      write(*double_block);
    }
  }
};

inline int64_t TrialView::hold() const {
  return single_block != nullptr ? single_block->hold : double_block->hold;
}

inline TrialView ViewOfTrial(TrainingBlock<float>& block, int64_t sample) {
  return {&block, nullptr, sample, block.steps, block.first_scored};
}
inline TrialView ViewOfTrial(TrainingBlock<double>& block, int64_t sample) {
  return {nullptr, &block, sample, block.steps, block.first_scored};
}

// Makes an array hold at least `cols` columns; what it held is lost when it
// grows. Storage only grows, so a run soon allocates nothing.
template <class T>
void GrowTo(Array<T>& array, int64_t rows, int64_t cols) {
  if (array.rows() == rows && array.cols() >= cols) return;
  array = Array<T>(rows, cols);
}

// Sizes a block for inputs, outputs and heads; clears inputs and targets and
// sets all weights to 1 and all answers judged.
template <class Real>
void Resize(int64_t inputs, int64_t outputs, TrainingBlock<Real>& block) {
  GrowTo(block.inputs, inputs, block.samples * block.steps);
  GrowTo(block.targets, outputs, block.scored_columns());
  GrowTo(block.labels, block.heads, block.scored_columns());
  GrowTo(block.weights, 1, block.scored_columns());
  GrowTo(block.judged, 1, block.scored_columns());
  block.inputs.Fill(0);
  block.targets.Fill(0);
  block.labels.Fill(0);
  block.weights.Fill(1);
  block.judged.Fill(1);
}

}  // namespace engram
