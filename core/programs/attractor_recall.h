#pragma once

#include <cstdint>
#include <memory>

#include "core/base/array.h"
#include "core/networks/binary_network.h"
#include "core/networks/binary_patterns.h"
#include "core/programs/binary_recall.h"
#include "core/programs/program.h"
#include "core/rules/plasticity.h"
#include "core/spec/component.h"

namespace engram {

// Stores random patterns in a binary network and asks for each of them. With a
// rule the network then runs, again and again, from a random state to where it
// comes to rest, the rule is applied to that state for 1 ms, and the patterns
// are asked for once more. Under the anti-Hebbian rule this is unlearning: it
// weakens what states the network finds by itself, mixtures above all
// (Hopfield, Feinstein, Palmer 1983, doi:10.1038/304158a0).
//
// A tick is one recall or one application of the rule.
class AttractorRecall final : public Program {
 public:
  AttractorRecall(const Component& root, uint64_t seed, Context context);

  absl::StatusOr<Progress> Advance(int64_t ticks, Recorder& out,
                                   std::stop_token stop) override;
  void VisitState(StateVisitor& v) override;

 private:
  bool is_plastic() const { return rule_ != nullptr; }
  int64_t total() const;
  Progress progress() const;
  // Recalls cue `cue`; its overlap goes to `overlaps` and the series `name`.
  void Recall(int64_t cue, const char* name, Array<double>& overlaps,
              Recorder& out);
  absl::Status Learn(int64_t number);
  void Finish(Recorder& out) const;

  Parallel& parallel_;
  RecallProtocol protocol_;
  BinaryNetwork network_;
  BinaryPatterns patterns_;
  std::unique_ptr<Plasticity<double>> rule_;
  BinaryRecall recall_;
  int64_t cues_;
  int64_t rule_steps_;

  Array<int64_t> tick_;
  Array<double> overlaps_;  // (n_cues) [1]
  Array<double> before_;    // the same before the rule was applied
  Array<double> courses_;   // (n_steps, n_cues), of the last recalls [1]
};

}  // namespace engram
