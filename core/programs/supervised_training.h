#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/analyses/training/catalog.h"
#include "core/base/array.h"
#include "core/base/random.h"
#include "core/curricula/curriculum.h"
#include "core/programs/program.h"
#include "core/tasks/supervised/supervised_task.h"
#include "core/training/trainer.h"

namespace engram {

// Trains a network on a task by gradients. An epoch is so many updates, then
// so many batches of other trials that test what was learned; after it the
// curriculum may go on.
//
// A tick is one batch, of either kind; after the last one, a part of an
// analysis.
template <class Real>
class SupervisedTraining final : public Program {
 public:
  SupervisedTraining(const Component& root, uint64_t seed, Context context);

  absl::StatusOr<Progress> Advance(int64_t ticks, Recorder& out,
                                   std::stop_token stop) override;
  void VisitState(StateVisitor& v) override;

 private:
  // Of `progress_`. kWithout: epochs without a smaller loss, -1 before the
  // first one of a stage.
  enum { kTick, kUpdate, kEpoch, kWithout, kEnded, kPart, kCounts };

  absl::Status Update(int64_t of_epoch, Recorder& out);
  void RecordAlignment(double update, Recorder& out);
  absl::Status Test(int64_t of_epoch);
  void EndEpoch(Recorder& out);
  void Summarise(Recorder& out);
  void Analyse(Recorder& out);
  // The trials of a finite part in the order of this epoch.
  std::span<const int64_t> Order(Part part);
  const Stage& stage() const;
  absl::Status Diverged(const std::string& what,
                        const std::string& where) const;
  absl::Status DivergedInTest() const;
  // Of each readout; 0 where nothing was asked.
  std::vector<double> Accuracy() const;
  Measured MeanAccuracy() const;
  Measured TestLoss() const;
  Measured Perplexity() const;
  void CountPatience(double loss, bool is_next_stage);
  Progress progress() const;

  const Component root_;
  absl::Status unfit_;  // why what is read does not fit
  const int64_t epochs_, updates_, test_batches_, patience_, align_every_;
  const double clip_;
  const uint64_t seed_;
  Parallel& parallel_;
  const std::unique_ptr<SupervisedTask> task_;
  const std::unique_ptr<Curriculum> curriculum_;  // null without one
  const RandomStream shuffle_;
  Trainer<Real> trainer_;
  TrainedAnalyses<Real> analyses_;
  const Stage only_;  // of a task without n
  std::vector<int64_t> order_;
  int64_t order_of_ = -1;  // epoch whose training trials order_ holds

  Array<int64_t> progress_;
  Array<int64_t> right_, asked_;  // answers of this epoch's test, by readout
  // Sum of test losses by their batches' shares, and sum of these, of the last
  // epoch; least loss of the stage's epochs; gradient norm of the last update.
  enum { kSum, kShares, kLeast, kNorm, kMeasures };
  Array<double> measures_;
};

extern template class SupervisedTraining<float>;
extern template class SupervisedTraining<double>;

// What a validated tree's curriculum asks; one readout where it has none.
CurriculumReach ReachOfTraining(const Component& root);
// What its task and curriculum want of the network.
NetworkShape ShapeOfTrainedNetwork(const Component& root);
Estimate EstimateSupervisedTraining(const Component& root);

}  // namespace engram
