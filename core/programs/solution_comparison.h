#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/analyses/similarity/dynamical.h"
#include "core/analyses/similarity/solution.h"
#include "core/base/array.h"
#include "core/programs/program.h"
#include "core/programs/sequence_learning.h"
#include "core/spec/component.h"

namespace engram {

// Trains several networks on the same task, each as if it were a run of its
// own, and asks how alike their solutions are: weights, activity at recall, and
// the dynamics that it shows. Solution k has the run's seed plus k times
// seed_step, and the same bits as a run of sequence_learning with that seed.
//
// A tick is a tick of one of the trainings, which come one after the other, and
// then one pair each; the last one reports, too.
class SolutionComparison final : public Program {
 public:
  SolutionComparison(const Component& root, uint64_t seed, Context context);

  absl::StatusOr<Progress> Advance(int64_t ticks, Recorder& out,
                                   std::stop_token stop) override;
  void VisitState(StateVisitor& v) override;

 private:
  struct Trained {
    std::string path;  // of its arrays: "solutions.hebbian"
    std::unique_ptr<SequenceLearning> program;
    int64_t ticks;
  };

  absl::Status RunTick(Recorder& out);
  absl::Status Train(int64_t tick);
  void Compare(int64_t pair);
  void Report(Recorder& out) const;
  const Solution& SolutionOf(size_t k);
  Measured MeanOver(size_t measure) const;
  // (n_solutions, n_solutions); what is undefined is 0, the diagonal `self`.
  Array<double> Table(size_t measure, double self) const;
  void ReportFamilies(Recorder& out) const;
  int64_t trainings() const;  // ticks of all
  int64_t pair_count() const { return known_.cols(); }
  Progress progress() const;

  std::vector<Trained> trained_;
  DelayEmbedding embedding_;
  double same_above_;  // [1]

  Array<int64_t> tick_;   // done
  Array<double> values_;  // (n_measures, n_pairs)
  Array<int64_t> known_;  // (n_measures, n_pairs) 1 where there is a value

  // Made when first needed, from what was trained.
  std::vector<std::optional<Solution>> solutions_;
};

// Under which a run's arrays of this solution stand: "solutions.hebbian".
std::string SolutionPath(const Component& solution);

// A component as it stands at the root of a tree of its own: what it draws is
// then addressed as there.
Component AtRoot(Component component, const std::string& root_path);

}  // namespace engram
