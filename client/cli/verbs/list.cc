#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/columns.h"
#include "client/cli/names.h"
#include "client/cli/paging.h"
#include "client/cli/verbs/verbs.h"
#include "client/cli/wire/explain.h"

namespace engram::cli {
namespace {

struct Flags {
  std::string experiment;
  bool runs = false;
  bool mine = false;
  std::string filter;
  std::vector<std::string> tags;
  std::vector<std::string> states;
  std::string sort;
  std::string columns;
  int64_t limit = 50;
};

// --filter with what --tag, --state and --mine add to it.
absl::StatusOr<std::string> FilterOf(Client& client, const Flags& flags) {
  std::vector<std::string> parts;
  if (!flags.filter.empty()) parts.push_back(flags.filter);
  for (const std::string& tag : flags.tags) {
    parts.push_back(absl::StrCat("tag = ", tag));
  }
  if (!flags.states.empty()) {
    parts.push_back(
        absl::StrCat("state IN (", absl::StrJoin(flags.states, ", "), ")"));
  }
  if (flags.mine) {
    const auto me = client.Call(calls::kWhoAmI, {});
    if (!me.ok()) return me.status();
    parts.push_back(absl::StrCat("user = ", ShortName(me->user())));
  }
  if (parts.size() > 1 && !flags.filter.empty()) {
    parts[0] = absl::StrCat("(", parts[0], ")");
  }
  return absl::StrJoin(parts, " AND ");
}

// Says below a table that it is not all.
void Footer(Session& session, int64_t shown, int64_t total, bool at_least,
            bool more) {
  if (!more || !session.wants_table()) return;
  session.out() << Paint(absl::StrCat(CountText(shown), " of ",
                                      CountText(total), at_least ? "+" : "",
                                      "; --limit 0 shows all"),
                         Tone::kDim, session.look())
                << "\n";
}

absl::StatusOr<int> ListExperiments(Session& session, Client& client,
                                    const Flags& flags,
                                    const std::string& filter) {
  if (!flags.sort.empty()) {
    return absl::InvalidArgumentError(
        "--sort is for runs: experiments come newest first");
  }
  v1::ListExperimentsRequest request;
  request.set_filter(filter);
  const auto response =
      FetchPages(client, calls::kListExperiments, request, flags.limit,
                 [](auto* page) { return page->mutable_experiments(); });
  if (!response.ok()) return response.status();
  Listing<v1::Experiment> listing;
  listing.items.assign(response->experiments().begin(),
                       response->experiments().end());
  listing.columns = ExperimentColumns(session.now());
  listing.chosen = flags.columns;
  listing.name = [](const v1::Experiment& e) { return ShortName(e.name()); };
  listing.whole = &*response;
  listing.when_empty =
      filter.empty()
          ? "no experiments yet; submit one with: engram submit flagship"
          : "no experiment matches";
  const absl::Status shown = Present(session, listing);
  if (!shown.ok()) return shown;
  Footer(session, response->experiments_size(), response->total_size(),
         response->total_is_lower_bound(),
         !response->next_page_token().empty());
  return kDone;
}

absl::StatusOr<int> ListRuns(Session& session, Client& client,
                             const Flags& flags, const std::string& filter) {
  v1::ListRunsRequest request;
  if (!flags.experiment.empty()) {
    request.set_parent(FullName(flags.experiment));
  }
  request.set_filter(filter);
  request.set_order_by(flags.sort);
  const auto response =
      FetchPages(client, calls::kListRuns, request, flags.limit,
                 [](auto* page) { return page->mutable_runs(); });
  if (!response.ok()) return response.status();
  Listing<v1::Run> listing;
  listing.items.assign(response->runs().begin(), response->runs().end());
  listing.columns = RunColumns(listing.items, session.now());
  listing.chosen = flags.columns;
  listing.name = [](const v1::Run& run) { return ShortName(run.name()); };
  listing.whole = &*response;
  listing.when_empty = "no run matches";
  const absl::Status shown = Present(session, listing);
  if (!shown.ok()) return shown;
  Footer(session, response->runs_size(), response->total_size(),
         response->total_is_lower_bound(),
         !response->next_page_token().empty());
  return kDone;
}

absl::StatusOr<int> List(Session& session, const Flags& flags) {
  if (flags.limit < 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--limit ", flags.limit, ": wanted 0 for all, or a number"));
  }
  auto client = session.client();
  if (!client.ok()) return client.status();
  const auto filter = FilterOf(**client, flags);
  if (!filter.ok()) return filter.status();
  return flags.runs || !flags.experiment.empty()
             ? ListRuns(session, **client, flags, *filter)
             : ListExperiments(session, **client, flags, *filter);
}

}  // namespace

Command ListVerb() {
  const auto flags = std::make_shared<Flags>();
  Command command;
  command.name = "list";
  command.summary = "List experiments, or runs";
  command.details =
      "Without a name it lists experiments, newest first; with one, that "
      "experiment's runs; with --runs, runs of all experiments.\n\nA filter "
      "compares columns, parameters and final values with =, !=, <, <=, >, "
      ">=, IN and :, joined by AND, OR, NOT and brackets.";
  command.arguments = {
      {"EXPERIMENT", "", "list the runs of this one", &flags->experiment, false,
       Completes::kExperiment},
      {"-r,--runs", "", "list runs of all experiments", &flags->runs},
      {"-m,--mine", "", "only your own", &flags->mine},
      {"--filter", "EXPR", "only what matches", &flags->filter},
      {"-t,--tag", "TAG", "only with this tag", &flags->tags},
      {"-s,--state", "STATE", "only with a run in this state", &flags->states},
      {"--sort", "COLUMN", "order of runs: 'sequence_length desc, point'",
       &flags->sort},
      {"-c,--columns", "NAMES", "columns to show, separated by commas",
       &flags->columns},
      {"-l,--limit", "N", "at most so many; 0 for all (50)", &flags->limit},
  };
  command.examples = {
      {"engram list --mine --tag thesis", "your experiments with a tag"},
      {"engram list k7m2 --filter 'sequence_length >= 9' --sort seed",
       "some runs of an experiment"},
      {"engram list --runs --state FAILED -o name | xargs engram retry",
       "retry all runs that failed"}};
  command.run = [flags](Session& session) { return List(session, *flags); };
  return command;
}

}  // namespace engram::cli
