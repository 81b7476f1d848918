#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/cli/claims.h"
#include "client/cli/columns.h"
#include "client/cli/live/follow.h"
#include "client/cli/names.h"
#include "client/cli/source.h"
#include "client/cli/text/utf8.h"
#include "client/cli/verbs/verbs.h"
#include "client/cli/wire/explain.h"

namespace engram::cli {
namespace {

absl::Status ShowClaims(Session& session, const v1::Experiment& experiment) {
  if (session.wants_table()) {
    session.out() << ClaimsText(experiment, session.look());
    return absl::OkStatus();
  }
  Listing<v1::ClaimResult> listing;
  listing.items.assign(experiment.claims().begin(), experiment.claims().end());
  listing.columns = ClaimColumns();
  listing.name = [](const v1::ClaimResult& claim) { return claim.that(); };
  listing.whole = &experiment;
  return Present(session, listing);
}

absl::StatusOr<v1::Experiment> SubmitSource(Session& session, Client& client,
                                            const SourceFlags& flags) {
  auto source = ReadSource(session, flags);
  if (!source.ok()) return source.status();
  v1::CreateExperimentRequest request;
  *request.mutable_source() = *std::move(source);
  // Nothing is started that could not be checked in the end.
  request.set_validate_only(true);
  const auto checked = client.Change(calls::kCreateExperiment, request);
  if (!checked.ok()) return checked.status();
  if (checked->claims().empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        flags.source, " makes no claims; there is nothing to check"));
  }
  request.set_validate_only(false);
  return client.Change(calls::kCreateExperiment, request);
}

absl::StatusOr<int> Check(Session& session, const SourceFlags& flags) {
  auto client = session.client();
  if (!client.ok()) return client.status();
  const auto experiment = SubmitSource(session, **client, flags);
  if (!experiment.ok()) return experiment.status();
  if (session.wants_table()) {
    session.out() << Paint(ShortName(experiment->name()), Tone::kStrong,
                           session.look())
                  << "  " << Printable(experiment->title()) << "\n"
                  << std::flush;
  }
  FollowOptions options;
  options.names = {experiment->name()};
  options.quiet = !session.wants_table();
  options.with_claims = false;
  const auto code = Follow(session, options);
  if (!code.ok() || *code == kInterrupted) return code;
  const auto settled = FetchSettled(session, **client, experiment->name());
  if (!settled.ok()) return settled.status();
  if (session.wants_table()) session.out() << "\n";
  const absl::Status shown = ShowClaims(session, *settled);
  if (!shown.ok()) return shown;
  return AllHold(*settled) ? kDone : kRunOrClaimFailed;
}

}  // namespace

Command CheckVerb() {
  const auto flags = std::make_shared<SourceFlags>();
  Command command;
  command.name = "check";
  command.summary = "Run an experiment and say whether its claims hold";
  command.details =
      "Submits it, watches it, and prints each claim with its source, what "
      "was published and what was measured. The exit code is 0 only if every "
      "claim holds.";
  command.arguments = SourceArguments(flags.get());
  command.examples = {
      {"engram check flagship", "repeat a published comparison"}};
  command.run = [flags](Session& session) { return Check(session, *flags); };
  return command;
}

}  // namespace engram::cli
