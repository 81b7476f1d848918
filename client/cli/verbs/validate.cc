#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/cli/columns.h"
#include "client/cli/source.h"
#include "client/cli/verbs/verbs.h"
#include "client/cli/wire/explain.h"

namespace engram::cli {
namespace {

absl::StatusOr<int> Validate(Session& session, const SourceFlags& flags) {
  auto source = ReadSource(session, flags);
  if (!source.ok()) return source.status();
  auto client = session.client();
  if (!client.ok()) return client.status();
  v1::CreateExperimentRequest request;
  *request.mutable_source() = *std::move(source);
  request.set_validate_only(true);
  const auto checked =
      (*client)->Change(calls::kCreateExperiment, std::move(request));
  if (!checked.ok()) return checked.status();
  const absl::Status shown = PresentOne(
      session, *checked, ExperimentColumns(session.now()), flags.source, [&] {
        return absl::StrCat(
            flags.source, ": valid: ", CountedText(checked->run_count(), "run"),
            ", ", CountedText(checked->claims_size(), "claim"), "\n");
      });
  if (!shown.ok()) return shown;
  return kDone;
}

}  // namespace

Command ValidateVerb() {
  const auto flags = std::make_shared<SourceFlags>();
  Command command;
  command.name = "validate";
  command.summary = "Check an experiment's text without submitting it";
  command.details =
      "Prints every fault as file:line: path: what is wrong and what is "
      "allowed, in the order of lines.";
  command.arguments = SourceArguments(flags.get());
  command.run = [flags](Session& session) { return Validate(session, *flags); };
  return command;
}

}  // namespace engram::cli
