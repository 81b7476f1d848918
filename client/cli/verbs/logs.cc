#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "client/cli/listing.h"
#include "client/cli/live/feed.h"
#include "client/cli/names.h"
#include "client/cli/paging.h"
#include "client/cli/text/utf8.h"
#include "client/cli/verbs/verbs.h"
#include "client/cli/wire/explain.h"
#include "client/cli/wording.h"

namespace engram::cli {
namespace {

struct Flags {
  std::string run;
  bool follow = false;
};

void Print(Session& session, const v1::LogLine& line) {
  if (session.format() == Format::kJsonl || session.format() == Format::kJson) {
    session.out() << JsonOf(line, false) << "\n" << std::flush;
    return;
  }
  const Look look = session.look();
  const bool warning = line.level() == "warning";
  session.out() << Paint(ClockText(TimeOf(line.time())), Tone::kDim, look)
                << "  "
                << Paint(absl::StrCat("attempt ", line.attempt()), Tone::kDim,
                         look)
                << "  "
                << (warning ? Paint("warning: ", Tone::kWarning, look) : "")
                << Printable(line.text()) << "\n"
                << std::flush;
}

// Lines as they come, until the run has ended.
absl::StatusOr<int> FollowLog(Session& session, Client& client,
                              const std::string& run) {
  v1::WatchRequest request;
  request.add_parents(run);
  request.add_kinds(v1::EVENT_KIND_LOG);
  request.add_kinds(v1::EVENT_KIND_STATE);
  request.set_until_done(true);
  EventFeed feed(&client, &session.host(), request);
  while (!session.host().interrupted()) {
    v1::WatchResponse response;
    const auto outcome = feed.Next(&response, absl::Milliseconds(200));
    if (!outcome.ok()) return outcome.status();
    if (*outcome == EventFeed::Outcome::kDone) return kDone;
    if (*outcome == EventFeed::Outcome::kTimeout) continue;
    for (const auto& event : response.events()) {
      if (event.has_log()) Print(session, event.log());
    }
  }
  return kInterrupted;
}

absl::StatusOr<int> Logs(Session& session, const Flags& flags) {
  auto client = session.client();
  if (!client.ok()) return client.status();
  if (!IsRunName(flags.run)) {
    return absl::InvalidArgumentError(absl::StrCat(
        flags.run, " is an experiment; name a run: ", flags.run, "/0"));
  }
  if (flags.follow) {
    session.host().interrupted();  // from here on Ctrl-C ends in order
    return FollowLog(session, **client, FullName(flags.run));
  }
  v1::ReadLogRequest request;
  request.set_name(FullName(flags.run));
  const auto log = FetchPages(**client, calls::kReadLog, request, 0,
                              [](auto* page) { return page->mutable_lines(); });
  if (!log.ok()) return log.status();
  if (session.format() == Format::kJson) {
    session.out() << JsonOf(*log, true);
    return kDone;
  }
  for (const auto& line : log->lines()) Print(session, line);
  if (log->lines().empty() && session.wants_table()) {
    session.out() << "this run has logged nothing\n";
  }
  return kDone;
}

}  // namespace

Command LogsVerb() {
  const auto flags = std::make_shared<Flags>();
  Command command;
  command.name = "logs";
  command.summary = "Show what a run has logged";
  command.arguments = {
      {"RUN", "", "a run (k7m2q9xw4p/17)", &flags->run, true, Completes::kRun},
      {"-f,--follow", "", "from the first line on, until the run has ended",
       &flags->follow},
  };
  command.run = [flags](Session& session) { return Logs(session, *flags); };
  return command;
}

}  // namespace engram::cli
