#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/array.h"
#include "core/base/random.h"
#include "core/programs/program.h"
#include "core/rules/plasticity.h"
#include "core/spec/component.h"
#include "core/tasks/sequence_task.h"

namespace engram {

// Does a rule on spikes learn what its rate formula says? The units of an item
// network fire independent Poisson spikes, rate_in while their item is
// presented and rate_out otherwise. A rule on spikes changes one copy of the
// weights by the spikes, a rule on rates another by the rates that the spikes
// are drawn from, in the same steps. What they wrote is compared by item:
//
//   B_kl = mean of w_ij over i in item k, j in item l, i != j
//   block_slope        b of the least squares B_spikes = a + b B_rates
//   block_correlation  Pearson's, over all pairs of items
//
//   w  (n_units, n_units)  weight  [1]
//   r  (n_units)           rate    [1/ms], so that a spike has area 1
//
// The spikes of a trial are noise of the formula; its share falls with the
// square root of the repetitions and of the synapses in a block.
//
// A tick is one presentation with its silence.
class SpikesAgainstRates final : public Program {
 public:
  SpikesAgainstRates(const Component& root, uint64_t seed, Context context);

  absl::StatusOr<Progress> Advance(int64_t ticks, Recorder& out,
                                   std::stop_token stop) override;
  void VisitState(StateVisitor& v) override;

 private:
  absl::Status Train();
  // Rates of a step into rate_, and the units that fire into spikes_.
  void Fire(int64_t step_of_trial, int64_t step);
  void Report(Recorder& out);
  Progress progress() const;

  Parallel& parallel_;
  int64_t units_;
  double dt_;  // [ms]
  int64_t repetitions_;
  double rate_in_;   // [1/ms]
  double rate_out_;  // [1/ms]
  std::unique_ptr<SequenceTask> task_;
  Plasticity<double> spike_rule_, rate_rule_;
  RandomStream random_;

  Array<int64_t> trial_;  // ticks done
  Array<double> spike_weights_, rate_weights_;

  // Scratch.
  Array<double> input_, rate_, uniform_;
  std::vector<int32_t> spikes_;
};

}  // namespace engram
