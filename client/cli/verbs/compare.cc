#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "client/cli/comparison.h"
#include "client/cli/names.h"
#include "client/cli/output_order.h"
#include "client/cli/paging.h"
#include "client/cli/session.h"
#include "client/cli/verbs/verbs.h"
#include "client/cli/wire/explain.h"

namespace engram::cli {
namespace {

struct Flags {
  std::vector<std::string> names;
  bool each = false;
};

absl::StatusOr<std::vector<v1::Run>> RunsOf(Client& client,
                                            const std::string& experiment) {
  v1::ListRunsRequest request;
  request.set_parent(FullName(experiment));
  const auto runs = FetchPages(client, calls::kListRuns, request, 0,
                               [](auto* page) { return page->mutable_runs(); });
  if (!runs.ok()) return runs.status();
  return std::vector<v1::Run>(runs->runs().begin(), runs->runs().end());
}

// All runs that are named, with their trees; of an experiment all of them.
absl::StatusOr<std::vector<v1::Run>> Fetch(Client& client, const Flags& flags) {
  std::vector<v1::Run> all;
  for (const std::string& name : flags.names) {
    if (IsRunName(name)) {
      v1::GetRunRequest request;
      request.set_name(FullName(name));
      request.set_full(true);
      auto run = client.Call(calls::kGetRun, request);
      if (!run.ok()) return run.status();
      all.push_back(*std::move(run));
      continue;
    }
    auto runs = RunsOf(client, name);
    if (!runs.ok()) return runs.status();
    for (v1::Run& run : *runs) all.push_back(std::move(run));
  }
  return all;
}

absl::StatusOr<int> Compare(Session& session, const Flags& flags) {
  auto client = session.client();
  if (!client.ok()) return client.status();
  bool experiments = false;
  for (const std::string& name : flags.names) {
    experiments = experiments || !IsRunName(name);
  }
  const auto runs = Fetch(**client, flags);
  if (!runs.ok()) return runs.status();
  if (runs->size() < 2) {
    return absl::InvalidArgumentError(
        "compare wants two runs or more, or an experiment that has as many");
  }
  Comparison comparison =
      experiments && !flags.each ? CompareGroups(*runs) : CompareRuns(*runs);
  switch (session.format()) {
    case Format::kJson:
    case Format::kJsonl:
      session.out() << ComparisonJson(comparison) << "\n";
      return kDone;
    case Format::kCsv:
      session.out() << RenderCsv(ComparisonGrid(comparison));
      return kDone;
    case Format::kName:
      for (const v1::Run& run : *runs) {
        session.out() << ShortName(run.name()) << "\n";
      }
      return kDone;
    case Format::kTable:
    case Format::kNpy:
      break;
  }
  FetchOutputOrder(**client).Sort(&comparison.results);
  session.out() << ComparisonText(comparison, session.look());
  return kDone;
}

}  // namespace

Command CompareVerb() {
  const auto flags = std::make_shared<Flags>();
  Command command;
  command.name = "compare";
  command.summary = "Set runs side by side: what differs, then what came out";
  command.details =
      "Of runs, the parameters that differ and then every summary value, a "
      "column a run. Of an experiment, a line for each group of runs that "
      "are equal but for the seed, with mean ± standard deviation (n - 1) of "
      "the runs that succeeded.";
  command.arguments = {
      {"NAME", "", "runs, or experiments", &flags->names, true,
       Completes::kExperimentOrRun},
      {"--each", "", "every run by itself, not grouped over seeds",
       &flags->each},
  };
  command.examples = {{"engram compare k7m2", "groups over seeds"},
                      {"engram compare k7m2/0 k7m2/10", "two runs"}};
  command.run = [flags](Session& session) { return Compare(session, *flags); };
  return command;
}

}  // namespace engram::cli
