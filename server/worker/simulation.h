#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/parallel.h"
#include "core/programs/checkpoint_format.h"
#include "core/programs/program.h"
#include "core/programs/recorder.h"
#include "engram/v1/workers.pb.h"

namespace engram {

// What an attempt advances: a run of the core, in tests also another thing.
class Simulation {
 public:
  virtual ~Simulation() = default;
  // As Program::Advance.
  virtual absl::StatusOr<Progress> Advance(int64_t ticks, Recorder& out,
                                           std::stop_token stop) = 0;
  virtual const Progress& progress() const = 0;
  // All that the rest of the run depends on, between two calls of Advance. An
  // error of the sink ends it, and the run can go on.
  virtual absl::Status WriteCheckpoint(CheckpointSink sink) = 0;
  // Goes on where those bytes were written. INVALID_ARGUMENT when they are not
  // this run's; then nothing has changed.
  virtual absl::Status Restore(absl::string_view bytes) = 0;
  // "r1:..."; of one that has finished.
  virtual std::string ResultHash() = 0;
  // What a tick is: "trial".
  virtual std::string tick_name() const = 0;
};

// Makes what the assignment says, at its beginning; INVALID_ARGUMENT when that
// is the fault of what it says. Threads and inputs (context.inputs) outlive the
// simulation.
using MakeSimulation =
    std::function<absl::StatusOr<std::unique_ptr<Simulation>>(
        const v1::RunAssignment& assignment, Context context)>;

}  // namespace engram
