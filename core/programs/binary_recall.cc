#include "core/programs/binary_recall.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/base/statistics.h"

namespace engram {

RecallProtocol::RecallProtocol(const Component& program)
    : storage(program.Text("storage") == "sequence"
                  ? BinaryNetwork::Storage::kSequence
                  : BinaryNetwork::Storage::kAttractors),
      flips(program.Real("flips")),
      steps(program.Integer("steps")),
      average_steps(program.Integer("average_steps")) {}

BinaryRecall::BinaryRecall(const RecallProtocol& protocol, int64_t units,
                           uint64_t seed, absl::string_view path)
    : protocol_(protocol),
      flipped_(seed, path, "flipped_units"),
      random_(seed, path, "random_states"),
      state_(units) {}

double BinaryRecall::Run(const BinaryNetwork& network,
                         const BinaryPatterns& patterns, int64_t pattern,
                         int64_t cue, int64_t first, std::span<double> course) {
  ENGRAM_EXPECT(static_cast<int64_t>(course.size()) == protocol_.steps);
  Cue(patterns, pattern, cue);
  network.Begin(state_);
  const bool moves = protocol_.storage == BinaryNetwork::Storage::kSequence;
  for (int64_t step = 0; step < protocol_.steps; ++step) {
    network.Update(first + step, state_);
    const int64_t due =
        moves ? (pattern + step + 1) % patterns.count() : pattern;
    course[static_cast<size_t>(step)] =
        patterns.Overlap(due, state_.activity.span());
  }
  return *statistics::Mean(
      course.last(static_cast<size_t>(protocol_.average_steps)));
}

void BinaryRecall::Cue(const BinaryPatterns& patterns, int64_t pattern,
                       int64_t cue) {
  patterns.Copy(pattern, state_.activity.span());
  const int64_t units = patterns.units();
  const int64_t flips =
      std::llround(protocol_.flips * static_cast<double>(units));
  if (flips == 0) return;
  flipped_.Permutation(cue, state_.order);
  for (int64_t k = 0; k < flips; ++k) {
    const int64_t unit = state_.order[static_cast<size_t>(k)];
    state_.activity[unit] = -state_.activity[unit];
  }
}

std::span<const double> BinaryRecall::Relax(const BinaryNetwork& network,
                                            int64_t number, int64_t first) {
  random_.Fill(number, state_.activity.span());
  for (double& s : state_.activity.span()) s = s < 0.5 ? -1 : 1;
  network.Begin(state_);
  for (int64_t step = 0; step < protocol_.steps; ++step) {
    if (network.Update(first + step, state_) == 0) break;
  }
  return state_.activity.span();
}

std::vector<ParameterSpec> RecallParameters() {
  return {
      Choice("storage", "attractors", {"attractors", "sequence"},
             "what the weights store: each pattern by itself, or from each "
             "the next, the first after the last"),
      Real("flips", "1", 0, 0, 1, "share of a cue's units that are flipped"),
      Integer("steps", 50, 1, 100000,
              "length of a recall: synchronous steps or sweeps"),
      Integer("average_steps", 1, 1, 100000,
              "at its end, over which the overlap is averaged")};
}

void CheckRecall(const Component& program, Faults& faults) {
  if (program.Integer("average_steps") > program.Integer("steps")) {
    faults.push_back({0, program.path + ".average_steps",
                      "average_steps is more than the steps of a recall; make "
                      "it at most steps"});
  }
  if (program.Text("storage") == "sequence" &&
      program.Slot("network").Text("update") == "asynchronous") {
    faults.push_back({0, program.Slot("network").path + ".update",
                      "units that change one after the other do not step "
                      "through a sequence; make update synchronous"});
  }
}

}  // namespace engram
