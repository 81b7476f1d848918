#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "core/analyses/system_analysis.h"
#include "core/programs/program.h"
#include "core/spec/component.h"

namespace engram {

// The analyses of systems among a program's analyses, one after the other and
// each in its parts: a part is a tick of the program.
class SystemAnalyses {
 public:
  // For systems of n variables.
  SystemAnalyses(const std::vector<Component>& analyses, uint64_t seed,
                 int64_t n);

  // Before the first part; the first error of any of them.
  absl::Status Read(const SystemSubject& subject, const Inputs& inputs);
  int64_t parts() const { return all_.empty() ? 0 : all_.back().end; }
  // Parts come in order, from 0; the last one of an analysis reports.
  void RunPart(const SystemSubject& subject, int64_t part, Recorder& out);
  void VisitState(StateVisitor& v);

 private:
  struct NamedAnalysis {
    Component component;
    std::unique_ptr<SystemAnalysis> analysis;
    int64_t end;  // part behind its last one
  };

  std::vector<NamedAnalysis> all_;
};

// SystemAnalyses::parts, without making what may be large.
int64_t PartsOfSystemAnalyses(const std::vector<Component>& analyses,
                              int64_t n);

// Under which a run's arrays of an analysis stand: "analyses.fixed_points".
std::string StatePath(const Component& analysis);
// The names that VisitState gives.
std::vector<std::string> ArraysOfSystemAnalyses(
    const std::vector<Component>& analyses);

}  // namespace engram
