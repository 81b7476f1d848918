#pragma once

#include "core/analyses/sequence_analysis.h"
#include "core/base/array.h"
#include "core/spec/component.h"
#include "core/tasks/sequence_task.h"

namespace engram {

// An analysis of systems, run on what a sequence program has learned: on the
// learned weights, on the network with the weights of recall, and on items as
// patterns.
class SystemOfSequence final : public SequenceAnalysis {
 public:
  explicit SystemOfSequence(const Component& component)
      : component_(component) {}
  void Run(const SequenceResults& results, AnalysisOutput& out) const override;

 private:
  Component component_;
};

// (n_units, n_items): 1 where a unit belongs to an item, else 0.
Array<double> ItemPatterns(const SequenceTask& task, int64_t units);

}  // namespace engram
