#include "server/rpc/message.h"

#include <google/protobuf/util/time_util.h>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "server/queue/run_state.h"

namespace engram {
namespace {

using google::protobuf::util::TimeUtil;

v1::RunError ErrorMessage(const std::string& reason,
                          const std::string& message) {
  v1::RunError error;
  error.set_reason(reason);
  error.set_message(message);
  return error;
}

google::protobuf::Value ValueMessage(const store::NamedValue& named) {
  google::protobuf::Value value;
  if (const double* number = std::get_if<double>(&named.value)) {
    value.set_number_value(*number);
  } else {
    value.set_string_value(std::get<std::string>(named.value));
  }
  return value;
}

v1::ClaimOutcome OutcomeOf(const std::string& name) {
  v1::ClaimOutcome outcome = v1::CLAIM_OUTCOME_UNSPECIFIED;
  v1::ClaimOutcome_Parse("CLAIM_OUTCOME_" + absl::AsciiStrToUpper(name),
                         &outcome);
  return outcome;
}

}  // namespace

google::protobuf::Timestamp Time(int64_t us) {
  return TimeUtil::MicrosecondsToTimestamp(us);
}

google::protobuf::Duration Span(int64_t us) {
  return TimeUtil::MicrosecondsToDuration(us);
}

v1::RunState StateOf(const std::string& name) {
  const std::optional<RunState> state = ParseRunState(name);
  return state.has_value() ? static_cast<v1::RunState>(static_cast<int>(*state))
                           : v1::RUN_STATE_UNSPECIFIED;
}

std::string UpperState(const std::string& name) {
  return absl::AsciiStrToUpper(name);
}

v1::Resources ResourcesMessage(const store::ResourceRow& row) {
  v1::Resources resources;
  resources.set_cpus(row.cpus);
  resources.set_memory_bytes(row.memory_bytes);
  if (row.time_us > 0) *resources.mutable_time() = Span(row.time_us);
  return resources;
}

v1::SummaryValue SummaryMessage(const store::SummaryRow& row) {
  v1::SummaryValue value;
  value.set_unit(row.unit);
  if (row.is_absent()) {
    value.set_absent_reason(row.absent_reason);
  } else {
    value.set_value(row.value);
  }
  return value;
}

const std::vector<std::string>& TagsOf::Of(store::Reader& reader,
                                           store::ExperimentKey key) {
  const auto [entry, is_new] = known.try_emplace(key);
  if (is_new) entry->second = store::ReadExperiment(reader, key).tags;
  return entry->second;
}

v1::Run RunMessage(store::Reader& reader, const store::RunRow& row,
                   TagsOf& tags) {
  v1::Run run;
  run.set_name(RunName{row.experiment_id, row.point}.Full());
  run.set_title(row.title);
  run.set_owner(absl::StrCat("users/", row.user));
  run.set_point(row.point);
  run.set_state(StateOf(row.state));
  run.set_state_actor(row.state_actor);
  run.set_state_reason(row.state_reason);
  *run.mutable_state_time() = Time(row.state_time_us);
  *run.mutable_create_time() = Time(row.create_time_us);
  if (row.start_time_us) *run.mutable_start_time() = Time(*row.start_time_us);
  if (row.end_time_us) *run.mutable_end_time() = Time(*row.end_time_us);
  for (const auto& named : store::ReadVarying(reader, row.key)) {
    (*run.mutable_varying())[named.name] = ValueMessage(named);
  }
  for (const auto& found : store::ReadSummary(reader, row.key)) {
    (*run.mutable_summary())[found.name] = SummaryMessage(found);
  }
  run.mutable_progress()->set_tick(row.tick);
  run.mutable_progress()->set_total(row.tick_total);
  run.mutable_progress()->set_tick_name(row.tick_name);
  run.set_seed(static_cast<int64_t>(row.seed));
  run.set_run_hash(row.run_hash);
  run.set_result_hash(row.result_hash);
  run.set_build(row.build);
  if (!row.error_reason.empty()) {
    *run.mutable_error() = ErrorMessage(row.error_reason, row.error_message);
  }
  *run.mutable_resources() = ResourcesMessage(row.resources);
  run.set_attempt_count(row.attempt);
  for (const std::string& tag : tags.Of(reader, row.experiment)) {
    run.add_tags(tag);
  }
  return run;
}

void SetProgress(const LiveProgress& live, v1::Progress& progress) {
  progress.set_tick(live.tick);
  progress.set_total(live.total);
  progress.set_tick_name(live.tick_name);
  progress.set_ticks_per_second(live.ticks_per_second);
  if (live.remaining_us.has_value()) {
    *progress.mutable_remaining() = Span(*live.remaining_us);
  }
}

v1::ClaimResult ClaimMessage(const store::ClaimRow& row) {
  v1::ClaimResult claim;
  claim.set_that(row.definition.that());
  claim.set_subject(row.subject);
  claim.set_expect(row.expect);
  claim.set_published(row.definition.published());
  claim.set_source(row.definition.source());
  claim.set_outcome(OutcomeOf(row.outcome));
  if (row.measured.has_value()) claim.set_measured(*row.measured);
  claim.set_run_count(row.run_count);
  claim.set_reason(row.reason);
  return claim;
}

v1::Experiment ExperimentMessage(store::Reader& reader,
                                 const store::ExperimentRow& row, bool full) {
  v1::Experiment experiment;
  experiment.set_name("experiments/" + row.id);
  experiment.set_title(row.title);
  experiment.set_owner("users/" + row.user);
  if (full) {
    experiment.set_text(row.text);
    experiment.set_canonical_json(row.canonical_json);
  }
  experiment.set_experiment_hash(row.experiment_hash);
  for (const std::string& axis : row.axes) experiment.add_axes(axis);
  experiment.set_run_count(row.run_count);
  for (const auto& [state, count] : store::StateCounts(reader, row.key)) {
    (*experiment.mutable_state_counts())[UpperState(state)] = count;
  }
  *experiment.mutable_create_time() = Time(row.create_time_us);
  if (row.end_time_us) *experiment.mutable_end_time() = Time(*row.end_time_us);
  for (const std::string& tag : row.tags) experiment.add_tags(tag);
  experiment.set_notes(row.notes);
  experiment.set_etag(row.etag);
  for (const auto& claim : store::ReadClaims(reader, row.key)) {
    *experiment.add_claims() = ClaimMessage(claim);
  }
  experiment.set_priority(row.priority);
  experiment.set_urgent(row.urgent);
  *experiment.mutable_resources() = ResourcesMessage(row.resources);
  experiment.set_preset(row.preset);
  if (!row.after.empty()) experiment.set_after("experiments/" + row.after);
  experiment.set_stored_bytes(store::StoredBytes(reader, row.key));
  return experiment;
}

v1::Transition TransitionMessage(const store::TransitionRow& row) {
  v1::Transition transition;
  if (!row.from.empty()) transition.set_from_state(StateOf(row.from));
  transition.set_to_state(StateOf(row.to));
  *transition.mutable_time() = Time(row.time_us);
  transition.set_actor(row.actor);
  transition.set_reason(row.reason);
  transition.set_attempt(row.attempt);
  return transition;
}

v1::Attempt AttemptMessage(const RunName& run, const store::AttemptRow& row) {
  v1::Attempt attempt;
  attempt.set_name(run.Attempt(row.number));
  attempt.set_worker(row.worker);
  attempt.set_host(row.host);
  attempt.set_build(row.build);
  *attempt.mutable_start_time() = Time(row.start_time_us);
  if (row.end_time_us) *attempt.mutable_end_time() = Time(*row.end_time_us);
  if (!row.end_state.empty()) attempt.set_end_state(StateOf(row.end_state));
  if (!row.error_reason.empty()) {
    *attempt.mutable_error() =
        ErrorMessage(row.error_reason, row.error_message);
  }
  attempt.set_cpu_seconds(row.cpu_seconds);
  attempt.set_peak_memory_bytes(row.peak_memory_bytes);
  attempt.set_resumed_tick(row.resumed_tick);
  return attempt;
}

v1::Series SeriesMessage(const store::SeriesRow& row) {
  v1::Series series;
  series.set_name(row.name);
  series.set_unit(row.unit);
  series.set_x(row.x);
  series.set_x_unit(row.x_unit);
  series.set_point_count(row.point_count);
  if (row.last.has_value()) {
    series.set_last_x(row.last->x);
    *series.mutable_last_value() = SummaryMessage(
        {row.name, row.unit, row.last->value, row.last->absent_reason});
  }
  return series;
}

v1::Population PopulationMessage(const store::PopulationRow& row) {
  v1::Population population;
  population.set_name(row.name);
  population.set_unit_count(row.unit_count);
  population.set_dt(row.dt_ms);
  population.set_spike_count(row.spike_count);
  population.set_last_step(row.last_step);
  return population;
}

v1::LogLine LogMessage(const store::LogRow& row) {
  v1::LogLine line;
  *line.mutable_time() = Time(row.time_us);
  line.set_attempt(row.attempt);
  line.set_level(row.level);
  line.set_text(row.text);
  return line;
}

v1::RecordedArray ArrayMessage(const store::ArrayRow& row) {
  v1::RecordedArray array;
  array.set_path(row.path);
  array.set_step(row.step);
  *array.mutable_manifest() = ManifestMessage(row.manifest);
  return array;
}

// The store's manifest has the fields and numbers of the wire's, so each reads
// the other's bytes; a test holds them together.
v1::ArrayManifest ManifestMessage(const store::v1::ArrayManifest& manifest) {
  v1::ArrayManifest message;
  ENGRAM_EXPECT(message.ParseFromString(manifest.SerializeAsString()));
  return message;
}

v1::RecordedArray StateMessage(const store::CheckpointRow& row) {
  v1::RecordedArray message;
  message.set_path("state");
  message.set_step(-1);
  *message.mutable_manifest() = ManifestMessage(row.manifest);
  return message;
}

store::v1::ArrayManifest StoredManifest(const v1::ArrayManifest& manifest) {
  store::v1::ArrayManifest message;
  ENGRAM_EXPECT(message.ParseFromString(manifest.SerializeAsString()));
  return message;
}

namespace {

v1::Verification::Value ValueMessage(
    const store::v1::ValueComparison::Value& value) {
  v1::Verification::Value message;
  message.set_name(value.name());
  message.set_unit(value.unit());
  if (value.has_stored()) message.set_stored(value.stored());
  if (value.has_now()) message.set_now(value.now());
  if (value.has_relative_difference()) {
    message.set_relative_difference(value.relative_difference());
  }
  message.set_is_close(value.is_close());
  return message;
}

}  // namespace

v1::Verification VerificationMessage(const RunName& run,
                                     const store::VerificationRow& row) {
  v1::Verification verification;
  verification.set_name(run.Verification(row.number));
  v1::Verification::Outcome outcome = v1::Verification::OUTCOME_UNSPECIFIED;
  v1::Verification::Outcome_Parse(
      "OUTCOME_" + absl::AsciiStrToUpper(row.outcome), &outcome);
  verification.set_outcome(outcome);
  verification.set_difference(row.difference);
  verification.set_items_compared(row.items_compared);
  verification.set_result_hash(row.result_hash);
  verification.set_build(row.build);
  *verification.mutable_create_time() = Time(row.create_time_us);
  if (row.end_time_us) {
    *verification.mutable_end_time() = Time(*row.end_time_us);
  }
  verification.set_current(row.current);
  verification.set_tolerance(row.comparison.tolerance());
  for (const auto& value : row.comparison.values()) {
    *verification.add_values() = ValueMessage(value);
  }
  return verification;
}

}  // namespace engram
