#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "client/cli/change_each.h"
#include "client/cli/names.h"
#include "client/cli/verbs/verbs.h"
#include "client/cli/wire/explain.h"

namespace engram::cli {
namespace {

struct Flags {
  std::vector<std::string> names;
  std::string reason;
  bool yes = false;
};

// Whether the user means it, where one can be asked and whole experiments are
// named.
bool IsSure(Session& session, const Flags& flags) {
  bool whole = false;
  for (const std::string& name : flags.names) {
    whole = whole || !IsRunName(name);
  }
  if (flags.yes || !whole || !session.host().in_is_terminal) return true;
  session.err() << "cancel every run of " << absl::StrJoin(flags.names, ", ")
                << " that has not ended? [y/N] " << std::flush;
  std::string answer;
  std::getline(*session.host().in, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

absl::StatusOr<int> Cancel(Session& session, const Flags& flags) {
  if (!IsSure(session, flags)) {
    session.err() << "nothing was cancelled\n";
    return kDone;
  }
  return ChangeEach(
      session, flags.names, "asked to stop",
      [&](Client& client, const std::string& name) -> absl::StatusOr<int64_t> {
        v1::CancelRequest request;
        request.set_name(name);
        request.set_reason(flags.reason);
        const auto response = client.Change(calls::kCancel, request);
        if (!response.ok()) return response.status();
        return response->run_count();
      });
}

}  // namespace

Command CancelVerb() {
  const auto flags = std::make_shared<Flags>();
  Command command;
  command.name = "cancel";
  command.summary = "Stop experiments or runs";
  command.details =
      "Runs that wait end at once; those at work are asked to stop and killed "
      "after 10 s. What they recorded stays. A run that finishes first has "
      "succeeded.";
  command.arguments = {
      {"NAME", "", "experiments and runs", &flags->names, true,
       Completes::kExperimentOrRun},
      {"--reason", "TEXT", "kept with the change of state", &flags->reason},
      {"-y,--yes", "", "do not ask", &flags->yes},
  };
  command.run = [flags](Session& session) { return Cancel(session, *flags); };
  return command;
}

}  // namespace engram::cli
