#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/columns.h"
#include "client/cli/names.h"
#include "client/cli/text/nearest.h"
#include "client/cli/verbs/verbs.h"
#include "client/cli/wire/explain.h"

namespace engram::cli {
namespace {

struct Flags {
  std::string name;
  std::vector<std::string> add;
  std::vector<std::string> remove;
  std::string notes;
};

absl::Status ChangeTags(const Flags& flags, v1::Experiment* experiment) {
  std::vector<std::string> tags(experiment->tags().begin(),
                                experiment->tags().end());
  for (const std::string& tag : flags.remove) {
    const auto found = std::find(tags.begin(), tags.end(), tag);
    if (found == tags.end()) {
      return absl::NotFoundError(absl::StrCat(ShortName(experiment->name()),
                                              " has no tag ", tag,
                                              DidYouMean(tag, tags)));
    }
    tags.erase(found);
  }
  for (const std::string& tag : flags.add) {
    if (std::find(tags.begin(), tags.end(), tag) == tags.end()) {
      tags.push_back(tag);
    }
  }
  experiment->clear_tags();
  for (const std::string& tag : tags) experiment->add_tags(tag);
  return absl::OkStatus();
}

// Reads, changes and writes with the etag that was read, so that nobody
// else's change is undone.
absl::StatusOr<v1::Experiment> Update(Client& client, const Flags& flags) {
  v1::GetExperimentRequest get;
  get.set_name(FullName(ExperimentId(flags.name)));
  const auto read = client.Call(calls::kGetExperiment, get);
  if (!read.ok()) return read.status();
  v1::UpdateExperimentRequest request;
  v1::Experiment* experiment = request.mutable_experiment();
  experiment->set_name(read->name());
  experiment->set_etag(read->etag());
  *experiment->mutable_tags() = read->tags();
  if (!flags.add.empty() || !flags.remove.empty()) {
    const absl::Status changed = ChangeTags(flags, experiment);
    if (!changed.ok()) return changed;
    request.mutable_update_mask()->add_paths("tags");
  }
  if (!flags.notes.empty()) {
    experiment->set_notes(flags.notes);
    request.mutable_update_mask()->add_paths("notes");
  }
  if (request.update_mask().paths().empty()) return read;
  return client.Change(calls::kUpdateExperiment, request);
}

absl::StatusOr<int> Tag(Session& session, const Flags& flags) {
  constexpr int kTries = 5;
  auto client = session.client();
  if (!client.ok()) return client.status();
  absl::StatusOr<v1::Experiment> experiment = Update(**client, flags);
  for (int i = 1; i < kTries && absl::IsAborted(experiment.status()); ++i) {
    experiment = Update(**client, flags);
  }
  if (!experiment.ok()) return experiment.status();
  const absl::Status shown = PresentOne(
      session, *experiment, ExperimentColumns(session.now()),
      ShortName(experiment->name()), [&] {
        const std::string tags = absl::StrJoin(experiment->tags(), " ");
        return absl::StrCat(ShortName(experiment->name()), ": ",
                            tags.empty() ? "no tags" : tags, "\n");
      });
  if (!shown.ok()) return shown;
  return kDone;
}

}  // namespace

Command TagVerb() {
  const auto flags = std::make_shared<Flags>();
  Command command;
  command.name = "tag";
  command.summary = "Change an experiment's tags and notes";
  command.arguments = {
      {"EXPERIMENT", "", "which one", &flags->name, true,
       Completes::kExperiment},
      {"TAG", "", "tags to add", &flags->add},
      {"-r,--remove", "TAG", "tag to remove", &flags->remove},
      {"--notes", "TEXT", "notes in place of those that are there",
       &flags->notes},
  };
  command.examples = {{"engram tag k7m2 thesis figure-3 --remove draft",
                       "add two tags and remove one"}};
  command.run = [flags](Session& session) { return Tag(session, *flags); };
  return command;
}

}  // namespace engram::cli
