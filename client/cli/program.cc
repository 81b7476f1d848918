#include "client/cli/program.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "client/cli/command/completion.h"
#include "client/cli/command/help.h"
#include "client/cli/command/manual.h"
#include "client/cli/command/parse.h"
#include "client/cli/live_names.h"
#include "client/cli/text/valid_utf8.h"
#include "client/cli/verbs/verbs.h"
#include "client/cli/wire/explain.h"

namespace engram::cli {
namespace {

void AddGroup(const std::string& group, std::vector<Command> verbs,
              Command* root) {
  for (Command& verb : verbs) {
    verb.group = group;
    root->subcommands.push_back(std::move(verb));
  }
}

// The answer to `engram __complete -- WORD...`.
int Complete(const Command& root, const std::vector<std::string>& arguments,
             Host* host) {
  auto from = arguments.begin() + 1;
  if (from != arguments.end() && *from == "--") ++from;
  GlobalFlags flags;
  const std::vector<Argument> globals = GlobalArguments(&flags, false);
  Session session(host, &flags);
  const LiveNames live = [&](Completes kind) {
    return FetchNames(session, kind);
  };
  for (const std::string& candidate :
       Completions(root, globals, {from, arguments.end()}, live)) {
    *host->out << candidate << "\n";
  }
  return kDone;
}

int Fail(const absl::Status& status, Session& session, Host* host) {
  // What was written so far stands before the error.
  host->out->flush();
  *host->err << ExplainError(status, {session.server(), session.text_name()});
  return ExitCodeOf(status);
}

// --help, --version and --man, which need no verb.
int WithoutVerb(const Command& root, const std::vector<Argument>& globals,
                const std::vector<std::string>& arguments, Session& session,
                Host* host) {
  const auto man =
      std::find(arguments.begin(), arguments.end(), std::string("--man"));
  if (man != arguments.end()) {
    if (man + 1 == arguments.end()) {
      return Fail(absl::InvalidArgumentError("--man: which folder?"), session,
                  host);
    }
    const absl::Status status = WriteManual(root, globals, *(man + 1));
    return status.ok() ? kDone : Fail(status, session, host);
  }
  if (std::count(arguments.begin(), arguments.end(), "--version") > 0) {
    session.out() << "engram " << ENGRAM_VERSION << "\n";
    return kDone;
  }
  session.out() << OverviewText(root, globals, session.look());
  if (std::count(arguments.begin(), arguments.end(), "--help") > 0 ||
      std::count(arguments.begin(), arguments.end(), "-h") > 0) {
    return kDone;
  }
  return arguments.empty() ? kInvalid
                           : Fail(absl::InvalidArgumentError(absl::StrCat(
                                      "no verb among: ", arguments.front())),
                                  session, host);
}

int RunVerb(const Choice& choice, const std::vector<Argument>& globals,
            Session& session, Host* host) {
  const Command& command = *choice.command;
  const bool asks_help = std::any_of(
      choice.rest.begin(), choice.rest.end(),
      [](const std::string& word) { return word == "--help" || word == "-h"; });
  if (asks_help || !command.run) {
    host->out->flush();
    session.out() << HelpText(command, choice.full_name, globals,
                              session.look());
    return asks_help ? kDone : kInvalid;
  }
  const absl::Status parsed = ParseArguments(choice, globals);
  if (!parsed.ok()) return Fail(parsed, session, host);
  const absl::StatusOr<int> code = command.run(session);
  return code.ok() ? *code : Fail(code.status(), session, host);
}

// A message carries no other text.
absl::Status CheckText(const std::vector<std::string>& arguments) {
  for (size_t i = 0; i < arguments.size(); ++i) {
    const size_t bad = FirstNotUtf8(arguments[i]);
    if (bad == std::string::npos) continue;
    return absl::InvalidArgumentError(absl::StrCat("argument ", i + 1,
                                                   " is not UTF-8 text: byte ",
                                                   bad, " (from 0) of it"));
  }
  return absl::OkStatus();
}

}  // namespace

Command Root() {
  Command root;
  root.name = "engram";
  root.summary = "Experiments on learning in neural circuits, as a service";
  root.details =
      "engram submits experiments to an Engram server, watches them learn, "
      "and reads what they recorded.\n\nNames may be short: k7m2q9xw4p is an "
      "experiment, k7m2q9xw4p/17 its run 17; any unique prefix of four "
      "letters will do.\n\nThe server is localhost:7070 unless --server, "
      "ENGRAM_SERVER or client.yaml in $XDG_CONFIG_HOME/engram says another; "
      "the token comes from --token-file, ENGRAM_TOKEN or client.yaml, which "
      "`engram login` writes. Servers on other machines are spoken to with "
      "TLS; --ca, ENGRAM_CA or `ca:` of client.yaml names a lab's own "
      "authority. NO_COLOR turns colours off.";
  AddGroup(
      "Experiments",
      {SubmitVerb(), ListVerb(), GetVerb(), WatchVerb(), LogsVerb(), WhyVerb(),
       TagVerb(), CancelVerb(), RetryVerb(), ContinueVerb(), DeleteVerb()},
      &root);
  AddGroup("Results",
           {MetricsVerb(), SnapshotsVerb(), SpikesVerb(), ExportVerb(),
            CompareVerb(), CheckVerb(), VerifyVerb()},
           &root);
  AddGroup("Making experiments",
           {ValidateVerb(), CatalogVerb(), PresetsVerb(), DatasetsVerb()},
           &root);
  AddGroup(
      "Server",
      {QueueVerb(), WorkersVerb(), LoginVerb(), AdminVerb(), CompletionVerb()},
      &root);
  return root;
}

std::vector<Argument> GlobalArguments(GlobalFlags* flags, bool with_npy) {
  std::vector<std::string> formats = {"table", "json", "jsonl", "csv", "name"};
  if (with_npy) formats.push_back("npy");
  return {
      {"-o,--output", "FORMAT", "how to show the answer", &flags->output, false,
       Completes::kNothing, formats},
      {"--server", "ADDRESS", "the server's address", &flags->server},
      {"--token-file", "FILE", "file that holds the token", &flags->token_file,
       false, Completes::kFile},
      {"--ca", "FILE", "PEM file of the authority that vouches for the server",
       &flags->ca, false, Completes::kFile},
      {"--no-color", "", "no colours", &flags->no_color},
      {"-h,--help", "", "show this", &flags->help},
  };
}

int RunProgram(const std::vector<std::string>& arguments, Host* host) {
  const Command root = Root();
  if (!arguments.empty() && arguments[0] == "__complete") {
    return Complete(root, arguments, host);
  }
  GlobalFlags flags;
  Session session(host, &flags);
  if (const absl::Status text = CheckText(arguments); !text.ok()) {
    return Fail(text, session, host);
  }
  std::vector<Argument> globals = GlobalArguments(&flags, false);
  if (!arguments.empty() && arguments[0] == "--man") {
    return WithoutVerb(root, globals, arguments, session, host);
  }
  const auto choice = ChooseCommand(root, globals, arguments);
  if (!choice.ok()) return Fail(choice.status(), session, host);
  if (choice->command == nullptr) {
    return WithoutVerb(root, globals, arguments, session, host);
  }
  globals = GlobalArguments(&flags, choice->command->writes_npy);
  return RunVerb(*choice, globals, session, host);
}

}  // namespace engram::cli
