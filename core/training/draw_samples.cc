#include "core/training/draw_samples.h"

namespace engram {
namespace {

template <class Real>
void AskNothing(TrainingBlock<Real>& block, int64_t sample) {
  for (int64_t j = sample; j < block.scored_columns(); j += block.samples) {
    block.weights[j] = 0;
  }
}

}  // namespace

template <class Real>
void DrawSamples(const SupervisedTask& task, const Stage& stage,
                 const BatchPlace& place, int64_t first,
                 TrainingBlock<Real>& block) {
  const TaskShape& shape = task.shape();
  Resize(shape.inputs, shape.has_classes ? 0 : shape.outputs, block);
  const auto trials = static_cast<int64_t>(place.order.size());
  for (int64_t k = 0; k < block.samples; ++k) {
    int64_t number = block.first_trial + k;
    bool is_repeated = false;
    if (trials > 0) {
      const int64_t at = place.of_epoch * block.batch_samples + first + k;
      number = place.order[static_cast<size_t>(at % trials)];
      is_repeated = at >= trials;
    }
    task.Fill(stage,
              {.part = block.part,
               .number = number,
               .batch = place.of_epoch,
               .sample = first + k},
              ViewOfTrial(block, k));
    if (is_repeated && block.part == Part::kTest) AskNothing(block, k);
  }
}

template <class Real>
double WeightOf(const TrainingBlock<Real>& block) {
  double weight = 0;
  for (int64_t j = 0; j < block.scored_columns(); ++j) {
    weight += static_cast<double>(block.weights[j]);
  }
  return weight;
}

template void DrawSamples(const SupervisedTask&, const Stage&,
                          const BatchPlace&, int64_t, TrainingBlock<float>&);
template void DrawSamples(const SupervisedTask&, const Stage&,
                          const BatchPlace&, int64_t, TrainingBlock<double>&);
template double WeightOf(const TrainingBlock<float>&);
template double WeightOf(const TrainingBlock<double>&);

}  // namespace engram
