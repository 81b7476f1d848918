#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/array.h"
#include "core/learners/learner.h"
#include "core/programs/recorder.h"
#include "core/training/trained_network.h"

namespace engram {

// How a direction lies to the exact gradient: the angle between them [degrees]
// and its length over the gradient's. Absent where one of them is 0.
struct Alignment {
  std::string of;  // a matrix of the network; empty: of all that is trained
  Measured angle;
  Measured norm_ratio;
};

// Backpropagation through time that keeps as many states as a learner does.
Component ExactLearnerBeside(const Component& learner);

// The exact gradient of a batch beside what a learner makes of it, block by
// block: by backpropagation through time, on passes of its own, so that
// training does not notice. Of spiking units it is the surrogate gradient, all
// the way back; nothing exact is behind a step that has no derivative.
template <class Real>
class AlignmentProbe {
 public:
  // `learner`: whose way of keeping states is taken over. References outlive
  // this.
  AlignmentProbe(const TrainedNetwork<Real>& network, const Loss<Real>& loss,
                 const Component& learner, int64_t blocks);

  // Of block `b`, which the caller sizes and gives its initial state.
  NetworkPass<Real>& pass(int64_t b) { return passes_[static_cast<size_t>(b)]; }
  void Learn(const Real* parameters, const TrainingBlock<Real>& block,
             int64_t b);
  // Of the blocks' sum and a direction that is laid out alike: of all that is
  // trained, and of each trained matrix.
  std::vector<Alignment> Compare(const Real* direction);

 private:
  const TrainedNetwork<Real>& network_;
  const Loss<Real>& loss_;
  std::unique_ptr<Learner<Real>> exact_;
  std::vector<NetworkPass<Real>> passes_;
  Array<Real> gradients_;  // (parameters, blocks)
};

// The angle of two vectors with these squared lengths of the difference and the
// sum of their directions [degrees].
double AngleBetween(double difference, double sum);

extern template class AlignmentProbe<float>;
extern template class AlignmentProbe<double>;

}  // namespace engram
