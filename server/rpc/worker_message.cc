#include "server/rpc/worker_message.h"

#include <google/protobuf/util/time_util.h>

#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/array/manifest.h"

namespace engram {
namespace {

using google::protobuf::util::TimeUtil;

// The numbers of the proto's enums are those of the core's, plus one.
template <class To, class From>
To Shifted(From value) {
  return static_cast<To>(static_cast<int>(value) - 1);
}

absl::StatusOr<RecordedItem> ReadPoint(const v1::PointItem& message) {
  RecordedPoint point;
  point.series = message.series();
  if (message.has_declared()) {
    const auto& declared = message.declared();
    point.declared = SeriesInfo{declared.name(), declared.unit(), declared.x(),
                                declared.x_unit()};
  }
  point.x = message.x();
  point.value = message.value();
  point.absent_reason = message.absent_reason();
  if (!std::isfinite(point.x) || !std::isfinite(point.value)) {
    return absl::InvalidArgumentError("a point is not finite");
  }
  return RecordedItem(std::move(point));
}

absl::StatusOr<RecordedManifest> ReadManifest(
    const v1::ArrayManifest& manifest) {
  if (auto status = CheckManifest(manifest); !status.ok()) return status;
  return RecordedManifest{
      .type = Shifted<ElementType>(manifest.type()),
      .order = Shifted<ArrayOrder>(manifest.order()),
      .shape = {manifest.shape().begin(), manifest.shape().end()},
      .unit = manifest.unit(),
      .chunks = {manifest.chunks().begin(), manifest.chunks().end()},
      .byte_size = manifest.byte_size(),
      .digest = manifest.digest()};
}

absl::StatusOr<RecordedItem> ReadArray(const v1::ArrayItem& message) {
  auto manifest = ReadManifest(message.manifest());
  if (!manifest.ok()) return manifest.status();
  return RecordedArray{message.path(), message.step(), *std::move(manifest)};
}

absl::StatusOr<RecordedItem> ReadItem(const v1::Item& message) {
  switch (message.content_case()) {
    case v1::Item::kPoint:
      return ReadPoint(message.point());
    case v1::Item::kArray:
      return ReadArray(message.array());
    case v1::Item::kSpikes: {
      const auto& spikes = message.spikes();
      if (spikes.steps_size() != spikes.units_size()) {
        return absl::InvalidArgumentError("spikes have one unit a step");
      }
      return RecordedSpikes{
          {spikes.population(), spikes.unit_count(), spikes.dt()},
          {spikes.steps().begin(), spikes.steps().end()},
          {spikes.units().begin(), spikes.units().end()}};
    }
    case v1::Item::kSummary: {
      const auto& summary = message.summary();
      if (!std::isfinite(summary.value())) {
        return absl::InvalidArgumentError("a summary value is not finite");
      }
      return RecordedSummary{summary.name(), summary.unit(), summary.value(),
                             summary.absent_reason()};
    }
    case v1::Item::kLog:
      if (message.log().level() != "info" && message.log().level() != "warning")
        return absl::InvalidArgumentError("a log line is info or warning");
      return RecordedLog{message.log().level(), message.log().text()};
    case v1::Item::CONTENT_NOT_SET:
      break;
  }
  return absl::InvalidArgumentError("an item of a kind that is not known");
}

// What does not is dropped, as any preview may be: whoever draws it then needs
// no checks of his own.
bool FitsTogether(const v1::Activity& activity) {
  if (!(activity.dt() > 0) || !std::isfinite(activity.dt())) return false;
  if (activity.rows() < 1 || activity.rows() > activity.unit_count()) {
    return false;
  }
  if (activity.begin_step() < 0 || activity.column_steps() < 1 ||
      activity.end_step() <= activity.begin_step()) {
    return false;
  }
  const int64_t columns = activity.counts_size();
  const int64_t steps = activity.end_step() - activity.begin_step();
  if ((steps - 1) / activity.column_steps() + 1 != columns) return false;
  return std::ssize(activity.cells()) == (columns * activity.rows() + 7) / 8;
}

LiveActivity ReadActivity(const v1::Activity& activity) {
  return {.population = {activity.population(), activity.unit_count(),
                         activity.dt()},
          .begin_step = activity.begin_step(),
          .end_step = activity.end_step(),
          .column_steps = activity.column_steps(),
          .rows = activity.rows(),
          .cells = activity.cells(),
          .counts = {activity.counts().begin(), activity.counts().end()}};
}

absl::StatusOr<ItemsReport> ReadItems(const v1::Items& message) {
  ItemsReport report;
  report.first_ordinal = message.first_ordinal();
  for (const v1::Item& item : message.items()) {
    auto read = ReadItem(item);
    if (!read.ok()) return read.status();
    report.items.push_back(*std::move(read));
  }
  if (report.items.empty()) {
    return absl::InvalidArgumentError("a report of items without an item");
  }
  return report;
}

absl::StatusOr<CheckpointReport> ReadCheckpoint(const v1::Checkpoint& message) {
  auto manifest = ReadManifest(message.state().manifest());
  if (!manifest.ok()) return manifest.status();
  CheckpointReport report;
  report.state = {*std::move(manifest), message.state().tick(),
                  message.state().item_count()};
  if (report.state.tick < 0 || report.state.item_count < 0) {
    return absl::InvalidArgumentError("a checkpoint before the run's start");
  }
  report.is_final = message.is_final();
  report.stood_still_us =
      TimeUtil::DurationToMicroseconds(message.stood_still());
  return report;
}

absl::StatusOr<FinishedReport> ReadFinished(const v1::Finished& message) {
  FinishedReport report;
  const auto state = static_cast<RunState>(static_cast<int>(message.state()));
  switch (message.state()) {
    case v1::RUN_STATE_QUEUED:
    case v1::RUN_STATE_SUCCEEDED:
    case v1::RUN_STATE_FAILED:
    case v1::RUN_STATE_CANCELLED:
    case v1::RUN_STATE_TIMED_OUT:
      report.state = state;
      break;
    default:
      return absl::InvalidArgumentError(
          absl::StrCat("an attempt cannot finish in state ", message.state()));
  }
  report.fault = {message.error().reason(), message.error().message()};
  report.result_hash = message.result_hash();
  report.item_count = message.item_count();
  report.cpu_seconds = message.cpu_seconds();
  report.peak_memory_bytes = message.peak_memory_bytes();
  return report;
}

v1::ArrayManifest ManifestMessage(const RecordedManifest& manifest) {
  v1::ArrayManifest message;
  message.set_type(
      static_cast<v1::ElementType>(static_cast<int>(manifest.type) + 1));
  message.set_order(
      static_cast<v1::ArrayOrder>(static_cast<int>(manifest.order) + 1));
  message.mutable_shape()->Add(manifest.shape.begin(), manifest.shape.end());
  message.set_unit(manifest.unit);
  for (const std::string& chunk : manifest.chunks) message.add_chunks(chunk);
  message.set_byte_size(manifest.byte_size);
  message.set_digest(manifest.digest);
  return message;
}

v1::SavedState StateMessage(const SavedState& state) {
  v1::SavedState message;
  *message.mutable_manifest() = ManifestMessage(state.manifest);
  message.set_tick(state.tick);
  message.set_item_count(state.item_count);
  return message;
}

}  // namespace

absl::StatusOr<WorkerRegistration> ReadRegistration(
    const v1::Registration& message) {
  constexpr int kProtocolVersion = 1;
  if (message.protocol_version() != kProtocolVersion) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the worker speaks protocol version ", message.protocol_version(),
        ", this server version ", kProtocolVersion,
        ": install worker and server of one release"));
  }
  WorkerRegistration registration;
  registration.build = message.build();
  registration.host = message.host();
  registration.pid = message.pid();
  registration.cpus = message.cpus();
  registration.memory_bytes = message.memory_bytes();
  registration.instruction_sets = {message.instruction_sets().begin(),
                                   message.instruction_sets().end()};
  for (const auto& key : message.held()) {
    registration.held.push_back(ReadKey(key));
  }
  return registration;
}

