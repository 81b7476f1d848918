#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "core/analyses/systems/system.h"
#include "core/base/array.h"
#include "core/programs/program.h"
#include "core/programs/system_analyses.h"
#include "core/spec/component.h"

namespace engram {

// Looks at a dynamical system that is given by its equations or by what another
// run has left: its fixed points, attractors, phase plane, and its weights.
//
// A tick is a part of an analysis; the last part of each reports.
class DynamicsAnalysis final : public Program {
 public:
  DynamicsAnalysis(const Component& root, uint64_t seed, Context context);

  absl::StatusOr<Progress> Advance(int64_t ticks, Recorder& out,
                                   std::stop_token stop) override;
  void VisitState(StateVisitor& v) override;

 private:
  SystemSubject Subject();
  Progress progress() const;

  Parallel& parallel_;
  uint64_t seed_;
  absl::Status unfit_;  // what is wrong with the inputs
  System system_;
  SystemAnalyses analyses_;
  Array<int64_t> part_;  // ticks done
};

}  // namespace engram
