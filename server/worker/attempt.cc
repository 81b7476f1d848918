#include "server/worker/attempt.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <memory>
#include <new>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/worker/memory_limit.h"
#include "server/worker/pace.h"
#include "server/worker/process_usage.h"

namespace engram {
namespace {

using std::chrono::duration;
using std::chrono::nanoseconds;
using std::chrono::steady_clock;

v1::Finished Ended(v1::RunState state, std::string reason = "",
                   absl::string_view message = "") {
  v1::Finished finished;
  finished.set_state(state);
  if (reason.empty()) return finished;
  finished.mutable_error()->set_reason(std::move(reason));
  // A message of the wire stays under 64 KiB, whatever a run says.
  constexpr size_t kMostBytes = 16 << 10;
  finished.mutable_error()->set_message(
      std::string(message.substr(0, kMostBytes)));
  return finished;
}

v1::Finished Failed(std::string reason, absl::string_view message) {
  return Ended(v1::RUN_STATE_FAILED, std::move(reason), message);
}

std::string Megabytes(int64_t bytes) {
  return absl::StrFormat("%.1f MB", static_cast<double>(bytes) / 1e6);
}

nanoseconds TimeLimit(const v1::RunAssignment& assignment) {
  const auto& time = assignment.resources().time();
  // Beyond this a count of nanoseconds would overflow; it is no limit at all.
  constexpr int64_t kCentury = int64_t{100} * 365 * 86400;
  return std::chrono::seconds(std::min(time.seconds(), kCentury)) +
         nanoseconds(time.nanos());
}

// The course of one attempt, from its first tick to the reason of its end.
class Course {
 public:
  Course(const v1::RunAssignment& assignment, const AttemptContext& context,
         EventRecorder& recorder, std::stop_token stop)
      : assignment_(assignment),
        context_(context),
        recorder_(recorder),
        stop_(std::move(stop)),
        begun_(context.now()),
        time_limit_(TimeLimit(assignment)) {}

  v1::Finished Run(Parallel& parallel) {
    absl::StatusOr<std::unique_ptr<Simulation>> made =
        context_.make(assignment_, parallel);
    if (!made.ok()) return NotMade(made.status());
    Simulation& simulation = **made;
    while (true) {
      const auto before = context_.now();
      const absl::StatusOr<Progress> progress =
          simulation.Advance(pace_.ticks(), recorder_, stop_);
      if (!progress.ok()) return Faulted(progress.status());
      const auto after = context_.now();
      pace_.Took(progress->tick - last_tick_, after - before);
      last_tick_ = progress->tick;
      Report(*progress, simulation, after);
      if (!recorder_.status().ok()) return NotRecorded();
      if (progress->finished) return Succeeded(simulation);
      if (stop_.stop_requested()) return Ended(v1::RUN_STATE_CANCELLED);
      if (IsOverTime(after)) return TimedOut(*progress, simulation);
    }
  }

 private:
  v1::Finished NotMade(const absl::Status& status) const {
    return Failed(absl::IsInvalidArgument(status) ? "INVALID" : "INTERNAL",
                  status.message());
  }

  // Advance promises an error for a run that diverged; INTERNAL is left for
  // what nobody promised.
  v1::Finished Faulted(const absl::Status& status) const {
    return Failed(absl::IsInternal(status) ? "INTERNAL" : "DIVERGED",
                  status.message());
  }

  v1::Finished NotRecorded() const {
    return Failed("STORAGE",
                  absl::StrCat("the run's record could not be kept: ",
                               recorder_.status().message()));
  }

  v1::Finished Succeeded(Simulation& simulation) const {
    v1::Finished finished = Ended(v1::RUN_STATE_SUCCEEDED);
    finished.set_result_hash(simulation.ResultHash());
    return finished;
  }

  bool IsOverTime(steady_clock::time_point now) const {
    return time_limit_ > nanoseconds::zero() && now - begun_ >= time_limit_;
  }

  v1::Finished TimedOut(const Progress& progress,
                        const Simulation& simulation) const {
    return Ended(
        v1::RUN_STATE_TIMED_OUT, "TIME",
        absl::StrFormat("its time limit (%.1f s left for this attempt) passed "
                        "at %s %d of %d; raise resources.time",
                        duration<double>(time_limit_).count(),
                        simulation.tick_name(), progress.tick, progress.total));
  }

