#include <memory>

#include "client/cli/live/follow.h"
#include "client/cli/verbs/verbs.h"

namespace engram::cli {

Command WatchVerb() {
  const auto options = std::make_shared<FollowOptions>();
  Command command;
  command.name = "watch";
  command.summary = "Watch experiments and runs as they learn";
  command.details =
      "On a terminal a live view: a line a run with its bar, what varies, the "
      "newest value of a metric and its curve. Elsewhere a line for each run "
      "that ends; with -o jsonl each event as JSON. It ends when all runs "
      "have, with exit code 1 unless all succeeded; a server that restarts "
      "meanwhile is waited for.\n\nWithout a name it shows everything until "
      "Ctrl-C.";
  command.arguments = {
      {"NAME", "", "experiments and runs", &options->names, false,
       Completes::kExperimentOrRun},
      {"--metric", "NAME", "series to show; the first one else",
       &options->metric},
  };
  command.examples = {
      {"engram watch k7m2", "an experiment"},
      {"engram watch k7m2/17 --metric weight_norm", "one run's metric"}};
  command.run = [options](Session& session) {
    return Follow(session, *options);
  };
  return command;
}

}  // namespace engram::cli
