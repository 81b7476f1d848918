#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/analyses/recall_trace.h"
#include "core/analyses/sequence_analysis.h"
#include "core/base/array.h"
#include "core/base/random.h"
#include "core/networks/rate_network.h"
#include "core/programs/program.h"
#include "core/programs/system_analyses.h"
#include "core/rules/plasticity.h"
#include "core/rules/sparse_weights.h"
#include "core/spec/component.h"
#include "core/tasks/sequence_task.h"

namespace engram {

// Presents a sequence again and again to a rate network while a local rule
// changes a copy of its weights, then asks for recall.
//
//   training  open loop: activity runs on the initial weights W0 alone, so
//             what a rule writes does not act back on what it sees; closed
//             loop: W = W0 + scale dW
//   recall    W = W0 + gain / (S max|B|) dW, or another matching of the gain
//             (core/programs/sequence_parts.h)
//
//   dW (n_units, n_units)   what the rule wrote         [1]
//   B  (n_items, n_items)   its means over item blocks  [1]
//   S                       units of an item
//
// Rules differ by orders of magnitude in size; with the gain matched, the
// strongest block drives an item as strongly under each of them.
//
// A tick is one presentation with its silence; then one for the last recall and
// what is read off it, and one for each part of each analysis of systems, which
// takes the network with the weights of recall and items as patterns.
class SequenceLearning final : public Program {
 public:
  SequenceLearning(const Component& root, uint64_t seed, Context context);

  absl::StatusOr<Progress> Advance(int64_t ticks, Recorder& out,
                                   std::stop_token stop) override;
  void VisitState(StateVisitor& v) override;

  // What was learned up to now, for programs that compare runs of this one.
  const SequenceTask& task() const { return *task_; }
  const Array<double>& weights() const { return weights_; }
  // Rates (n_steps, n_units) at a recall with today's weights.
  Array<double> RecallRates();

 private:
  struct NamedAnalysis {  // of the recall
    Component component;
    std::unique_ptr<SequenceAnalysis> analysis;
  };

  absl::Status Train(Recorder& out);
  void Learn(const Signals<double>& signals);
  // Leaves in weights_ what the trial's steps wrote.
  void EndTrial();
  absl::Status CheckFinite() const;
  void Report(Recorder& out);
  void AnalyseRecall(Recorder& out);
  void AnalyseSystem(int64_t part, Recorder& out);
  // The recall after the last trial, unless it is there.
  void RecallAtEnd();
  // Runs a recall with today's weights; the noise is that of `trial`.
  void Recall(int64_t trial);
  // W of the recall, into `w`.
  void FillWeights(std::span<double> w) const;
  // w = W0 + scale dW
  void AddScaled(double scale, std::span<double> w) const;
  Progress progress() const;

  Parallel& parallel_;
  uint64_t seed_;
  Component network_component_;
  std::unique_ptr<RateNetwork> network_;
  std::unique_ptr<SequenceTask> task_;
  std::unique_ptr<Plasticity<double>> rule_;
  std::string rule_type_;
  std::vector<NamedAnalysis> analyses_;
  SystemAnalyses system_analyses_;
  int64_t repetitions_;
  int64_t test_every_;
  double gain_;      // [1]
  double feedback_;  // what dW counts for in training; 0: open loop [1]
  std::optional<Component> matching_;  // of the gain
  RandomStream training_noise_, recall_noise_;

  Array<int64_t> trial_;   // ticks done
  Array<double> weights_;  // dW
  RateState state_;

  // The rule's view of a sparse network; `weights_` is the state.
  std::optional<SparseWeights<double>> synapses_;

  // Scratch, kept for its memory.
  Array<double> input_;
  Array<double> previous_;  // dW before the trial
  Array<double> effective_;
  RateState recall_state_;
  RecallTrace recall_;
  bool is_recalled_ = false;  // effective_ and recall_ are those of the end
};

}  // namespace engram
