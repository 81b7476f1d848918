#pragma once

#include <cstdint>
#include <string>

#include "core/analyses/structure/triads.h"
#include "core/analyses/system_analysis.h"
#include "core/base/array.h"
#include "core/base/random.h"
#include "core/spec/component.h"

namespace engram {

// How often two and three units are connected in each way, against networks in
// which every unit keeps its numbers of connections. A part is one network, the
// own one first.
class Motifs final : public SystemAnalysis {
 public:
  Motifs(const Component& component, uint64_t seed);

  int64_t parts() const override { return counts_.cols(); }
  void RunPart(const SystemSubject& subject, int64_t part) override;
  void Finish(const SystemSubject& subject, AnalysisOutput& out) override;
  void VisitState(const std::string& path, StateVisitor& v) override;

 private:
  struct Chance {
    double mean, deviation;
  };
  // Of row `row`, over the random networks.
  Chance ChanceOf(int64_t row) const;
  // Count over what chance makes; absent where that is 0.
  Measured RatioOf(int64_t row) const;

  double above_;  // [1]
  RandomStream exchanges_;
  // (2 + 16, 1 + n_random): connections, mutual pairs, triads by type.
  Array<double> counts_;
};

}  // namespace engram
