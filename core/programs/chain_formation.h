#pragma once

#include <cstdint>
#include <memory>

#include "core/base/array.h"
#include "core/networks/chain_network.h"
#include "core/programs/program.h"
#include "core/rules/plasticity.h"
#include "core/spec/component.h"

namespace engram {

// Random input drives a binary network while a rule changes its weights, which
// start at 0: with a rule that tells before from after, and competition between
// the synapses of a unit, units that burst one after the other by chance join
// into long chains and loops, without any sequence in the input.
//
// A tick is 100 steps.
class ChainFormation final : public Program {
 public:
  static constexpr int64_t kStepsPerTick = 100;

  ChainFormation(const Component& root, uint64_t seed, Context context);

  absl::StatusOr<Progress> Advance(int64_t ticks, Recorder& out,
                                   std::stop_token stop) override;
  void VisitState(StateVisitor& v) override;

 private:
  absl::Status Tick(Recorder& out);
  void Report(double active, Recorder& out) const;
  void Finish(Recorder& out) const;
  Progress progress() const;

  Parallel& parallel_;
  ChainNetwork network_;
  std::unique_ptr<Plasticity<double>> rule_;
  int64_t steps_;
  double strong_above_;  // [1]

  Array<int64_t> step_;          // done
  Array<double> weights_;        // (n_units, n_units) [1]
  Array<double> activity_;       // x (n_units), 0 or 1
  Array<double> field_, input_;  // scratch
};

}  // namespace engram
