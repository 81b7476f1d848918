#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "core/analyses/system_analysis.h"
#include "core/analyses/systems/system.h"
#include "core/base/array.h"
#include "core/programs/program.h"
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
  struct NamedAnalysis {
    Component component;
    std::unique_ptr<SystemAnalysis> analysis;
    int64_t end;  // tick behind its last part
  };

  SystemSubject Subject();
  void RunTick(Recorder& out);
  Progress progress() const;

  Parallel& parallel_;
  uint64_t seed_;
  absl::Status unfit_;  // what is wrong with the inputs
  System system_;
  std::vector<NamedAnalysis> analyses_;
  Array<int64_t> part_;  // ticks done
};

// Under which a run's arrays of this analysis stand: "analyses.fixed_points".
std::string StatePath(const Component& analysis);

}  // namespace engram
