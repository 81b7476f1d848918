#include "server/worker/course.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/worker/duration.h"
#include "server/worker/finished.h"
#include "server/worker/saved_state.h"

namespace engram {
namespace {

using std::chrono::duration;
using std::chrono::nanoseconds;

nanoseconds TimeLimit(const v1::RunAssignment& assignment) {
  const auto& time = assignment.resources().time();
  // Beyond this a count of nanoseconds would overflow; it is no limit at all.
  constexpr int64_t kCentury = int64_t{100} * 365 * 86400;
  return std::chrono::seconds(std::min(time.seconds(), kCentury)) +
         nanoseconds(time.nanos());
}

// Seconds as a duration, whatever a rate makes of them.
google::protobuf::Duration Remaining(double seconds) {
  constexpr double kMost = 1e9;
  return ToProto(std::chrono::duration_cast<nanoseconds>(
      duration<double>(std::clamp(seconds, 0.0, kMost))));
}

// INPUT is for an array that the run reads and that is missing or damaged.
bool IsOfInput(const absl::Status& status) {
  return absl::IsNotFound(status) || absl::IsDataLoss(status);
}

v1::Finished NotMade(const absl::Status& status) {
  return Failed(IsOfInput(status)                 ? "INPUT"
                : absl::IsInvalidArgument(status) ? "INVALID"
                                                  : "INTERNAL",
                status.message());
}

// CHECKPOINT is for a state that no worker could go on from; what is the fault
// of this machine, or of the moment, leaves it for another try.
v1::Finished NotRestored(const v1::SavedState& state,
                         const absl::Status& status) {
  const bool is_useless = absl::IsNotFound(status) ||
                          absl::IsInvalidArgument(status) ||
                          absl::IsDataLoss(status);
  return Failed(is_useless ? "CHECKPOINT" : "STORAGE",
                absl::StrCat("the state saved after tick ", state.tick(), " (",
                             state.manifest().byte_size(),
                             " bytes) cannot be gone on from: ",
                             std::string(status.message())));
}

}  // namespace

Course::Course(const v1::RunAssignment& assignment,
               const AttemptContext& context, EventRecorder& recorder,
               const StopOrder& stop)
    : assignment_(assignment),
      context_(context),
      recorder_(recorder),
      stop_(stop),
      begun_(context.now()),
      time_limit_(TimeLimit(assignment)),
      cadence_(context.cadence, begun_) {}

v1::Finished Course::Run(Parallel& parallel) {
  const auto inputs =
      context_.inputs.Fetch(assignment_, [this] { return stop_.is_given(); });
  if (!inputs.ok()) return NotFetched(inputs.status());
  const auto made =
      context_.make(assignment_, {.parallel = parallel, .inputs = **inputs});
  if (!made.ok()) return NotMade(made.status());
  Simulation& simulation = **made;
  if (assignment_.has_resume()) {
    const absl::Status restored =
        RestoreState(assignment_.resume(), context_.chunks,
                     context_.outbox.spool(), simulation);
    if (!restored.ok()) return NotRestored(assignment_.resume(), restored);
    first_tick_ = simulation.progress().tick;
  }
  return RunFrom(simulation);
}

v1::Finished Course::RunFrom(Simulation& simulation) {
  while (true) {
    const absl::StatusOr<TimePoint> now = Step(simulation);
    if (!now.ok()) return Faulted(now.status());
    if (!recorder_.status().ok()) return NotRecorded();
    if (simulation.progress().finished) return Succeeded(simulation);
    if (stop_.is_given()) return Stopped(simulation);
    if (IsOverTime(*now)) return TimedOut(simulation);
    SaveWhenDue(simulation, *now);
  }
}

absl::StatusOr<Course::TimePoint> Course::Step(Simulation& simulation) {
  const int64_t tick = simulation.progress().tick;
  const TimePoint before = context_.now();
  const absl::StatusOr<Progress> progress =
      simulation.Advance(pace_.ticks(), recorder_, stop_.token());
  if (!progress.ok()) return progress.status();
  const TimePoint after = context_.now();
  pace_.Took(progress->tick - tick, after - before);
  recorder_.Flush();
  Report(simulation, after);
  return after;
}

// Nothing was done that could be saved.
v1::Finished Course::NotFetched(const absl::Status& status) const {
  if (stop_.is_given()) {
    return Ended(stop_.is_cancel() ? v1::RUN_STATE_CANCELLED
                                   : v1::RUN_STATE_QUEUED);
  }
  const bool is_useless = IsOfInput(status) || absl::IsInvalidArgument(status);
  return Failed(
      is_useless ? "INPUT" : "STORAGE",
      absl::StrCat("an array that the run reads could not be fetched: ",
                   std::string(status.message())));
}

// Advance promises an error for a run that diverged, and one of the other two
// kinds where what the run reads is not what it takes; INTERNAL is left for
// what nobody promised.
v1::Finished Course::Faulted(const absl::Status& status) const {
  return Failed(IsOfInput(status) || absl::IsInvalidArgument(status) ? "INPUT"
                : absl::IsInternal(status) ? "INTERNAL"
                                           : "DIVERGED",
                status.message());
}

v1::Finished Course::NotRecorded() const {
  return Failed("STORAGE",
                absl::StrCat("the run's record could not be kept: ",
                             std::string(recorder_.status().message())));
}

v1::Finished Course::Succeeded(Simulation& simulation) {
  const absl::Status saved =
      Save(simulation, /*is_final=*/true, /*waits=*/true);
  if (!saved.ok()) {
    return Failed("STORAGE",
                  absl::StrCat("the run's final state could not be kept: ",
                               std::string(saved.message())));
  }
  v1::Finished finished = Ended(v1::RUN_STATE_SUCCEEDED);
  finished.set_result_hash(simulation.ResultHash());
  return finished;
}

// What cannot be saved is no reason not to stop: an earlier checkpoint, or the
// beginning, is where the run goes on from then.
v1::Finished Course::Stopped(Simulation& simulation) {
  const bool is_cancel = stop_.is_cancel();
  Save(simulation, /*is_final=*/false, /*waits=*/!is_cancel,
       is_cancel ? context_.now() + kGrace : TimePoint::max())
      .IgnoreError();
  // Asked again: a cancel that came meanwhile counts.
  return Ended(stop_.is_cancel() ? v1::RUN_STATE_CANCELLED
                                 : v1::RUN_STATE_QUEUED);
}

v1::Finished Course::TimedOut(Simulation& simulation) {
  Save(simulation, /*is_final=*/false, /*waits=*/true).IgnoreError();
  return Ended(
      v1::RUN_STATE_TIMED_OUT, "TIME",
      absl::StrFormat("its time limit (%.1f s left for this attempt) passed at "
                      "%s %d of %d; raise resources.time",
                      duration<double>(time_limit_).count(),
                      simulation.tick_name(), simulation.progress().tick,
                      simulation.progress().total));
}

absl::Status Course::Save(Simulation& simulation, bool is_final, bool waits,
                          TimePoint deadline) {
  // Whoever verifies compares; nothing of that is kept.
  if (assignment_.verify()) return absl::OkStatus();
  return SaveState(simulation,
                   {.key = assignment_.key(),
                    .item_count = recorder_.item_count(),
                    .is_final = is_final,
                    .waits = waits,
                    .deadline = deadline},
                   context_.outbox, context_.now);
}

// While the one before is not in the store a newer one would only take room.
void Course::SaveWhenDue(Simulation& simulation, TimePoint now) {
  if (!cadence_.IsDue(now) || context_.outbox.HasStateToUpload()) return;
  Save(simulation, /*is_final=*/false, /*waits=*/false).IgnoreError();
  cadence_.Saved(now, context_.now());
}

bool Course::IsOverTime(TimePoint now) const {
  return time_limit_ > nanoseconds::zero() && now - begun_ >= time_limit_;
}

void Course::Report(const Simulation& simulation, TimePoint now) {
  const Progress& progress = simulation.progress();
  v1::Progress report;
  report.set_tick(progress.tick);
  report.set_total(progress.total);
  report.set_tick_name(simulation.tick_name());
  const double elapsed = duration<double>(now - begun_).count();
  if (elapsed > 0 && progress.tick > first_tick_) {
    const double rate =
        static_cast<double>(progress.tick - first_tick_) / elapsed;
    report.set_ticks_per_second(rate);
    if (progress.total > 0) {
      *report.mutable_remaining() =
          Remaining(static_cast<double>(progress.total - progress.tick) / rate);
    }
  }
  const bool is_last = progress.finished || stop_.is_given() || IsOverTime(now);
  recorder_.ReportProgress(std::move(report), is_last);
}

}  // namespace engram
