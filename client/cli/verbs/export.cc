#include "client/cli/files/export.h"

#include <filesystem>
#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/cli/names.h"
#include "client/cli/paging.h"
#include "client/cli/session.h"
#include "client/cli/text/quantity.h"
#include "client/cli/verbs/verbs.h"
#include "client/cli/wire/explain.h"

namespace engram::cli {
namespace {

struct Flags {
  std::string name;
  std::string to;
  bool force = false;
};

absl::StatusOr<Exported> Fetch(Client& client, const std::string& name) {
  Exported exported;
  v1::GetExperimentRequest request;
  request.set_name(FullName(ExperimentId(name)));
  auto experiment = client.Call(calls::kGetExperiment, request);
  if (!experiment.ok()) return experiment.status();
  exported.experiment = *std::move(experiment);
  if (IsRunName(name)) {
    v1::GetRunRequest run_request;
    run_request.set_name(FullName(name));
    auto run = client.Call(calls::kGetRun, run_request);
    if (!run.ok()) return run.status();
    exported.runs = {*std::move(run)};
    return exported;
  }
  v1::ListRunsRequest runs_request;
  runs_request.set_parent(exported.experiment.name());
  const auto runs = FetchPages(client, calls::kListRuns, runs_request, 0,
                               [](auto* page) { return page->mutable_runs(); });
  if (!runs.ok()) return runs.status();
  exported.runs.assign(runs->runs().begin(), runs->runs().end());
  return exported;
}

absl::StatusOr<int> Export(Session& session, const Flags& flags) {
  auto client = session.client();
  if (!client.ok()) return client.status();
  std::error_code ignored;
  const bool npz = absl::EndsWith(flags.to, ".npz");
  const bool csv = absl::EndsWith(flags.to, ".csv");
  if (std::filesystem::exists(flags.to, ignored) && !flags.force &&
      !std::filesystem::is_directory(flags.to, ignored)) {
    return absl::AlreadyExistsError(
        absl::StrCat(flags.to, " is there already; --force replaces it"));
  }
  const auto exported = Fetch(**client, flags.name);
  if (!exported.ok()) return exported.status();
  const absl::Status written = csv ? WriteSummaryCsv(*exported, flags.to)
                               : npz
                                   ? WriteNpz(**client, *exported, flags.to)
                                   : WriteFolder(**client, *exported, flags.to);
  if (!written.ok()) return written;
  session.err() << "wrote " << flags.to << ": "
                << CountedText(static_cast<int64_t>(exported->runs.size()),
                               "run")
                << "\n";
  return kDone;
}

}  // namespace

Command ExportVerb() {
  const auto flags = std::make_shared<Flags>();
  Command command;
  command.name = "export";
  command.summary = "Write an experiment or a run to files";
  command.details =
      "To FILE.csv: a line a run, with what varies and what was found. To "
      "FILE.npz, for numpy.load: varying/PATH and summary/NAME over runs, and "
      "for each run N the series as N/series/NAME/x and .../values and the "
      "arrays as N/arrays/PATH@STEP, spikes as N/spikes/POPULATION (a row a "
      "spike: time [ms], unit), and as N/state@final the bytes of the "
      "state in which it succeeded. To a folder: experiment.yaml, "
      "experiment.json, runs.csv, claims.csv, metrics.csv and run-N.npz.";
  command.arguments = {
      {"NAME", "", "an experiment or a run", &flags->name, true,
       Completes::kExperimentOrRun},
      {"--to", "PATH", "FILE.csv, FILE.npz or a folder", &flags->to, true,
       Completes::kFile},
      {"--force", "", "replace a file that is there", &flags->force},
  };
  command.examples = {
      {"engram export k7m2 --to rules.npz", "everything, for numpy.load"},
      {"engram export k7m2 --to rules.csv", "one line a run"}};
  command.run = [flags](Session& session) { return Export(session, *flags); };
  return command;
}

}  // namespace engram::cli
