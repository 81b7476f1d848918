#include "client/cli/command/completion.h"

#include <memory>
#include <string>

#include "client/cli/session.h"
#include "client/cli/verbs/verbs.h"
#include "client/cli/wire/explain.h"

namespace engram::cli {

Command CompletionVerb() {
  const auto shell = std::make_shared<std::string>();
  Command command;
  command.name = "completion";
  command.summary = "Print a script that completes commands in a shell";
  command.details =
      "It offers verbs, flags and the names of what is on the server.";
  command.arguments = {{"SHELL",
                        "",
                        "which shell",
                        shell.get(),
                        true,
                        Completes::kNothing,
                        {"bash", "zsh", "fish"}}};
  command.examples = {
      {"engram completion bash > ~/.local/share/bash-completion/completions/"
       "engram",
       "for every bash from now on"}};
  command.run = [shell](Session& session) -> absl::StatusOr<int> {
    const auto script = CompletionScript(*shell);
    if (!script.ok()) return script.status();
    session.out() << *script;
    return kDone;
  };
  return command;
}

}  // namespace engram::cli