absl::StatusOr<WorkerReport> ReadReport(const v1::WorkerEvent& message) {
  WorkerReport report;
  report.number = message.number();
  report.key = ReadKey(message.key());
  switch (message.content_case()) {
    case v1::WorkerEvent::kBegun:
      report.content = BegunReport{};
      return report;
    case v1::WorkerEvent::kItems: {
      auto items = ReadItems(message.items());
      if (!items.ok()) return items.status();
      report.content = *std::move(items);
      return report;
    }
    case v1::WorkerEvent::kFinished: {
      auto finished = ReadFinished(message.finished());
      if (!finished.ok()) return finished.status();
      report.content = *std::move(finished);
      return report;
    }
    case v1::WorkerEvent::kCheckpoint: {
      auto checkpoint = ReadCheckpoint(message.checkpoint());
      if (!checkpoint.ok()) return checkpoint.status();
      report.content = *std::move(checkpoint);
      return report;
    }
    case v1::WorkerEvent::CONTENT_NOT_SET:
      break;
  }
  return absl::InvalidArgumentError("an event of a kind that is not known");
}

LiveReport ReadLive(const v1::LiveReport& message) {
  LiveReport report;
  report.key = ReadKey(message.key());
  if (message.has_progress()) {
    const v1::Progress& progress = message.progress();
    report.progress =
        LiveProgress{.tick = progress.tick(),
                     .total = progress.total(),
                     .tick_name = progress.tick_name(),
                     .ticks_per_second = progress.ticks_per_second(),
                     .remaining_us = std::nullopt};
    if (progress.has_remaining()) {
      report.progress->remaining_us =
          TimeUtil::DurationToMicroseconds(progress.remaining());
    }
  }
  report.name = message.name();
  report.values = {message.values().begin(), message.values().end()};
  if (message.has_activity() && FitsTogether(message.activity())) {
    report.activity = ReadActivity(message.activity());
  }
  return report;
}

AttemptKey ReadKey(const v1::AttemptKey& message) {
  return {message.attempt(), message.fencing_token()};
}

v1::AttemptKey KeyMessage(const AttemptKey& key) {
  v1::AttemptKey message;
  message.set_attempt(key.attempt);
  message.set_fencing_token(key.fencing_token);
  return message;
}

v1::RunAssignment AssignmentMessage(const WorkAssignment& assignment) {
  v1::RunAssignment message;
  *message.mutable_key() = KeyMessage(assignment.key);
  message.set_tree_json(assignment.tree_json);
  message.mutable_record()->set_metrics_every(assignment.metrics_every);
  for (const auto& [path, steps] : assignment.snapshots) {
    auto& snapshot = *message.mutable_record()->add_snapshots();
    snapshot.set_path(path);
    snapshot.mutable_steps()->Add(steps.begin(), steps.end());
  }
  message.mutable_resources()->set_cpus(assignment.cpus);
  message.mutable_resources()->set_memory_bytes(assignment.memory_bytes);
  if (assignment.time_s > 0) {
    *message.mutable_resources()->mutable_time() =
        TimeUtil::SecondsToDuration(assignment.time_s);
  }
  message.set_verify(assignment.verify);
  if (assignment.resume) {
    *message.mutable_resume() = StateMessage(*assignment.resume);
  }
  for (const RecordedManifest& input : assignment.inputs) {
    *message.add_inputs() = ManifestMessage(input);
  }
  return message;
}

}  // namespace engram
