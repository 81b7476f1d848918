#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/array.h"
#include "core/base/random.h"
#include "core/networks/pattern_mean_field.h"
#include "core/networks/pattern_network.h"
#include "core/programs/program.h"
#include "core/spec/component.h"

namespace engram {

// Recalls a stored sequence of patterns from the first of them, in the network
// and beside it in its mean field, whose overlaps obey an equation of their
// own (core/networks/pattern_mean_field.h).
//
// A tick is a step of the network.
class PatternRecall final : public Program {
 public:
  PatternRecall(const Component& root, uint64_t seed, Context context);

  absl::StatusOr<Progress> Advance(int64_t ticks, Recorder& out,
                                   std::stop_token stop) override;
  void VisitState(StateVisitor& v) override;

 private:
  struct Peak {
    double size;     // [1]
    double time_ms;  // of its first occurrence
  };

  void Step(Recorder& out);
  // Writes today's overlaps into row `step` of both traces.
  void Note(int64_t step);
  double Deviation(int64_t step) const;
  void Finish(Recorder& out) const;
  void WriteItem(int64_t item, Recorder& out) const;
  // Largest distance of the mean field's peaks from published ones.
  void ComparePeaks(Recorder& out) const;
  Peak PeakOf(const Array<double>& trace, int64_t item) const;
  // Largest n for which items 1..n peaked one after the other.
  int64_t SequenceLength() const;
  Progress progress() const;

  PatternNetwork network_;
  PatternMeanField mean_field_;
  RandomStream noise_;
  int64_t steps_;
  std::vector<int64_t> expected_items_;
  std::vector<double> expected_peaks_;  // [1]
  std::vector<double> expected_times_;  // [ms]

  Array<int64_t> step_;  // done
  PatternState state_;
  Array<double> kappa_;              // mean field (n_patterns) [1]
  Array<double> variance_;           // mean field (1) [1]
  Array<double> overlaps_;           // (n_steps + 1, n_patterns) [1]
  Array<double> expected_overlaps_;  // the mean field's

  Array<double> row_;  // scratch
};

}  // namespace engram
