#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "core/base/parallel.h"
#include "core/learners/learner.h"
#include "core/optimizers/optimizer.h"
#include "core/programs/program.h"
#include "core/programs/state_visitor.h"
#include "core/tasks/supervised/supervised_task.h"
#include "core/training/alignment.h"
#include "core/training/loss.h"
#include "core/training/trained_network.h"

namespace engram {

// A network with what trains it, batch by batch. A batch is cut into blocks of
// kSamplesPerBlock samples; each has its own pass and gradient, and gradients
// are added in the order of blocks, so no bit depends on threads.
template <class Real>
class Trainer {
 public:
  // `root`: a program with slots network, learner, optimizer, task, loss,
  // initial and constraints, and parameter batch. References outlive this.
  Trainer(const Component& root, const SupervisedTask& task, int64_t heads,
          uint64_t seed, Parallel& parallel);

  // Takes the parameters that the slot `initial` wants from other runs; before
  // the first batch.
  absl::Status TakeStored(const Inputs& inputs);

  // Draws the samples of a batch: number `batch` of its part since the start,
  // `of_epoch` of its epoch, at whose first one streams begin anew. `order` are
  // the trials of a finite part, else empty.
  void Fill(const Stage& stage, Part part, int64_t batch, int64_t of_epoch,
            std::span<const int64_t> order);
  // Share of that batch's samples that count: none where nothing is asked, and
  // of a test of finitely many trials those that were not asked before.
  double share() const { return share_; }
  // The exact gradient of the batch beside, before Learn; afterwards Compare
  // says how the direction, not yet shortened, lies to it.
  void LearnExactly();
  std::vector<Alignment> Compare() { return probe_->Compare(gradient()); }
  // The direction of the batch's samples. Returns their loss.
  double Learn();
  // Euclidean norm of the direction, infinite or NaN where it is not finite.
  double GradientNorm();
  // Scales the direction down to this norm where it is longer.
  void Clip(double norm, double most);
  // Update number `update`, from 1.
  void Step(int64_t update);
  // Loss and right answers of the batch, without learning. Adds to the counts
  // of each active readout.
  double Test(std::span<int64_t> right, std::span<int64_t> asked);

  const TrainedNetwork<Real>& network() const { return network_; }
  Real* parameters() { return parameters_.data(); }
  const Real* parameters() const { return parameters_.data(); }
  const Real* gradient() const { return gradients_.data(); }
  // Name of a matrix whose gradient is not finite; empty without one.
  std::string FindNonFinite() const;
  // Which layer gave the first number that is not finite in the batch whose
  // loss is not, and where.
  std::string FirstNonFinite() const;

  void VisitState(StateVisitor& v);

 private:
  struct Block {
    TrainingBlock<Real> data;
    NetworkPass<Real> pass;
    double loss = 0;
    std::string fault;  // where activity is not finite
    std::vector<int64_t> right, asked;
  };

  void Begin(int64_t block, NetworkPass<Real>& pass);
  void Judge(int64_t block);
  void Carry(int64_t block);
  Real* CarriedBy(int64_t block);
  void Constrain();
  double AddBlocks();
  int64_t blocks() const { return static_cast<int64_t>(blocks_.size()); }

  const SupervisedTask& task_;
  Parallel& parallel_;
  const Component& root_;
  TrainedNetwork<Real> network_;
  Loss<Real> loss_;
  std::unique_ptr<Learner<Real>> learner_;
  std::unique_ptr<Optimizer<Real>> optimizer_;
  std::unique_ptr<AlignmentProbe<Real>> probe_;  // null until it is asked for
  int64_t batch_samples_;
  Part part_ = Part::kTraining;
  bool begins_anew_ = true;  // each sample from a state of its own
  double share_ = 1;
  std::vector<Block> blocks_;
  // Numbers [begin, end) of the store that are trained.
  std::vector<std::pair<int64_t, int64_t>> trained_;

  Array<Real> parameters_;  // laid out as network_.layout() says
  Array<Real> gradients_;   // (parameters, blocks); the first holds the sum
  std::vector<Array<Real>> moments_;
  Array<Real> carried_[2];      // of streams: (state of a sample, samples)
  Array<double> stretch_sums_;  // of squares
};

// The terms of a program's loss: those in its slot, or what its task wants.
template <class Real>
Loss<Real> MakeLoss(const Component& root, const TaskShape& task);

// Paths of what VisitState names.
std::vector<std::string> ArraysOfTrainer(const Component& root,
                                         const TaskShape& task, int64_t heads);

}  // namespace engram
