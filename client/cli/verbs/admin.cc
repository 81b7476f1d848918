#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cli/fields.h"
#include "client/cli/listing.h"
#include "client/cli/names.h"
#include "client/cli/verbs/accounts.h"
#include "client/cli/verbs/verbs.h"
#include "client/cli/wire/explain.h"
#include "client/cli/wording.h"

namespace engram::cli {
namespace {

// The answer to a call that has no list in it.
absl::StatusOr<int> Answer(Session& session,
                           const google::protobuf::Message& message,
                           const std::string& text) {
  switch (session.format()) {
    case Format::kJson:
      session.out() << JsonOf(message, true);
      break;
    case Format::kJsonl:
      session.out() << JsonOf(message, false) << "\n";
      break;
    case Format::kCsv:
      session.out() << RenderCsv(FieldGrid(message));
      break;
    case Format::kName:
      break;  // nothing here has a name
    case Format::kTable:
    case Format::kNpy:
      session.out() << text;
      break;
  }
  return kDone;
}

std::string StatusText(const v1::ServerStatus& s, const Look& look,
                       absl::Time now) {
  Fields fields;
  fields.Add("version", s.version());
  fields.Add("build", ShortHash(s.build()));
  fields.Add("started", AgoOrDash(s.has_start_time(), s.start_time(), now));
  fields.Add("data", s.data_folder());
  fields.Add("database", BytesText(s.database_bytes()));
  fields.Add("free disk", BytesText(s.free_disk_bytes()));
  fields.Add("schema", absl::StrCat(s.schema_version()));
  fields.Add("experiments", CountText(s.experiment_count()));
  fields.Add("runs", absl::StrCat(CountText(s.running_runs()), " running, ",
                                  CountText(s.queued_runs()), " waiting"));
  fields.Add("cpus",
             absl::StrCat(s.cpus_in_use(), " of ", s.cpus(), " in use"));
  fields.Add("memory", absl::StrCat(BytesText(s.memory_bytes_in_use()), " of ",
                                    BytesText(s.memory_bytes()), " in use"));
  if (s.disk_low()) {
    fields.Add(
        "disk",
        absl::StrCat("nearly full: below ", BytesText(s.disk_low_water_bytes()),
                     " free, no run is taken or started"),
        Tone::kWarning);
  }
  if (s.draining()) {
    fields.Add("draining", "yes: no run is started", Tone::kWarning);
  }
  return fields.Render(look);
}

absl::StatusOr<int> Status(Session& session) {
  auto client = session.client();
  if (!client.ok()) return client.status();
  const auto status = (*client)->Call(calls::kGetStatus, {});
  if (!status.ok()) return status.status();
  return Answer(session, *status,
                StatusText(*status, session.look(), session.now()));
}

absl::StatusOr<int> Drain(Session& session, bool off) {
  auto client = session.client();
  if (!client.ok()) return client.status();
  v1::DrainRequest request;
  request.set_drain(!off);
  const auto drained = (*client)->Change(calls::kDrain, request);
  if (!drained.ok()) return drained.status();
  return Answer(
      session, *drained,
      off ? "runs are started again\n"
          : absl::StrCat("no more runs are started; ",
                         CountedText(drained->running_runs(), "run"),
                         " still at work (engram admin drain --off undoes "
                         "it)\n"));
}

absl::StatusOr<int> Backup(Session& session) {
  auto client = session.client();
  if (!client.ok()) return client.status();
  const auto backup = (*client)->Change(calls::kBackup, v1::BackupRequest());
  if (!backup.ok()) return backup.status();
  return Answer(session, *backup,
                absl::StrCat("backup of ", BytesText(backup->byte_size()),
                             " on the server in ", backup->folder(), "\n"));
}

absl::StatusOr<int> Check(Session& session, bool deep) {
  auto client = session.client();
  if (!client.ok()) return client.status();
  v1::CheckRequest request;
  request.set_deep(deep);
  const auto check = (*client)->Call(calls::kCheck, request);
  if (!check.ok()) return check.status();
  std::string text;
  for (const std::string& problem : check->problems()) {
    absl::StrAppend(&text, problem, "\n");
  }
  absl::StrAppend(&text, CountedText(check->runs_read(), "run"), " and ",
                  CountedText(check->chunks_read(), "chunk"), " read: ",
                  check->problems().empty()
                      ? "everything fits together"
                      : CountedText(check->problems_size(), "problem"),
                  "\n");
  const auto code = Answer(session, *check, text);
  if (!code.ok()) return code;
  return check->problems().empty() ? kDone : kRunOrClaimFailed;
}

// A line for each worker build that no run names.
std::string BuildsText(const v1::CollectGarbageResponse& garbage,
                       bool dry_run) {
  std::string text;
  for (const std::string& build : garbage.builds()) {
    absl::StrAppend(&text, "worker build ", ShortHash(build),
                    dry_run ? " would be" : " was", " removed\n");
  }
  return text;
}

absl::StatusOr<int> CollectGarbage(Session& session, bool dry_run) {
  auto client = session.client();
  if (!client.ok()) return client.status();
  v1::CollectGarbageRequest request;
  request.set_dry_run(dry_run);
  const auto garbage = (*client)->Change(calls::kCollectGarbage, request);
  if (!garbage.ok()) return garbage.status();
  return Answer(session, *garbage,
                absl::StrCat(CountedText(garbage->chunk_count(), "chunk"),
                             " of ", BytesText(garbage->byte_size()),
                             dry_run ? " would be" : " were", " removed\n",
                             BuildsText(*garbage, dry_run)));
}

Command Sub(const std::string& name, const std::string& summary,
            std::function<absl::StatusOr<int>(Session&)> run) {
  Command command;
  command.name = name;
  command.summary = summary;
  command.run = std::move(run);
  return command;
}

Command DrainVerb() {
  const auto off = std::make_shared<bool>(false);
  Command command =
      Sub("drain", "Start no more runs; those at work go on",
          [off](Session& session) { return Drain(session, *off); });
  command.arguments = {{"--off", "", "start runs again", off.get()}};
  return command;
}

Command CheckVerbOfAdmin() {
  const auto deep = std::make_shared<bool>(false);
  Command command =
      Sub("check", "Read what is stored and report what does not fit",
          [deep](Session& session) { return Check(session, *deep); });
  command.arguments = {{"--deep", "",
                        "also read every chunk and compare its digest",
                        deep.get()}};
  return command;
}

Command GarbageVerb() {
  const auto dry_run = std::make_shared<bool>(false);
  Command command =
      Sub("gc", "Remove chunks and worker builds that nothing names",
          [dry_run](Session& session) {
            return CollectGarbage(session, *dry_run);
          });
  command.arguments = {{"-n,--dry-run", "", "only count them", dry_run.get()}};
  return command;
}

}  // namespace

Command AdminVerb() {
  Command command;
  command.name = "admin";
  command.summary = "Run the service: users, tokens, quotas, backup";
  command.subcommands = {
      Sub("status", "Show version, load, disk and counts", Status),
      UsersVerb(),
      TokensVerb(),
      QuotaVerb(),
      AuditVerb(),
      DrainVerb(),
      Sub("backup", "Write a consistent copy of both databases", Backup),
      CheckVerbOfAdmin(),
      GarbageVerb()};
  return command;
}

}  // namespace engram::cli
