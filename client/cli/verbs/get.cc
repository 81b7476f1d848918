#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/claims.h"
#include "client/cli/columns.h"
#include "client/cli/fields.h"
#include "client/cli/files/records.h"
#include "client/cli/names.h"
#include "client/cli/output_order.h"
#include "client/cli/verbs/verbs.h"
#include "client/cli/wire/explain.h"
#include "client/cli/wording.h"

namespace engram::cli {
namespace {

struct Flags {
  std::string name;
  bool text = false;
  bool tree = false;
  std::string inputs;
};

std::string WhenText(bool present, const google::protobuf::Timestamp& time,
                     absl::Time now) {
  if (!present) return "";
  return absl::StrCat(ClockText(TimeOf(time)), "  (",
                      AgoText(TimeOf(time), now), ")");
}

std::string ResourcesText(const v1::Resources& resources) {
  std::vector<std::string> parts = {CountedText(resources.cpus(), "cpu")};
  if (resources.memory_bytes() > 0) {
    parts.push_back(BytesText(resources.memory_bytes()));
  }
  if (resources.has_time()) {
    parts.push_back(DurationText(DurationOf(resources.time())));
  }
  return absl::StrJoin(parts, ", ");
}

std::string ExperimentText(const v1::Experiment& e, const Look& look,
                           absl::Time now) {
  Fields fields;
  fields.Add("experiment", ShortName(e.name()), Tone::kStrong);
  fields.Add("title", e.title());
  fields.Add("owner", ShortName(e.owner()));
  const Cell progress = ProgressOf(e);
  fields.Add("runs", progress.text, progress.tone);
  fields.AddIf("axes", absl::StrJoin(e.axes(), ", "));
  fields.AddIf("preset", e.preset());
  fields.AddIf("tags", absl::StrJoin(e.tags(), " "));
  fields.AddIf("notes", e.notes());
  fields.AddIf("after", ShortName(e.after()));
  if (e.priority() != 0) fields.Add("priority", absl::StrCat(e.priority()));
  fields.Add("resources", ResourcesText(e.resources()));
  fields.AddIf("submitted",
               WhenText(e.has_create_time(), e.create_time(), now));
  fields.AddIf("ended", WhenText(e.has_end_time(), e.end_time(), now));
  fields.Add("stored", BytesText(e.stored_bytes()));
  fields.Add("hash", e.experiment_hash());
  std::string text = fields.Render(look);
  if (e.claims_size() > 0) {
    absl::StrAppend(&text, "\n", ClaimsText(e, look));
  }
  return text;
}

std::string ValuesTable(const v1::Run& run, const OutputOrder& order,
                        const Look& look) {
  std::string text;
  if (run.varying_size() > 0) {
    Table table({{"parameter"}, {"value"}});
    const std::map<std::string, google::protobuf::Value> sorted(
        run.varying().begin(), run.varying().end());
    for (const auto& [path, value] : sorted) {
      table.AddRow({{path}, {ValueText(value)}});
    }
    absl::StrAppend(&text, "\n", table.Render(look));
  }
  if (run.summary_size() > 0) {
    Table table({{"result"}, {"value", Align::kRight}, {"unit"}});
    for (const std::string& name : order.Sorted(run.summary())) {
      const v1::SummaryValue& value = run.summary().at(name);
      table.AddRow({{name},
                    {SummaryText(value)},
                    {value.unit() == "1" ? "" : value.unit()}});
    }
    absl::StrAppend(&text, "\n", table.Render(look));
  }
  return text;
}

std::string RunText(const v1::Run& run, const OutputOrder& order,
                    const Look& look, absl::Time now) {
  Fields fields;
  fields.Add("run", ShortName(run.name()), Tone::kStrong);
  fields.Add("title", run.title());
  fields.Add("owner", ShortName(run.owner()));
  const Cell state = StateCell(run.state());
  fields.Add("state", state.text, state.tone);
  fields.AddIf("because",
               absl::StrCat(run.state_reason(),
                            run.state_actor().empty()
                                ? ""
                                : absl::StrCat(" (", run.state_actor(), ")")));
  if (run.has_error()) {
    fields.Add("error",
               absl::StrCat(run.error().reason(), ": ", run.error().message()),
               Tone::kBad);
  }
  fields.Add("seed", absl::StrCat(run.seed()));
  fields.AddIf("submitted",
               WhenText(run.has_create_time(), run.create_time(), now));
  fields.AddIf("started",
               WhenText(run.has_start_time(), run.start_time(), now));
  fields.AddIf("ended", WhenText(run.has_end_time(), run.end_time(), now));
  if (run.has_start_time() && run.has_end_time()) {
    fields.Add("took",
               DurationText(TimeOf(run.end_time()) - TimeOf(run.start_time())));
  }
  fields.Add("attempts", absl::StrCat(run.attempt_count()));
  fields.Add("resources", ResourcesText(run.resources()));
  fields.AddIf("tags", absl::StrJoin(run.tags(), " "));
  fields.Add("run hash", run.run_hash());
  fields.AddIf("result hash", run.result_hash());
  fields.AddIf("build", ShortHash(run.build()));
  return fields.Render(look) + ValuesTable(run, order, look);
}

std::string EndText(const v1::Attempt& attempt) {
  if (!attempt.has_end_time()) return "runs";
  // QUEUED: it saved its state for the next one.
  if (attempt.end_state() == v1::RUN_STATE_QUEUED) return "yielded";
  return StateCell(attempt.end_state()).text;
}

// What became of each attempt, when the run needed more than one.
absl::StatusOr<std::string> AttemptsText(Client& client, const v1::Run& run,
                                         const Look& look) {
  if (run.attempt_count() < 2) return std::string();
  v1::ListAttemptsRequest request;
  request.set_name(run.name());
  const auto attempts = client.Call(calls::kListAttempts, request);
  if (!attempts.ok()) return attempts.status();
  Table table({{"attempt", Align::kRight},
               {"from tick", Align::kRight},
               {"end"},
               {"worker"},
               {"because"}});
  for (const v1::Attempt& attempt : attempts->attempts()) {
    const std::string& name = attempt.name();
    table.AddRow({{name.substr(name.rfind('/') + 1)},
                  {absl::StrCat(attempt.resumed_tick())},
                  {EndText(attempt)},
                  {attempt.worker()},
                  {attempt.error().message()}});
  }
  return absl::StrCat("\n", table.Render(look));
}

// Each array that the run reads from outside its tree, as FOLDER/DIGEST.npy.
absl::Status WriteInputs(Session& session, Client& client,
                         const std::string& run, const std::string& folder) {
  v1::ListInputsRequest request;
  request.set_name(run);
  const auto inputs = client.Call(calls::kListInputs, request);
  if (!inputs.ok()) return inputs.status();
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    return absl::InvalidArgumentError(
        absl::StrCat(folder, " cannot be made: ", error.message()));
  }
  for (const v1::RunInput& input : inputs->inputs()) {
    v1::ReadArrayRequest read;
    read.set_name(run);
    read.set_input(input.manifest().digest());
    const std::string file = absl::StrCat(
        folder, "/", absl::BytesToHexString(input.manifest().digest()), ".npy");
    const absl::Status saved = SaveNpy(client, read, file);
    if (!saved.ok()) return saved;
    session.err() << "wrote " << file << ": " << input.name() << "\n";
  }
  return absl::OkStatus();
}

absl::StatusOr<int> GetRun(Session& session, Client& client,
                           const Flags& flags) {
  if (flags.text) {
    return absl::InvalidArgumentError(
        "--text is for experiments; a run has --tree");
  }
  v1::GetRunRequest request;
  request.set_name(FullName(flags.name));
  request.set_full(flags.tree || !session.wants_table());
  const auto run = client.Call(calls::kGetRun, request);
  if (!run.ok()) return run.status();
  if (!flags.inputs.empty()) {
    const absl::Status written =
        WriteInputs(session, client, run->name(), flags.inputs);
    if (!written.ok()) return written;
  }
  if (flags.tree) {
    session.out() << run->tree_json() << "\n";
    return kDone;
  }
  absl::StatusOr<std::string> attempts = std::string();
  if (session.wants_table()) {
    attempts = AttemptsText(client, *run, session.look());
  }
  if (!attempts.ok()) return attempts.status();
  const absl::Status shown =
      PresentOne(session, *run, RunColumns({*run}, session.now()),
                 ShortName(run->name()), [&] {
                   return RunText(*run, FetchOutputOrder(client),
                                  session.look(), session.now()) +
                          *attempts;
                 });
  if (!shown.ok()) return shown;
  return kDone;
}

absl::StatusOr<int> Get(Session& session, const Flags& flags) {
  auto client = session.client();
  if (!client.ok()) return client.status();
  if (IsRunName(flags.name)) return GetRun(session, **client, flags);
  if (!flags.inputs.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--inputs writes what one run reads; name a run: ", flags.name, "/0"));
  }
  v1::GetExperimentRequest request;
  request.set_name(FullName(flags.name));
  const auto experiment = (*client)->Call(calls::kGetExperiment, request);
  if (!experiment.ok()) return experiment.status();
  if (flags.text || flags.tree) {
    session.out() << (flags.text ? experiment->text()
                                 : experiment->canonical_json() + "\n");
    return kDone;
  }
  const absl::Status shown = PresentOne(
      session, *experiment, ExperimentColumns(session.now()),
      ShortName(experiment->name()), [&] {
        return ExperimentText(*experiment, session.look(), session.now());
      });
  if (!shown.ok()) return shown;
  return kDone;
}

}  // namespace

Command GetVerb() {
  const auto flags = std::make_shared<Flags>();
  Command command;
  command.name = "get";
  command.summary = "Show an experiment or a run in full";
  command.arguments = {
      {"NAME", "", "an experiment (k7m2q9xw4p) or a run (k7m2q9xw4p/17)",
       &flags->name, true, Completes::kExperimentOrRun},
      {"--text", "", "the experiment's text, as it was sent", &flags->text},
      {"--tree", "", "JSON with every default filled in", &flags->tree},
      {"--inputs", "FOLDER",
       "write the arrays that the run reads there, for engram-worker --once",
       &flags->inputs},
  };
  command.examples = {
      {"engram get k7m2 --text | engram submit -",
       "submit the same experiment again"},
      {"engram get k7m2/17 --tree --inputs in > tree.json",
       "all that engram-worker --once tree.json --inputs in takes"}};
  command.run = [flags](Session& session) { return Get(session, *flags); };
  return command;
}

}  // namespace engram::cli
