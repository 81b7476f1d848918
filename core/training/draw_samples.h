#pragma once

#include <cstdint>
#include <span>

#include "core/tasks/supervised/supervised_task.h"
#include "core/training/training_block.h"

namespace engram {

// Which samples a batch has.
struct BatchPlace {
  int64_t of_epoch = 0;            // number of the batch in its epoch
  std::span<const int64_t> order;  // trials of a finite part, else empty
};

// Has the task fill a block of known sizes whose first sample is number `first`
// of its batch. Beyond the end of a finite part trials come again, and a test
// asks nothing of them: it asks each trial once.
template <class Real>
void DrawSamples(const SupervisedTask& task, const Stage& stage,
                 const BatchPlace& place, int64_t first,
                 TrainingBlock<Real>& block);

// The sum of the weights of a block's answers.
template <class Real>
double WeightOf(const TrainingBlock<Real>& block);

}  // namespace engram
