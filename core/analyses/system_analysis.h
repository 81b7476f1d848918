#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "core/analyses/dynamics/dynamics.h"
#include "core/analyses/recall_trace.h"
#include "core/analyses/sequence_analysis.h"
#include "core/base/array.h"
#include "core/base/parallel.h"
#include "core/programs/program.h"
#include "core/programs/state_visitor.h"
#include "core/spec/component.h"
#include "core/tasks/sequence_task.h"

namespace engram {

// What analyses of a dynamical system read. A program gives what it has; what
// an analysis needs is in its row of the catalog, and checked there.
struct SystemSubject {
  const Dynamics* dynamics = nullptr;
  const Array<double>* weights = nullptr;  // (n_post, n_pre) [1]
  // States that belong to what was stored, (n, n_patterns) [1]; items have 1
  // for their units and 0 for others.
  const Array<double>* patterns = nullptr;
  // Of a run that has learned a sequence: the items, and what came back.
  const SequenceTask* task = nullptr;
  const RecallTrace* recall = nullptr;
  // The same system with other weights, where it has them.
  std::function<std::unique_ptr<Dynamics>(const Array<double>& weights)>
      with_weights = {};
  uint64_t seed = 0;
  Parallel* parallel = nullptr;
};

// A function of a system rather than of a recorded run, in parts that take less
// than a second each up to about 1,000 variables, so that a run can be stopped
// and saved between them. Of more, the longest part is the singular values of
// one matrix: O(n^3), not cut.
class SystemAnalysis {
 public:
  virtual ~SystemAnalysis() = default;
  // Reads what other runs have left, before the first part. An error says what
  // does not fit.
  virtual absl::Status Read(const SystemSubject& subject, const Inputs& inputs);
  virtual int64_t parts() const { return 1; }
  // Parts come in order, from 0.
  virtual void RunPart(const SystemSubject& subject, int64_t part) = 0;
  // After the last part.
  virtual void Finish(const SystemSubject& subject, AnalysisOutput& out) = 0;
  // What parts leave for later ones, under the names of the row's `state`.
  virtual void VisitState(const std::string& path, StateVisitor& v);
};

// Seconds of one core that an analysis of systems takes on n variables.
double EstimateSystemAnalysis(const Component& analysis, double n);
// Bytes of what it keeps between its parts and reports.
double BytesOfSystemAnalysis(const Component& analysis, double n);

}  // namespace engram