  void Report(const Progress& progress, const Simulation& simulation,
              steady_clock::time_point now) {
    recorder_.Flush();
    v1::Progress report;
    report.set_tick(progress.tick);
    report.set_total(progress.total);
    report.set_tick_name(simulation.tick_name());
    const double elapsed = duration<double>(now - begun_).count();
    if (elapsed > 0 && progress.tick > 0) {
      const double rate = static_cast<double>(progress.tick) / elapsed;
      report.set_ticks_per_second(rate);
      if (progress.total > 0) {
        SetRemaining(static_cast<double>(progress.total - progress.tick) / rate,
                     report);
      }
    }
    const bool is_last =
        progress.finished || stop_.stop_requested() || IsOverTime(now);
    recorder_.ReportProgress(std::move(report), is_last);
  }

  static void SetRemaining(double seconds, v1::Progress& report) {
    // The range of google.protobuf.Duration, in seconds.
    constexpr double kMost = 315576000000.0;
    seconds = std::clamp(seconds, 0.0, kMost);
    const double whole = std::floor(seconds);
    report.mutable_remaining()->set_seconds(static_cast<int64_t>(whole));
    report.mutable_remaining()->set_nanos(
        static_cast<int32_t>((seconds - whole) * 1e9));
  }

  const v1::RunAssignment& assignment_;
  const AttemptContext& context_;
  EventRecorder& recorder_;
  const std::stop_token stop_;
  const steady_clock::time_point begun_;
  const nanoseconds time_limit_;
  Pace pace_;
  int64_t last_tick_ = 0;
};

v1::Finished OutOfMemory(int64_t limit, int64_t peak) {
  if (limit <= 0) {
    return Failed("MEMORY", absl::StrCat("the machine gave no more memory at a "
                                         "resident size of ",
                                         Megabytes(peak)));
  }
  return Failed(
      "MEMORY",
      absl::StrCat("an allocation went beyond the limit of ", Megabytes(limit),
                   "; the largest resident size was ", Megabytes(peak),
                   ": raise resources.memory"));
}

v1::Finished RunCaught(const v1::RunAssignment& assignment,
                       const AttemptContext& context, EventRecorder& recorder,
                       std::stop_token stop) {
  const int64_t limit = assignment.resources().memory_bytes();
  try {
    Parallel parallel(std::max(1, assignment.resources().cpus()));
    const ScopedMemoryLimit memory(limit);
    return Course(assignment, context, recorder, std::move(stop)).Run(parallel);
  } catch (const std::bad_alloc&) {
    return OutOfMemory(limit, PeakResidentBytes());
  } catch (const std::exception& e) {
    return Failed("INTERNAL", e.what());
  } catch (...) {
    return Failed("INTERNAL", "the run threw what is no std::exception");
  }
}

v1::WorkerEvent EventOf(const v1::AttemptKey& key) {
  v1::WorkerEvent event;
  *event.mutable_key() = key;
  return event;
}

}  // namespace

void ExecuteAttempt(const v1::RunAssignment& assignment,
                    const AttemptContext& context, std::stop_token stop) {
  v1::WorkerEvent begun = EventOf(assignment.key());
  begun.mutable_begun();
  if (!context.outbox.Put(std::move(begun))) return;
  ResetPeakResidentBytes();
  const nanoseconds cpu_before = ProcessCpuTime();
  EventRecorder recorder(assignment.key(), assignment.verify(), context.outbox,
                         context.chunks, context.now);
  v1::Finished finished =
      RunCaught(assignment, context, recorder, std::move(stop));
  recorder.Flush();
  finished.set_item_count(recorder.item_count());
  finished.set_cpu_seconds(
      duration<double>(ProcessCpuTime() - cpu_before).count());
  finished.set_peak_memory_bytes(PeakResidentBytes());
  v1::WorkerEvent event = EventOf(assignment.key());
  *event.mutable_finished() = std::move(finished);
  context.outbox.Put(std::move(event));
}

v1::WorkerEvent CancelledBeforeBegun(const v1::AttemptKey& key) {
  v1::WorkerEvent event = EventOf(key);
  *event.mutable_finished() = Ended(v1::RUN_STATE_CANCELLED);
  return event;
}

}  // namespace engram
