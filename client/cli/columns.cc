#include "client/cli/columns.h"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/names.h"
#include "client/cli/wording.h"

namespace engram::cli {
namespace {

int64_t CountIn(const v1::Experiment& experiment, const std::string& state) {
  const auto found = experiment.state_counts().find(state);
  return found == experiment.state_counts().end() ? 0 : found->second;
}

Cell TickCell(const v1::Run& run) {
  const v1::Progress& progress = run.progress();
  if (progress.tick_name().empty() && progress.tick() == 0) return {"-"};
  if (progress.total() > 0) {
    return {absl::StrCat(progress.tick(), "/", progress.total(), " ",
                         progress.tick_name())};
  }
  return {absl::StrCat(progress.tick(), " ", progress.tick_name())};
}

// From the first start to the end, or until now.
Cell TookCell(const v1::Run& run, absl::Time now) {
  if (!run.has_start_time()) return {"-"};
  const absl::Time end = run.has_end_time() ? TimeOf(run.end_time()) : now;
  return {DurationText(end - TimeOf(run.start_time()))};
}

void AddVarying(const std::vector<v1::Run>& runs,
                std::vector<Column<v1::Run>>* columns) {
  std::set<std::string> paths;
  for (const v1::Run& run : runs) {
    for (const auto& [path, value] : run.varying()) paths.insert(path);
  }
  const auto headers = ShortPaths({paths.begin(), paths.end()});
  for (const std::string& path : paths) {
    bool numeric = true;
    for (const v1::Run& run : runs) {
      const auto found = run.varying().find(path);
      numeric = numeric && (found == run.varying().end() ||
                            found->second.has_number_value());
    }
    columns->push_back(
        {path, headers.at(path), numeric ? Align::kRight : Align::kLeft,
         [path](const v1::Run& run) -> Cell {
           const auto found = run.varying().find(path);
           return {found == run.varying().end() ? "-"
                                                : ValueText(found->second)};
         }});
  }
}

void AddSummary(const std::vector<v1::Run>& runs,
                std::vector<Column<v1::Run>>* columns) {
  std::map<std::string, std::string> units;
  for (const v1::Run& run : runs) {
    for (const auto& [name, value] : run.summary()) {
      units[name] = value.unit();
    }
  }
  for (const auto& [name, unit] : units) {
    columns->push_back({name, WithUnit(name, unit), Align::kRight, nullptr,
                        nullptr, [name = name](const v1::Run& run) {
                          const auto found = run.summary().find(name);
                          return found == run.summary().end()
                                     ? std::nullopt
                                     : NumberOf(found->second);
                        }});
  }
}

Column<v1::Run> Hidden(std::string name,
                       std::function<std::string(const v1::Run&)> text) {
  return {
      name,         name,
      Align::kLeft, [text](const v1::Run& run) -> Cell { return {text(run)}; },
      nullptr,      nullptr,
      false};
}

}  // namespace

Cell ProgressOf(const v1::Experiment& experiment) {
  const int64_t succeeded = CountIn(experiment, "SUCCEEDED");
  std::vector<std::string> parts = {absl::StrCat(
      CountText(succeeded), "/", CountText(experiment.run_count()), " done")};
  for (const char* state :
       {"RUNNING", "FAILED", "TIMED_OUT", "CANCELLED", "QUEUED"}) {
    const int64_t count = CountIn(experiment, state);
    if (count == 0) continue;
    parts.push_back(
        absl::StrCat(CountText(count), " ", StateWord(StateNamed(state))));
  }
  const bool bad =
      CountIn(experiment, "FAILED") > 0 || CountIn(experiment, "TIMED_OUT") > 0;
  const bool running = CountIn(experiment, "RUNNING") > 0;
  const bool good = succeeded == experiment.run_count();
  return {absl::StrJoin(parts, ", "), bad       ? Tone::kBad
                                      : running ? Tone::kActive
                                      : good    ? Tone::kGood
                                                : Tone::kDim};
}

std::vector<Column<v1::Experiment>> ExperimentColumns(absl::Time now) {
  using E = v1::Experiment;
  return {
      {"name", "experiment", Align::kLeft,
       [](const E& e) -> Cell {
         return {ShortName(e.name()), Tone::kStrong};
       }},
      {"title", "title", Align::kLeft,
       [](const E& e) -> Cell { return {e.title()}; }},
      {"owner", "owner", Align::kLeft,
       [](const E& e) -> Cell { return {ShortName(e.owner())}; }},
      {"runs", "runs", Align::kLeft, ProgressOf,
       [](const E& e) { return absl::StrCat(e.run_count()); }},
      {"tags", "tags", Align::kLeft,
       [](const E& e) -> Cell { return {absl::StrJoin(e.tags(), " ")}; }},
      {"create_time", "submitted", Align::kRight,
       [now](const E& e) -> Cell {
         return {AgoOrDash(e.has_create_time(), e.create_time(), now)};
       },
       [](const E& e) {
         return IsoTime(e.has_create_time(), e.create_time());
       }},
      {"end_time", "ended", Align::kRight,
       [now](const E& e) -> Cell {
         return {AgoOrDash(e.has_end_time(), e.end_time(), now)};
       },
       [](const E& e) { return IsoTime(e.has_end_time(), e.end_time()); },
       nullptr, false},
      {"preset", "preset", Align::kLeft,
       [](const E& e) -> Cell { return {e.preset()}; }, nullptr, nullptr,
       false},
      {"stored_bytes", "stored", Align::kRight,
       [](const E& e) -> Cell { return {BytesText(e.stored_bytes())}; },
       [](const E& e) { return absl::StrCat(e.stored_bytes()); }, nullptr,
       false},
      {"hash", "hash", Align::kLeft,
       [](const E& e) -> Cell { return {ShortHash(e.experiment_hash())}; },
       [](const E& e) { return e.experiment_hash(); }, nullptr, false},
  };
}

std::vector<Column<v1::Run>> RunColumns(const std::vector<v1::Run>& runs,
                                        absl::Time now) {
  using R = v1::Run;
  std::vector<Column<R>> columns = {
      {"name", "run", Align::kLeft,
       [](const R& run) -> Cell { return {ShortName(run.name())}; }},
      {"state", "state", Align::kLeft,
       [](const R& run) { return StateCell(run.state()); }},
  };
  AddVarying(runs, &columns);
  columns.push_back(
      {"progress", "progress", Align::kRight, TickCell,
       [](const R& run) { return absl::StrCat(run.progress().tick()); }});
  AddSummary(runs, &columns);
  columns.push_back({"took", "took", Align::kRight,
                     [now](const R& run) { return TookCell(run, now); },
                     [](const R& run) -> std::string {
                       if (!run.has_start_time() || !run.has_end_time())
                         return "";
                       return ExactText(absl::ToDoubleSeconds(
                           TimeOf(run.end_time()) - TimeOf(run.start_time())));
                     }});
  columns.push_back({"end_time", "ended", Align::kRight,
                     [now](const R& run) -> Cell {
                       return {
                           AgoOrDash(run.has_end_time(), run.end_time(), now)};
                     },
                     [](const R& run) {
                       return IsoTime(run.has_end_time(), run.end_time());
                     }});
  columns.push_back(Hidden("title", [](const R& run) { return run.title(); }));
  columns.push_back(
      Hidden("owner", [](const R& run) { return ShortName(run.owner()); }));
  columns.push_back(Hidden("create_time", [](const R& run) {
    return IsoTime(run.has_create_time(), run.create_time());
  }));
  columns.push_back(Hidden("start_time", [](const R& run) {
    return IsoTime(run.has_start_time(), run.start_time());
  }));
  columns.push_back(Hidden("attempts", [](const R& run) {
    return absl::StrCat(run.attempt_count());
  }));
  columns.push_back(
      Hidden("run_hash", [](const R& run) { return run.run_hash(); }));
  columns.push_back(
      Hidden("result_hash", [](const R& run) { return run.result_hash(); }));
  columns.push_back(Hidden("build", [](const R& run) { return run.build(); }));
  columns.push_back(
      Hidden("error", [](const R& run) { return run.error().message(); }));
  return columns;
}

std::vector<Column<v1::ClaimResult>> ClaimColumns() {
  using C = v1::ClaimResult;
  return {
      {"claim", "claim", Align::kLeft,
       [](const C& c) -> Cell { return {c.that()}; }},
      {"source", "source", Align::kLeft,
       [](const C& c) -> Cell { return {c.source()}; }},
      {"subject", "subject", Align::kLeft,
       [](const C& c) -> Cell { return {c.subject()}; }, nullptr, nullptr,
       false},
      {"expect", "expected", Align::kLeft,
       [](const C& c) -> Cell { return {c.expect()}; }},
      {"published", "published", Align::kLeft,
       [](const C& c) -> Cell {
         return {c.published().empty() ? "-" : c.published()};
       },
       [](const C& c) { return c.published(); }},
      {"measured", "measured", Align::kRight,
       [](const C& c) -> Cell {
         return {c.has_measured() ? ShortText(c.measured()) : "-"};
       },
       [](const C& c) {
         return c.has_measured() ? ExactText(c.measured()) : "";
       }},
      {"runs", "runs", Align::kRight,
       [](const C& c) -> Cell { return {absl::StrCat(c.run_count())}; },
       nullptr, nullptr, false},
      {"outcome", "outcome", Align::kLeft,
       [](const C& c) { return OutcomeCell(c.outcome()); }},
      {"reason", "reason", Align::kLeft,
       [](const C& c) -> Cell { return {c.reason()}; }, nullptr, nullptr,
       false},
  };
}

}  // namespace engram::cli
