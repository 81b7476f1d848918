#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/analyses/dynamics/point_set.h"
#include "core/analyses/dynamics/starts.h"
#include "core/analyses/system_analysis.h"
#include "core/base/array.h"
#include "core/base/random.h"
#include "core/spec/component.h"

namespace engram {

// Where a system settles, from how many of its states, and how noise moves it
// from one attractor to another. First parts follow random states until they
// stay; further ones lead walkers through the noise and ask, at every look,
// where each would settle without it.
class Attractors final : public SystemAnalysis {
 public:
  // `n` is the system's size.
  Attractors(const Component& component, uint64_t seed, int64_t n);

  // Without making them: they may be large.
  static int64_t PartsOf(const Component& component);
  int64_t parts() const override { return blocks() + looks(); }
  void RunPart(const SystemSubject& subject, int64_t part) override;
  void Finish(const SystemSubject& subject, AnalysisOutput& out) override;
  void VisitState(const std::string& path, StateVisitor& v) override;

 private:
  int64_t starts() const { return ends_.cols(); }
  int64_t walkers() const { return visited_.cols(); }
  int64_t blocks() const;
  int64_t looks() const { return visited_.rows() - 1; }
  void SettleStarts(const SystemSubject& subject, int64_t begin, int64_t end);
  void PlaceWalkers();
  void Walk(const SystemSubject& subject, int64_t look);
  PointSet Points() const;
  // The attractor nearest to a settled state, -1 when none is near.
  int64_t NearestTo(std::span<const double> x, const PointSet& points) const;
  void ReportBasins(const PointSet& points, AnalysisOutput& out) const;
  void ReportWalks(const PointSet& points, AnalysisOutput& out) const;

  Starts start_states_;
  double duration_;    // [time constants]
  double sigma_;       // [1]
  double look_every_;  // [time constants]
  RandomStream noise_;

  Array<double> ends_;      // (n, n_starts) where each start settled
  Array<int64_t> settled_;  // (n_starts) 1 when it did
  Array<double> walkers_;   // (n, n_walkers)
  Array<int64_t> visited_;  // (n_looks + 1, n_walkers) attractor, -1 for none
};

}  // namespace engram
