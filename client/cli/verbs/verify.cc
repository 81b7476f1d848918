#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/cli/listing.h"
#include "client/cli/live/screen.h"
#include "client/cli/names.h"
#include "client/cli/text/chart.h"
#include "client/cli/text/utf8.h"
#include "client/cli/verbs/verbs.h"
#include "client/cli/wire/explain.h"
#include "client/cli/wording.h"

namespace engram::cli {
namespace {

using v1::Verification;

struct Flags {
  std::string run;
  bool current = false;
};

std::string ProgressLine(const Verification& verification, const Look& look) {
  const v1::Progress& progress = verification.progress();
  if (progress.total() == 0) return "waits for a worker";
  const Bar bar = MakeBar(static_cast<double>(progress.tick()) /
                              static_cast<double>(progress.total()),
                          32);
  return absl::StrCat(Paint(bar.full, Tone::kActive, look),
                      Paint(bar.rest, Tone::kDim, look), "  ", progress.tick(),
                      "/", progress.total(), " ", progress.tick_name());
}

// Asks until it has an outcome. Nothing else is lost when the user leaves.
absl::StatusOr<Verification> Await(Session& session, Client& client,
                                   Verification verification) {
  constexpr absl::Duration kPause = absl::Milliseconds(200);
  Screen screen(&session.out());
  const bool draws = session.host().out_is_terminal && session.wants_table();
  v1::GetVerificationRequest request;
  request.set_name(verification.name());
  while (verification.outcome() == Verification::OUTCOME_PENDING &&
         !session.host().interrupted()) {
    const Look look = session.look();
    if (draws) screen.Draw({ProgressLine(verification, look)}, look.width);
    session.host().sleep(kPause);
    auto next = client.Call(calls::kGetVerification, request);
    if (!next.ok() && !absl::IsUnavailable(next.status())) {
      return next.status();
    }
    if (next.ok()) verification = *std::move(next);
  }
  if (draws) screen.Draw({}, session.look().width);
  return verification;
}

std::string ValueText(bool is_there, double value) {
  return is_there ? absl::StrFormat("%.6g", value) : "absent";
}

// "  rate_hz  stored 4.25, now 4.26 (0.2 %)", a line each, and the tolerance.
std::string ValuesText(const Verification& verification) {
  if (verification.values().empty()) return "";
  std::string text;
  for (const Verification::Value& value : verification.values()) {
    absl::StrAppend(
        &text, "  ", Printable(value.name()), "  stored ",
        ValueText(value.has_stored(), value.stored()), ", now ",
        ValueText(value.has_now(), value.now()),
        value.has_relative_difference()
            ? absl::StrFormat(" (%.3g %%)", 100 * value.relative_difference())
            : "",
        value.is_close() ? "" : "  too far", "\n");
  }
  absl::StrAppendFormat(&text, "  close is within %.3g %%\n",
                        100 * verification.tolerance());
  return text;
}

std::string OutcomeText(const Verification& verification, const Look& look) {
  switch (verification.outcome()) {
    case Verification::OUTCOME_EQUAL:
      return absl::StrCat(Paint("EQUAL", Tone::kGood, look), "  ",
                          CountedText(verification.items_compared(), "item"),
                          " and ", ShortHash(verification.result_hash()),
                          " are the same to the bit\n");
    case Verification::OUTCOME_CLOSE:
      return absl::StrCat(Paint("CLOSE", Tone::kGood, look),
                          "  first: ", Printable(verification.difference()),
                          "\n", ValuesText(verification));
    case Verification::OUTCOME_DIFFERENT:
      return absl::StrCat(Paint("DIFFERENT", Tone::kBad, look), "  ",
                          Printable(verification.difference()), "\n",
                          ValuesText(verification));
    case Verification::OUTCOME_FAILED:
      return absl::StrCat(Paint("FAILED", Tone::kBad, look), "  ",
                          Printable(verification.difference()), "\n");
    default:
      return "pending\n";
  }
}

std::vector<Column<Verification>> Columns() {
  using V = Verification;
  return {
      {"name", "", Align::kLeft,
       [](const V& v) -> Cell { return {ShortName(v.name())}; }},
      {"outcome", "", Align::kLeft,
       [](const V& v) -> Cell {
         return {Verification::Outcome_Name(v.outcome())
                     .substr(sizeof("OUTCOME_") - 1)};
       }},
      {"difference", "", Align::kLeft,
       [](const V& v) -> Cell { return {v.difference()}; }},
      {"items_compared", "", Align::kRight,
       [](const V& v) -> Cell { return {absl::StrCat(v.items_compared())}; }},
      {"result_hash", "", Align::kLeft,
       [](const V& v) -> Cell { return {v.result_hash()}; }},
  };
}

absl::StatusOr<int> Verify(Session& session, const Flags& flags) {
  if (!IsRunName(flags.run)) {
    return absl::InvalidArgumentError(absl::StrCat(
        flags.run, " is an experiment; name a run: ", flags.run, "/0"));
  }
  auto client = session.client();
  if (!client.ok()) return client.status();
  session.host().interrupted();  // from here on Ctrl-C ends in order
  v1::VerifyRunRequest request;
  request.set_name(FullName(flags.run));
  request.set_current(flags.current);
  auto started = (*client)->Change(calls::kVerifyRun, request);
  if (!started.ok()) return started.status();
  const auto verification = Await(session, **client, *std::move(started));
  if (!verification.ok()) return verification.status();
  if (verification->outcome() == Verification::OUTCOME_PENDING) {
    session.err() << "detached; the verification goes on\n";
    return kInterrupted;
  }
  const absl::Status shown = PresentOne(
      session, *verification, Columns(), ShortName(verification->name()),
      [&] { return OutcomeText(*verification, session.look()); });
  if (!shown.ok()) return shown;
  const bool agrees = verification->outcome() == Verification::OUTCOME_EQUAL ||
                      verification->outcome() == Verification::OUTCOME_CLOSE;
  return agrees ? kDone : kRunOrClaimFailed;
}

}  // namespace

Command VerifyVerb() {
  const auto flags = std::make_shared<Flags>();
  Command command;
  command.name = "verify";
  command.summary = "Execute a stored run again and compare it to the bit";
  command.details =
      "Says EQUAL, or the first item and step that differ, with exit code 1. "
      "The "
      "run's own build executes it. With --current today's does, which need "
      "not "
      "give the same bits: what the run found is compared then, and CLOSE when "
      "every value is within the tolerance that is said.";
  command.arguments = {
      {"RUN", "", "a run that has succeeded (k7m2q9xw4p/17)", &flags->run, true,
       Completes::kRun},
      {"--current", "", "with today's build in place of the run's own",
       &flags->current},
  };
  command.run = [flags](Session& session) { return Verify(session, *flags); };
  return command;
}

}  // namespace engram::cli
