#pragma once

#include <memory>
#include <string>
#include <vector>

#include "client/cli/change_each.h"
#include "client/cli/command/command.h"
#include "client/cli/live/follow.h"
#include "client/cli/wire/methods.h"

namespace engram::cli {

// A verb that has runs queued once more by `method`, and watches them if asked
// to.
template <class Request, class Response>
Command QueueAgainVerb(const Method<Request, Response>& method,
                       std::string name, std::string summary,
                       std::string details) {
  struct Flags {
    std::vector<std::string> names;
    bool follow = false;
  };
  const auto flags = std::make_shared<Flags>();
  Command command;
  command.name = std::move(name);
  command.summary = std::move(summary);
  command.details = std::move(details);
  command.arguments = {
      {"NAME", "", "experiments and runs", &flags->names, true,
       Completes::kExperimentOrRun},
      {"-f,--follow", "", "watch until they have ended", &flags->follow},
  };
  command.run = [flags, method](Session& session) -> absl::StatusOr<int> {
    const auto queue = [&](Client& client,
                           const std::string& of) -> absl::StatusOr<int64_t> {
      Request request;
      request.set_name(of);
      const auto response = client.Change(method, request);
      if (!response.ok()) return response.status();
      return response->run_count();
    };
    const auto code = ChangeEach(session, flags->names, "queued again", queue);
    if (!code.ok() || !flags->follow) return code;
    FollowOptions options;
    options.names = flags->names;
    return Follow(session, options);
  };
  return command;
}

}  // namespace engram::cli
