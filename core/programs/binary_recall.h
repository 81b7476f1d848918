#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/random.h"
#include "core/networks/binary_network.h"
#include "core/networks/binary_patterns.h"
#include "core/spec/component.h"
#include "core/spec/component_spec.h"

namespace engram {

// How the programs on binary networks cue and measure a recall.
struct RecallProtocol {
  // Of a program with the parameters of RecallParameters.
  explicit RecallProtocol(const Component& program);

  BinaryNetwork::Storage storage;
  double flips;           // share of a cue's units that are flipped [1]
  int64_t steps;          // synchronous steps or asynchronous sweeps
  int64_t average_steps;  // at the end, over which the overlap is averaged
};

// storage, flips, steps, average_steps
std::vector<ParameterSpec> RecallParameters();
// What does not fit the network in the slot `network`.
void CheckRecall(const Component& program, Faults& faults);

// One recall after the other; its memory is kept.
class BinaryRecall {
 public:
  // Cues are drawn at `path`.
  BinaryRecall(const RecallProtocol& protocol, int64_t units, uint64_t seed,
               absl::string_view path);

  // Starts from `pattern`, with exactly round(flips N) units flipped that are
  // drawn for `cue`, and runs with randomness at addresses from `first` on.
  // `course` (n_steps) gets the overlap after each step with the pattern that
  // is due: the cue's own, or in a sequence the one as many steps ahead.
  // The mean of its last average_steps.
  double Run(const BinaryNetwork& network, const BinaryPatterns& patterns,
             int64_t pattern, int64_t cue, int64_t first,
             std::span<double> course);
  // Runs from a random state, that of `number`, until nothing changes or the
  // steps are over. The state.
  std::span<const double> Relax(const BinaryNetwork& network, int64_t number,
                                int64_t first);

 private:
  void Cue(const BinaryPatterns& patterns, int64_t pattern, int64_t cue);

  RecallProtocol protocol_;
  RandomStream flipped_, random_;
  BinaryState state_;
};

}  // namespace engram
