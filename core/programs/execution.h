#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/programs/checkpoint_format.h"
#include "core/programs/program.h"
#include "core/programs/recorder.h"
#include "core/spec/component.h"
#include "core/spec/experiment.h"

namespace engram {

// A run as its runner drives it, clockless: made from tree and seed, advanced
// by ticks, saved and restored between them. Called from one thread.
//
//   Execution::Make -> [Restore] -> Advance until finished -> ResultHash
//
// What comes through the recorder, and its order, depends on tree, seed and
// record policy alone, never on how the ticks are cut or where the run was
// resumed; so a runner may number the items as they come, and after a restore
// go on from the number that it saved beside the checkpoint.
class Execution {
 public:
  // `tree` is validated. INVALID_ARGUMENT for a policy that names an unknown
  // array, FAILED_PRECONDITION without the numeric environment.
  static absl::StatusOr<std::unique_ptr<Execution>> Make(Component tree,
                                                         uint64_t seed,
                                                         RecordPolicy policy,
                                                         Context context);

  // Advances by at most `ticks` (at least 1), fewer when stop is asked or the
  // run ends. Writes a snapshot (Recorder::Array with the tick as step) when
  // its tick is reached, those of tick 0 at the first call, and those of
  // `final` (step -1) when the run ends. Of each series keeps the points whose
  // x is a multiple of `metrics_every`, and all points when that is 1.
  // An error ends the run: a later call returns it again.
  absl::StatusOr<Progress> Advance(int64_t ticks, Recorder& out,
                                   std::stop_token stop);

  const Progress& progress() const { return progress_; }

  // Everything that the rest of the run depends on. FAILED_PRECONDITION after
  // an error of Advance.
  absl::Status Checkpoint(std::string* bytes);
  // The same bytes in pieces, without a second copy of the state in memory. An
  // error of the sink ends it, and the run can go on.
  absl::Status WriteCheckpoint(CheckpointSink sink);
  // Goes on where the checkpoint was taken. INVALID_ARGUMENT for bytes that are
  // cut, altered, of another version, of another tree or seed, or that do not
  // fit this program's arrays; then nothing has changed.
  absl::Status Restore(absl::string_view bytes);

  // One array of the final (or present) state, in storage of the program: valid
  // until the next call of Advance or Restore.
  struct NamedArray {
    std::string path;
    ArrayView array;
  };
  // Sorted by path. What a later run reads as `/state@final`.
  std::vector<NamedArray> StateArrays();

  struct SummaryValue {
    std::string unit;
    Measured value = Measured::Of(0);
  };
  // By name; complete when the run has finished.
  const std::map<std::string, SummaryValue>& summary() const {
    return summary_;
  }

  // "r1:" and the SHA-256 of the summary values and of the final state.
  // ContractViolation before the run has finished.
  std::string ResultHash();

 private:
  class Filter;

  Execution(Component tree, uint64_t seed, RecordPolicy policy,
            std::unique_ptr<Program> program);
  absl::Status Step(int64_t ticks, Recorder& out, std::stop_token stop);
  void Begin(Recorder& out);
  int64_t TicksToNextSnapshot() const;
  // Writes the snapshots of `tick`, or those of `final` (-1), as `step`.
  void WriteSnapshots(int64_t tick, Recorder& out);
  void WarnOfUnreached(Recorder& out) const;

  std::string run_hash_;
  RecordPolicy policy_;
  std::set<int64_t> snapshot_ticks_;  // without `final`
  std::unique_ptr<Program> program_;
  Progress progress_;
  bool has_begun_ = false;
  absl::Status failure_;
  std::map<std::string, SummaryValue> summary_;
};

}  // namespace engram
