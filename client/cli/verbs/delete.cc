#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "client/cli/names.h"
#include "client/cli/session.h"
#include "client/cli/text/quantity.h"
#include "client/cli/text/utf8.h"
#include "client/cli/verbs/verbs.h"
#include "client/cli/wire/explain.h"

namespace engram::cli {
namespace {

struct Flags {
  std::vector<std::string> names;
  bool yes = false;
};

// Whether the user means it: for good is for good.
absl::StatusOr<bool> Confirm(Session& session,
                             const v1::Experiment& experiment) {
  if (!session.host().in_is_terminal) {
    return absl::InvalidArgumentError(
        "delete asks before it deletes; where nobody can answer, say --yes");
  }
  session.err() << "delete " << ShortName(experiment.name()) << " ("
                << Printable(experiment.title()) << ", "
                << CountedText(experiment.run_count(), "run") << ", "
                << BytesText(experiment.stored_bytes()) << ") for good? [y/N] "
                << std::flush;
  std::string answer;
  std::getline(*session.host().in, answer);
  answer = absl::AsciiStrToLower(answer);
  return answer == "y" || answer == "yes";
}

absl::StatusOr<int> DeleteOne(Session& session, Client& client,
                              const std::string& name, bool yes) {
  v1::GetExperimentRequest get;
  get.set_name(FullName(name));
  const auto experiment = client.Call(calls::kGetExperiment, get);
  if (!experiment.ok()) return experiment.status();
  if (!yes) {
    const auto sure = Confirm(session, *experiment);
    if (!sure.ok()) return sure.status();
    if (!*sure) {
      session.err() << "nothing was deleted\n";
      return kDone;
    }
  }
  v1::DeleteExperimentRequest request;
  request.set_name(experiment->name());
  const auto done = client.Change(calls::kDeleteExperiment, request);
  if (!done.ok()) return done.status();
  session.out() << (session.wants_table() ? "deleted " : "")
                << ShortName(experiment->name()) << "\n";
  return kDone;
}

absl::StatusOr<int> Delete(Session& session, const Flags& flags) {
  auto client = session.client();
  if (!client.ok()) return client.status();
  for (const std::string& name : flags.names) {
    if (IsRunName(name)) {
      return absl::InvalidArgumentError(absl::StrCat(
          name, " is a run; experiments are deleted whole: engram delete ",
          ExperimentId(name)));
    }
    const auto code = DeleteOne(session, **client, name, flags.yes);
    if (!code.ok()) return code;
  }
  return kDone;
}

}  // namespace

Command DeleteVerb() {
  const auto flags = std::make_shared<Flags>();
  Command command;
  command.name = "delete";
  command.summary = "Delete experiments and all that they recorded, for good";
  command.arguments = {
      {"EXPERIMENT", "", "experiments whose runs have all ended", &flags->names,
       true, Completes::kExperiment},
      {"-y,--yes", "", "do not ask", &flags->yes},
  };
  command.run = [flags](Session& session) { return Delete(session, *flags); };
  return command;
}

}  // namespace engram::cli
