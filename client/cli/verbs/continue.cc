#include <memory>
#include <string>
#include <vector>

#include "client/cli/change_each.h"
#include "client/cli/live/follow.h"
#include "client/cli/verbs/verbs.h"

namespace engram::cli {
namespace {

struct Flags {
  std::vector<std::string> names;
  bool follow = false;
};

absl::StatusOr<int> Continue(Session& session, const Flags& flags) {
  const auto code = ChangeEach(
      session, flags.names, "queued again",
      [](Client& client, const std::string& name) -> absl::StatusOr<int64_t> {
        v1::ContinueRequest request;
        request.set_name(name);
        const auto response = client.Change(calls::kContinue, request);
        if (!response.ok()) return response.status();
        return response->run_count();
      });
  if (!code.ok() || !flags.follow) return code;
  FollowOptions options;
  options.names = flags.names;
  return Follow(session, options);
}

}  // namespace

Command ContinueVerb() {
  const auto flags = std::make_shared<Flags>();
  Command command;
  command.name = "continue";
  command.summary =
      "Go on with runs that were stopped, from their last checkpoint";
  command.details =
      "As retry, but with the build that made the checkpoint and from where it "
      "was made. The time limit counts anew. Runs of an experiment that have "
      "left no checkpoint are left alone.";
  command.arguments = {
      {"NAME", "", "experiments and runs", &flags->names, true,
       Completes::kExperimentOrRun},
      {"-f,--follow", "", "watch until they have ended", &flags->follow},
  };
  command.run = [flags](Session& session) { return Continue(session, *flags); };
  return command;
}

}  // namespace engram::cli
