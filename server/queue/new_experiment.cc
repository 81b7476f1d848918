#include "server/queue/new_experiment.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/queue/stored_claim.h"

namespace engram {
namespace {

using store::NamedValue;

void CollectParameters(const Component& component,
                       std::map<std::string, NamedValue>& out) {
  const auto add = [&](const std::string& name, const Value& value) {
    const std::string path = absl::StrCat(component.path, ".", name);
    out[path] = {path, Plain(value)};
  };
  add("type", Value(component.type));
  for (const auto& [name, value] : component.parameters) add(name, value);
  for (const auto& [slot, components] : component.slots) {
    for (const Component& inner : components) CollectParameters(inner, out);
  }
}

// Keeps what `point` has, too, with the same value.
void KeepCommon(std::map<std::string, NamedValue>& common,
                const std::map<std::string, NamedValue>& point) {
  std::erase_if(common, [&](const auto& entry) {
    const auto it = point.find(entry.first);
    return it == point.end() || it->second != entry.second;
  });
}

store::NewRun MakeRun(const Point& point) {
  store::NewRun run;
  run.point = point.number;
  run.seed = point.seed;
  run.run_hash = RunHash(point.tree, point.seed);
  run.tree_json = CanonicalJson(point.tree, point.seed);
  for (const auto& [path, value] : point.varying) {
    run.varying.push_back({path, Plain(value)});
  }
  return run;
}

store::v1::RecordPolicy ToStored(const RecordPolicy& record) {
  store::v1::RecordPolicy stored;
  stored.set_metrics_every(record.metrics_every);
  for (const auto& [path, steps] : record.snapshots) {
    auto& snapshot = *stored.add_snapshots();
    snapshot.set_path(path);
    snapshot.mutable_steps()->Add(steps.begin(), steps.end());
  }
  return stored;
}

store::ExperimentRow MakeRow(const Submission& submission,
                             const Experiment& experiment, int64_t now_us) {
  store::ExperimentRow row;
  row.id = MakeExperimentId();
  row.title = experiment.name();
  row.user = submission.owner;
  row.text = submission.text;
  row.canonical_json = experiment.CanonicalJson();
  row.experiment_hash = experiment.Hash();
  row.axes = experiment.axes();
  row.run_count = experiment.run_count();
  row.create_time_us = now_us;
  row.tags = submission.tags;
  row.notes = submission.notes;
  row.expected_seconds = submission.expected_seconds;
  row.priority = submission.priority;
  row.urgent = submission.urgent;
  row.resources = {.cpus = submission.resources.cpus,
                   .memory_bytes = submission.resources.memory_bytes,
                   .time_us = submission.resources.time_s * 1'000'000};
  row.record = ToStored(experiment.record());
  row.preset = submission.preset;
  row.after = experiment.after().value_or("");
  std::sort(row.tags.begin(), row.tags.end());
  row.tags.erase(std::unique(row.tags.begin(), row.tags.end()), row.tags.end());
  return row;
}

// A parameter that an axis sets is no constant of the experiment, even when
// the axis has one value.
void DropVarying(std::map<std::string, NamedValue>& common,
                 const std::vector<store::NewRun>& runs) {
  for (const NamedValue& value : runs.front().varying) common.erase(value.name);
}

}  // namespace

NewExperiment Expand(const Submission& submission, const Experiment& experiment,
                     int64_t now_us) {
  NewExperiment made;
  made.row = MakeRow(submission, experiment, now_us);
  std::map<std::string, NamedValue> common;
  for (int64_t number = 0; number < experiment.run_count(); ++number) {
    const Point point = experiment.At(number);
    std::map<std::string, NamedValue> parameters;
    CollectParameters(point.tree, parameters);
    if (number == 0) {
      common = std::move(parameters);
    } else {
      KeepCommon(common, parameters);
    }
    made.runs.push_back(MakeRun(point));
  }
  DropVarying(common, made.runs);
  for (auto& [path, value] : common) {
    made.row.constants.push_back(std::move(value));
  }
  for (const Claim& claim : experiment.claims()) {
    made.claims.push_back(
        PendingClaim(claim, static_cast<int>(made.claims.size())));
  }
  return made;
}

}  // namespace engram
