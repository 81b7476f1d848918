#include "server/rpc/event_message.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/rpc/message.h"

namespace engram {
namespace {

void FillState(store::Reader& reader, const store::StoredEvent& event,
               v1::StateEvent& message) {
  const auto& change = event.payload.state();
  *message.mutable_transition() =
      TransitionMessage({.from = change.from_state(),
                         .to = change.to_state(),
                         .time_us = event.time_us,
                         .actor = change.actor(),
                         .reason = change.reason(),
                         .attempt = change.attempt()});
  // Not there any more when the experiment has been deleted since.
  const auto key = store::FindRun(reader, event.experiment, event.point);
  if (!key.ok()) return;
  TagsOf tags;
  const store::RunRow row = store::ReadRun(reader, *key);
  v1::Run& run = *message.mutable_run();
  run = RunMessage(reader, row, tags);
  run.set_state(StateOf(change.to_state()));
  run.set_state_actor(change.actor());
  run.set_state_reason(change.reason());
  *run.mutable_state_time() = Time(event.time_us);
}

void FillAttempt(const store::StoredEvent& event, v1::Attempt& message) {
  const auto& attempt = event.payload.attempt();
  store::AttemptRow row;
  row.number = attempt.number();
  row.worker = attempt.worker();
  row.host = attempt.host();
  row.build = attempt.build();
  row.start_time_us = attempt.start_time_us();
  if (attempt.end_time_us() > 0) row.end_time_us = attempt.end_time_us();
  row.end_state = attempt.end_state();
  row.error_reason = attempt.error_reason();
  row.error_message = attempt.error_message();
  row.cpu_seconds = attempt.cpu_seconds();
  row.peak_memory_bytes = attempt.peak_memory_bytes();
  row.resumed_tick = attempt.resumed_tick();
  message = AttemptMessage({event.experiment_id, event.point}, row);
}

void FillClaim(const store::v1::ClaimEvaluated& claim,
               v1::ClaimResult& message) {
  store::ClaimRow row;
  row.definition.set_that(claim.that());
  row.definition.set_published(claim.published());
  row.definition.set_source(claim.source());
  row.subject = claim.subject();
  row.expect = claim.expect();
  row.outcome = claim.outcome();
  if (claim.has_measured()) row.measured = claim.measured();
  row.run_count = claim.run_count();
  row.reason = claim.reason();
  message = ClaimMessage(row);
}

void FillPoints(const store::StoredEvent& event, v1::PointsStored& message) {
  const auto& stored = event.payload.points_stored();
  store::SeriesRow row;
  row.name = stored.series();
  row.unit = stored.unit();
  row.x = stored.x();
  row.x_unit = stored.x_unit();
  row.point_count = stored.point_count();
  row.last = store::SeriesPoint{stored.last_x(), stored.last_value(),
                                stored.absent_reason()};
  *message.mutable_series() = SeriesMessage(row);
  for (const store::SeriesPoint& point : event.points) {
    if (point.is_absent()) message.add_absent(message.values_size());
    message.add_x(point.x);
    message.add_values(point.value);
  }
}

void FillNote(const store::v1::NoteChanged& note, v1::NoteEvent& message) {
  message.set_notes(note.notes());
  *message.mutable_tags() = note.tags();
  message.set_etag(note.etag());
}

void FillActivity(const LiveActivity& activity, v1::Activity& message) {
  message.set_population(activity.population.name);
  message.set_unit_count(activity.population.units);
  message.set_dt(activity.population.dt);
  message.set_begin_step(activity.begin_step);
  message.set_end_step(activity.end_step);
  message.set_column_steps(activity.column_steps);
  message.set_rows(activity.rows);
  message.set_cells(activity.cells);
  message.mutable_counts()->Add(activity.counts.begin(), activity.counts.end());
}

void FillContent(store::Reader& reader, const store::StoredEvent& event,
                 v1::Event& message) {
  using Payload = store::v1::EventPayload;
  switch (event.payload.content_case()) {
    case Payload::kState:
      return FillState(reader, event, *message.mutable_state());
    case Payload::kAttempt:
      return FillAttempt(event, *message.mutable_attempt());
    case Payload::kClaim:
      return FillClaim(event.payload.claim(), *message.mutable_claim());
    case Payload::kLog: {
      const auto& log = event.payload.log();
      *message.mutable_log() =
          LogMessage({log.number(), event.time_us, log.attempt(), log.level(),
                      log.text()});
      return;
    }
    case Payload::kNote:
      return FillNote(event.payload.note(), *message.mutable_note());
    case Payload::kPointsStored:
      return FillPoints(event, *message.mutable_points_stored());
    case Payload::CONTENT_NOT_SET:
      return;
  }
}

}  // namespace

v1::Event EventMessage(store::Reader& reader, const store::StoredEvent& event) {
  v1::Event message;
  message.set_sequence(event.sequence);
  *message.mutable_time() = Time(event.time_us);
  message.set_parent(event.run
                         ? RunName{event.experiment_id, event.point}.Full()
                         : absl::StrCat("experiments/", event.experiment_id));
  FillContent(reader, event, message);
  return message;
}

v1::Event PresentMessage(store::Reader& reader, store::RunKey key) {
  const store::RunRow row = store::ReadRun(reader, key);
  v1::Event message;
  *message.mutable_time() = Time(row.state_time_us);
  message.set_parent(RunName{row.experiment_id, row.point}.Full());
  TagsOf tags;
  *message.mutable_state()->mutable_run() = RunMessage(reader, row, tags);
  *message.mutable_state()->mutable_transition() =
      TransitionMessage({.from = "",
                         .to = row.state,
                         .time_us = row.state_time_us,
                         .actor = row.state_actor,
                         .reason = row.state_reason,
                         .attempt = row.attempt});
  return message;
}

v1::Event LiveMessage(const RunName& run, const LiveReport& report,
                      int64_t now_us) {
  v1::Event message;
  *message.mutable_time() = Time(now_us);
  message.set_parent(run.Full());
  if (report.progress) {
    SetProgress(*report.progress, *message.mutable_live()->mutable_progress());
  }
  message.mutable_live()->set_name(report.name);
  message.mutable_live()->mutable_values()->Add(report.values.begin(),
                                                report.values.end());
  if (report.activity) {
    FillActivity(*report.activity, *message.mutable_live()->mutable_activity());
  }
  return message;
}

}  // namespace engram
