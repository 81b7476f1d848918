#include "server/rpc/name.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "server/rpc/status.h"
#include "server/store/experiment_table.h"
#include "server/store/run_table.h"

namespace engram {
namespace {

bool IsId(absl::string_view text) {
  return !text.empty() && text.size() <= 32 &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c));
         });
}

absl::Status BadName(absl::string_view field, absl::string_view text) {
  return BadField(
      field,
      absl::StrCat(text.empty() ? "it is empty" : absl::StrCat("'", text, "'"),
                   "; names are experiments/k7m2q9xw4p, or of a run "
                   "experiments/k7m2q9xw4p/runs/17, or short k7m2q9xw4p/17; "
                   "four letters of the experiment will do if no other "
                   "begins with them"));
}

// Statuses of the store gain the detail that names travel with.
absl::Status WithName(const absl::Status& status, absl::string_view name) {
  if (status.code() == absl::StatusCode::kInvalidArgument) {
    return BadField("name", status.message());
  }
  return status.code() == absl::StatusCode::kNotFound
             ? NamedNotFound(status.message(), name)
             : status;
}

}  // namespace

absl::StatusOr<ParsedName> ParseName(absl::string_view text,
                                     absl::string_view field) {
  absl::string_view left = text;
  absl::ConsumePrefix(&left, "experiments/");
  std::vector<std::string> parts = absl::StrSplit(left, '/');
  ParsedName name;
  name.experiment = parts[0];
  if (!IsId(name.experiment)) return BadName(field, text);
  if (parts.size() == 1) return name;
  const size_t at = parts[1] == "runs" ? 2 : 1;
  int64_t point = 0;
  if (at >= parts.size() || !absl::SimpleAtoi(parts[at], &point) || point < 0) {
    return BadName(field, text);
  }
  name.point = point;
  name.rest = absl::StrJoin(parts.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                            parts.end(), "/");
  return name;
}

absl::StatusOr<TargetRef> FindTargetNamed(store::Reader& reader,
                                          absl::string_view name) {
  absl::StatusOr<ParsedName> parsed = ParseName(name, "name");
  if (!parsed.ok()) return parsed.status();
  if (!parsed->rest.empty()) return BadName("name", name);
  auto key = store::FindExperiment(reader, parsed->experiment);
  if (!key.ok()) return WithName(key.status(), name);
  TargetRef target;
  target.experiment.key = *key;
  target.experiment.id = store::ReadExperiment(reader, *key).id;
  target.point = parsed->point;
  if (target.point.has_value()) {
    auto run = store::FindRun(reader, *key, *target.point);
    if (!run.ok()) return WithName(run.status(), name);
  }
  return target;
}

absl::StatusOr<ExperimentRef> FindExperimentNamed(store::Reader& reader,
                                                  absl::string_view name) {
  absl::StatusOr<TargetRef> target = FindTargetNamed(reader, name);
  if (!target.ok()) return target.status();
  if (target->point.has_value()) {
    return BadField("name", absl::StrCat(name,
                                         " is a run; this call takes "
                                         "its experiment, experiments/",
                                         target->experiment.id));
  }
  return target->experiment;
}

absl::StatusOr<RunRef> FindRunNamed(store::Reader& reader,
                                    absl::string_view name) {
  absl::StatusOr<TargetRef> target = FindTargetNamed(reader, name);
  if (!target.ok()) return target.status();
  if (!target->point.has_value()) {
    return BadField("name", absl::StrCat(name,
                                         " is an experiment; this call "
                                         "takes one of its runs, such as ",
                                         target->experiment.id, "/0"));
  }
  auto run = store::FindRun(reader, target->experiment.key, *target->point);
  if (!run.ok()) return WithName(run.status(), name);
  return RunRef{.key = *run,
                .experiment = target->experiment.key,
                .name = {target->experiment.id, *target->point}};
}

std::string Bare(absl::string_view name, absl::string_view collection) {
  absl::string_view left = name;
  if (absl::ConsumePrefix(&left, collection)) absl::ConsumePrefix(&left, "/");
  return std::string(left);
}

}  // namespace engram
