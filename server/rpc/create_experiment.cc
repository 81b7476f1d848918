#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/queue/queue.h"
#include "server/rpc/experiment_source.h"
#include "server/rpc/experiments.h"
#include "server/rpc/forecast.h"
#include "server/rpc/keep_inputs.h"
#include "server/rpc/message.h"
#include "server/rpc/name.h"
#include "server/rpc/owner.h"
#include "server/rpc/resources.h"
#include "server/rpc/size_text.h"
#include "server/rpc/status.h"
#include "server/rpc/tags.h"
#include "server/store/dataset_table.h"
#include "server/store/store.h"

namespace engram {
namespace {

// New runs are refused below this, so that state changes of those at work
// still find room.
constexpr int64_t kLowWaterBytes = int64_t{256} << 20;

absl::StatusOr<int> PriorityOf(const v1::CreateExperimentRequest& request,
                               const Experiment& experiment) {
  const int64_t sum =
      int64_t{request.priority()} + int64_t{experiment.priority()};
  if (sum < -100 || sum > 100) {
    return BadField("priority",
                    absl::StrCat("priority ", request.priority(),
                                 " and the text's own ", experiment.priority(),
                                 " make ", sum, "; allowed are -100 to 100"));
  }
  return static_cast<int>(sum);
}

absl::Status CheckUrgent(const Caller& caller,
                         const v1::CreateExperimentRequest& request) {
  if (!request.urgent() || caller.IsAdmin()) return absl::OkStatus();
  return NotPermitted("URGENT_IS_ADMINS",
                      "urgent runs go before everybody else's and are an "
                      "admin's to submit; use priority to order your own");
}

absl::Status CheckDisk(const Forecast& forecast, const Parts& parts) {
  const int64_t free = parts.store.FreeDiskBytes();
  if (free - forecast.record_bytes >= kLowWaterBytes) return absl::OkStatus();
  return QuotaExceeded(
      "disk", absl::StrCat("the disk has ", SizeText(free),
                           " left, and the record of these runs takes about ",
                           SizeText(forecast.record_bytes),
                           "; delete experiments and run engram admin gc, or "
                           "record less"));
}

// The id of the experiment that the text waits for; empty for none.
absl::StatusOr<std::string> AfterOf(const Experiment& experiment,
                                    const Parts& parts) {
  if (!experiment.after().has_value()) return std::string();
  auto found = parts.store.Read([&](store::Reader& reader) {
    return FindExperimentNamed(reader, *experiment.after());
  });
  if (found.ok()) return found->id;
  return BadField("after", found.status().message());
}

struct Plan {
  ParsedSource source;
  Submission submission;
  Forecast forecast;
  std::string after;
};

absl::StatusOr<Plan> MakePlan(const Caller& caller,
                              const v1::CreateExperimentRequest& request,
                              const Parts& parts) {
  absl::Status urgent = CheckUrgent(caller, request);
  if (!urgent.ok()) return urgent;
  auto source = ParseSource(request.source(), parts);
  if (!source.ok()) return source.status();
  const Experiment& experiment = source->experiment;
  auto priority = PriorityOf(request, experiment);
  if (!priority.ok()) return priority.status();
  auto after = AfterOf(experiment, parts);
  if (!after.ok()) return after.status();
  std::vector<std::string> tags = experiment.tags();
  tags.insert(tags.end(), request.tags().begin(), request.tags().end());
  auto tidied = TidyTags(std::move(tags));
  if (!tidied.ok()) return tidied.status();

  Plan plan{.source = *std::move(source),
            .submission = {},
            .forecast = {},
            .after = *std::move(after)};
  Submission& submission = plan.submission;
  submission.inputs = InputsFor(plan.source.inputs);
  plan.forecast = ForecastOf(plan.source.experiment, parts, submission.inputs);
  submission.owner = Bare(caller.user, "users");
  submission.text = plan.source.text;
  submission.preset = plan.source.preset;
  submission.notes = request.notes().empty() ? plan.source.experiment.notes()
                                             : request.notes();
  submission.tags = *std::move(tidied);
  submission.priority = *priority;
  submission.urgent = request.urgent();
  submission.resources =
      ResourcesFor(plan.source.experiment.resources(), plan.forecast);
  submission.expected_seconds = plan.forecast.longest_run_s;
  return plan;
}

v1::ClaimResult PendingClaim(const Claim& claim) {
  v1::ClaimResult result;
  result.set_that(claim.that);
  result.set_expect(ExpectText(claim));
  result.set_published(claim.published);
  result.set_source(claim.source);
  result.set_outcome(v1::CLAIM_OUTCOME_PENDING);
  return result;
}

// The experiment as it would be, without name and times.
v1::Experiment Preview(const Plan& plan) {
  const Experiment& experiment = plan.source.experiment;
  const Submission& submission = plan.submission;
  v1::Experiment preview;
  preview.set_title(experiment.name());
  preview.set_owner("users/" + submission.owner);
  preview.set_text(submission.text);
  preview.set_canonical_json(experiment.CanonicalJson());
  preview.set_experiment_hash(experiment.Hash());
  for (const std::string& axis : experiment.axes()) preview.add_axes(axis);
  preview.set_run_count(experiment.run_count());
  for (const std::string& tag : submission.tags) preview.add_tags(tag);
  preview.set_notes(submission.notes);
  for (const Claim& claim : experiment.claims()) {
    *preview.add_claims() = PendingClaim(claim);
  }
  preview.set_priority(submission.priority);
  preview.set_urgent(submission.urgent);
  *preview.mutable_resources() = ResourcesMessage(
      {submission.resources.cpus, submission.resources.memory_bytes,
       submission.resources.time_s * 1'000'000});
  preview.set_preset(submission.preset);
  if (!plan.after.empty()) preview.set_after("experiments/" + plan.after);
  return preview;
}

}  // namespace

absl::StatusOr<v1::Experiment> CreateExperiment(
    const Caller& caller, const v1::CreateExperimentRequest& request,
    const Parts& parts) {
  absl::StatusOr<Plan> plan = MakePlan(caller, request, parts);
  if (!plan.ok()) return plan.status();
  if (request.validate_only()) return Preview(*plan);
  absl::Status disk = CheckDisk(plan->forecast, parts);
  if (!disk.ok()) return disk;
  absl::Status kept = KeepInputs(plan->source.inputs, parts);
  if (!kept.ok()) return kept;

  v1::Experiment reply;
  auto made = parts.queue.Submit(
      plan->submission, plan->source.experiment,
      [&](store::Transaction& transaction, const SubmitOutcome& outcome) {
        auto key = store::FindExperiment(transaction, outcome.experiment);
        if (!key.ok()) return key.status();
        for (const std::string& dataset : plan->source.datasets) {
          absl::Status used = store::UseDataset(transaction, *key, dataset);
          if (!used.ok()) return used;
        }
        reply = ExperimentMessage(
            transaction, store::ReadExperiment(transaction, *key), true);
        return Keep(caller, transaction, reply);
      });
  if (!made.ok()) return made.status();
  return reply;
}

}  // namespace engram
