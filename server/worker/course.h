#pragma once

#include <chrono>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/parallel.h"
#include "engram/v1/workers.pb.h"
#include "server/worker/attempt.h"
#include "server/worker/cadence.h"
#include "server/worker/event_recorder.h"
#include "server/worker/pace.h"
#include "server/worker/simulation.h"
#include "server/worker/stop_order.h"

namespace engram {

// The course of one attempt, from its first tick to the reason of its end. Used
// once, by one thread.
class Course {
 public:
  // How long a run that is cancelled may take to save its state, out of the
  // 10 s after which it is killed.
  static constexpr std::chrono::seconds kGrace{7};

  // All outlives the course.
  Course(const v1::RunAssignment& assignment, const AttemptContext& context,
         EventRecorder& recorder, const StopOrder& stop);

  // `item_count` and usage are the caller's to add.
  v1::Finished Run(Parallel& parallel);

 private:
  using TimePoint = std::chrono::steady_clock::time_point;

  v1::Finished NotFetched(const absl::Status& status) const;
  v1::Finished RunFrom(Simulation& simulation);
  // One call of Advance and the report of it; when that ended.
  absl::StatusOr<TimePoint> Step(Simulation& simulation);
  v1::Finished Faulted(const absl::Status& status) const;
  v1::Finished NotRecorded() const;
  v1::Finished Succeeded(Simulation& simulation);
  v1::Finished Stopped(Simulation& simulation);
  v1::Finished TimedOut(Simulation& simulation);

  bool IsOverTime(TimePoint now) const;
  void Report(const Simulation& simulation, TimePoint now);
  absl::Status Save(Simulation& simulation, bool is_final, bool waits,
                    TimePoint deadline = TimePoint::max());
  void SaveWhenDue(Simulation& simulation, TimePoint now);

  const v1::RunAssignment& assignment_;
  const AttemptContext& context_;
  EventRecorder& recorder_;
  const StopOrder& stop_;
  const TimePoint begun_;
  const std::chrono::nanoseconds time_limit_;
  Pace pace_;
  Cadence cadence_;
  int64_t first_tick_ = 0;  // done before this attempt
};

}  // namespace engram
