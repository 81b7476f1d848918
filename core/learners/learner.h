#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/spec/component.h"
#include "core/spec/component_spec.h"
#include "core/training/loss.h"
#include "core/training/trained_network.h"

namespace engram {

// What a learner takes beside one way there and back with all steps kept.
struct LearnerCost {
  double numbers = 0;   // held of a sample
  double products = 0;  // multiplications of a sample and step
};

// A way to get from what a network did to a direction in which its parameters
// should go down: the exact gradient of the loss, or something in its stead.
// Thread-safe: blocks have passes and directions of their own.
template <class Real>
class Learner {
 public:
  virtual ~Learner() = default;
  // What a pass keeps for this learner.
  virtual PassPlan plan() const { return {}; }
  virtual LearnerCost cost(const TrainedNetwork<Real>&) const { return {}; }
  // One block, whose pass is sized and has its initial state: goes forward and
  // adds the direction to `direction`. Returns the block's part of the loss.
  virtual double Learn(const TrainedNetwork<Real>& network,
                       const Loss<Real>& loss, const Real* parameters,
                       const TrainingBlock<Real>& block,
                       NetworkPass<Real>& pass, Real* direction) const = 0;
};

// What a learner is to train.
struct LearnerPlace {
  const Component& program;  // with slots network, readout and loss
  NetworkShape shape;
};

struct LearnerRow {
  ComponentSpec spec;
  // Why the learner cannot train this, and what would fit; empty where it can.
  std::string (*refusal)(const Component& learner,
                         const LearnerPlace& place) = nullptr;
  std::unique_ptr<Learner<float>> (*make_single)(const Component& c) = nullptr;
  std::unique_ptr<Learner<double>> (*make_double)(const Component& c) = nullptr;
};

// One line a learner.
const std::vector<LearnerRow>& LearnerRows();
template <class Real>
std::unique_ptr<Learner<Real>> MakeLearner(const Component& component);

// Numbers of the whole batch's activity: terms on activity divide by it.
template <class Real>
double ActivityOf(const TrainedNetwork<Real>& network,
                  const TrainingBlock<Real>& block) {
  return static_cast<double>(network.last().units()) *
         static_cast<double>(block.batch_samples) *
         static_cast<double>(block.steps);
}

// Forward and the loss of what came out; sets pass.output_errors.
template <class Real>
double ForwardLoss(const TrainedNetwork<Real>& network, const Loss<Real>& loss,
                   const Real* parameters, const TrainingBlock<Real>& block,
                   NetworkPass<Real>& pass);
// The exact way back of all terms of the loss, after ForwardLoss.
template <class Real>
void BackwardLoss(const TrainedNetwork<Real>& network, const Loss<Real>& loss,
                  const Real* parameters, const TrainingBlock<Real>& block,
                  NetworkPass<Real>& pass, Real* gradient);
// One of several ways back, after the network's BeginBackward.
template <class Real>
void BackwardLossOver(const TrainedNetwork<Real>& network,
                      const Loss<Real>& loss, const Real* parameters,
                      const TrainingBlock<Real>& block, WayBack way,
                      NetworkPass<Real>& pass, Real* gradient);

template <template <class> class L>
LearnerRow RowOfLearner(ComponentSpec spec,
                        std::string (*refusal)(const Component&,
                                               const LearnerPlace&)) {
  spec.kind = Kind::kLearner;
  return {
      .spec = std::move(spec),
      .refusal = refusal,
      .make_single = [](const Component& c) -> std::unique_ptr<Learner<float>> {
        return std::make_unique<L<float>>(c);
      },
      .make_double =
          [](const Component& c) -> std::unique_ptr<Learner<double>> {
        return std::make_unique<L<double>>(c);
      }};
}

// A parameter of learners that go back through time.
ParameterSpec RecomputeEvery();
// Why a learner that goes through time has nothing to do; empty where it has.
std::string RefuseWithoutMemory(const Component& learner,
                                const LearnerPlace& place);

LearnerRow BpttRow();
LearnerRow InhibitoryStdpRow();
LearnerRow RtrlRow();
LearnerRow SuperSpikeRow();
LearnerRow TruncatedBpttRow();

}  // namespace engram
