#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "core/learners/learner.h"
#include "tests/core/training/training_fixture.h"

namespace engram {

// The direction that a learner gives for a small network's block.
template <class Real>
Array<Real> DirectionOf(const std::string& learner, SmallNetwork<Real>& small) {
  const auto made = MakeLearner<Real>(Tree(learner, Kind::kLearner, "learner"));
  small.pass = {};
  small.pass.plan = made->plan();
  small.Begin();
  Array<Real> direction(small.network.layout().size());
  made->Learn(small.network, small.loss, small.parameters.data(), small.block,
              small.pass, direction.data());
  return direction;
}

template <class Real>
double LargestOf(const Array<Real>& values) {
  double largest = 0;
  for (const Real x : values.span()) {
    largest = std::max(largest, std::abs(static_cast<double>(x)));
  }
  return largest;
}

// Steps [begin, end) of a block, of which those from `scored` on count.
inline TrainingBlock<double> PieceOf(const TrainingBlock<double>& block,
                                     int64_t begin, int64_t end,
                                     int64_t scored) {
  TrainingBlock<double> piece;
  piece.part = block.part;
  piece.samples = block.samples;
  piece.steps = end - begin;
  scored = std::min(std::max(scored, block.first_scored), end);
  piece.first_scored = scored - begin;
  piece.heads = block.heads;
  piece.batch_samples = block.batch_samples;
  piece.total_weight = block.total_weight;
  Resize(block.inputs.rows(), block.targets.rows(), piece);
  const int64_t inputs = block.inputs.rows() * block.samples;
  std::copy_n(block.inputs.data() + inputs * begin, inputs * piece.steps,
              piece.inputs.data());
  const int64_t at = block.samples * (scored - block.first_scored);
  const auto copy = [&](const auto& from, auto& to) {
    std::copy_n(from.data() + from.rows() * at,
                from.rows() * piece.scored_columns(), to.data());
  };
  copy(block.targets, piece.targets);
  copy(block.labels, piece.labels);
  copy(block.weights, piece.weights);
  return piece;
}

}  // namespace engram
