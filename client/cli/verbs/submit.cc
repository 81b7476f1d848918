#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cli/columns.h"
#include "client/cli/estimate.h"
#include "client/cli/live/follow.h"
#include "client/cli/names.h"
#include "client/cli/source.h"
#include "client/cli/text/utf8.h"
#include "client/cli/verbs/verbs.h"
#include "client/cli/wire/explain.h"

namespace engram::cli {
namespace {

struct Flags {
  SourceFlags source;
  std::vector<std::string> tags;
  std::string notes;
  int64_t priority = 0;
  bool urgent = false;
  bool wait = false;
  bool follow = false;
  bool dry_run = false;
  std::string metric;
};

v1::CreateExperimentRequest Request(const Flags& flags,
                                    v1::ExperimentSource source) {
  v1::CreateExperimentRequest request;
  *request.mutable_source() = std::move(source);
  for (const std::string& tag : flags.tags) request.add_tags(tag);
  request.set_notes(flags.notes);
  request.set_priority(static_cast<int32_t>(flags.priority));
  request.set_urgent(flags.urgent);
  return request;
}

std::string Receipt(const v1::Experiment& experiment, const Look& look) {
  return absl::StrCat(Paint(ShortName(experiment.name()), Tone::kStrong, look),
                      "  ", Printable(experiment.title()), ": ",
                      CountedText(experiment.run_count(), "run"), " queued\n");
}

absl::StatusOr<int> Submit(Session& session, const Flags& flags) {
  if (flags.priority < -100 || flags.priority > 100) {
    return absl::InvalidArgumentError(
        absl::StrCat("--priority ", flags.priority, " is outside [-100, 100]"));
  }
  auto source = ReadSource(session, flags.source);
  if (!source.ok()) return source.status();
  if (flags.dry_run) return ShowEstimate(session, *source);
  auto client = session.client();
  if (!client.ok()) return client.status();
  const auto experiment = (*client)->Change(calls::kCreateExperiment,
                                            Request(flags, *std::move(source)));
  if (!experiment.ok()) return experiment.status();
  const bool stays = flags.wait || flags.follow;
  const absl::Status shown =
      PresentOne(session, *experiment, ExperimentColumns(session.now()),
                 ShortName(experiment->name()), [&] {
                   std::string text = Receipt(*experiment, session.look());
                   if (!stays) {
                     absl::StrAppend(&text, "watch it with: engram watch ",
                                     ShortName(experiment->name()), "\n");
                   }
                   return text;
                 });
  if (!shown.ok()) return shown;
  if (!stays) return kDone;
  session.out().flush();
  FollowOptions options;
  options.names = {experiment->name()};
  options.metric = flags.metric;
  options.quiet = !flags.follow || !session.wants_table();
  return Follow(session, options);
}

}  // namespace

Command SubmitVerb() {
  const auto flags = std::make_shared<Flags>();
  Command command;
  command.name = "submit";
  command.summary = "Submit an experiment";
  command.details =
      "The text is sent as it is; the server checks it and answers with every "
      "fault at once, or queues all runs. Once this has answered, the "
      "experiment is stored for good.\n\nWith --wait or --follow the exit "
      "code is 1 unless every run succeeds; Ctrl-C detaches, the runs go on.";
  command.arguments = SourceArguments(&flags->source);
  const std::vector<Argument> more = {
      {"-t,--tag", "TAG", "tag to find it by", &flags->tags},
      {"--notes", "TEXT", "notes for people", &flags->notes},
      {"--priority", "N", "order among your own runs, -100 to 100",
       &flags->priority},
      {"--urgent", "", "before everybody else's runs; admins only",
       &flags->urgent},
      {"--wait", "", "wait until all runs have ended", &flags->wait},
      {"-f,--follow", "", "watch until all runs have ended", &flags->follow},
      {"--metric", "NAME", "series to chart with --follow", &flags->metric},
      {"-n,--dry-run", "",
       "submit nothing; say how many runs, how long, how large",
       &flags->dry_run},
  };
  command.arguments.insert(command.arguments.end(), more.begin(), more.end());
  command.examples = {
      {"engram submit rules.yaml --follow", "submit a file and watch it"},
      {"engram submit flagship --seeds 1..3 --tag try",
       "a preset with three seeds"},
      {"engram submit rules.yaml --set experiment.network.units=200 "
       "--sweep 'experiment.rule.eta={log: [1e-6, 1e-4], points: 5}'",
       "change a value and add an axis"}};
  command.run = [flags](Session& session) { return Submit(session, *flags); };
  return command;
}

}  // namespace engram::cli
