#pragma once

#include <cstdint>
#include <string>

#include "core/analyses/recall_trace.h"
#include "core/base/array.h"
#include "core/programs/recorder.h"
#include "core/spec/component.h"
#include "core/tasks/sequence_task.h"

namespace engram {

// What analyses of a learned sequence read.
struct SequenceResults {
  const SequenceTask& task;
  const Array<double>& weights;  // learned change dW (n_post, n_pre) [1]
  const RecallTrace& recall;
};

// Where an analysis leaves what it found: names of a component that has a name
// of its own are "name.output", so that several of one type stay apart.
class AnalysisOutput {
 public:
  AnalysisOutput(const Component& component, Recorder& recorder)
      : prefix_(component.name.empty() ? "" : component.name + "."),
        recorder_(recorder) {}

  void Summary(const std::string& name, const char* unit,
               const Measured& value) {
    recorder_.Summary(prefix_ + name, unit, value);
  }
  void Point(const std::string& name, const char* unit, const char* x,
             const char* x_unit, double at, const Measured& value) {
    recorder_.Point({prefix_ + name, unit, x, x_unit}, at, value);
  }
  void Array(const std::string& name, const ArrayView& array) {
    recorder_.Array(prefix_ + name, -1, array);
  }

 private:
  std::string prefix_;
  Recorder& recorder_;
};

// A function of what a run of a sequence program has learned.
class SequenceAnalysis {
 public:
  virtual ~SequenceAnalysis() = default;
  virtual void Run(const SequenceResults& results,
                   AnalysisOutput& out) const = 0;
};

}  // namespace engram
