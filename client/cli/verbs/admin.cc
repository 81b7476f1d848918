#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cli/answer.h"
#include "client/cli/fields.h"
#include "client/cli/listing.h"
#include "client/cli/names.h"
#include "client/cli/verbs/accounts.h"
#include "client/cli/verbs/upkeep.h"
#include "client/cli/verbs/verbs.h"
#include "client/cli/wire/explain.h"
#include "client/cli/wording.h"

namespace engram::cli {
namespace {

std::string StatusText(const v1::ServerStatus& s, const Look& look,
                       absl::Time now) {
  Fields fields;
  fields.Add("version", s.version());
  fields.Add("build", ShortHash(s.build()));
  fields.Add("started", AgoOrDash(s.has_start_time(), s.start_time(), now));
  fields.Add("data", s.data_folder());
  fields.Add("database", BytesText(s.database_bytes()));
  fields.Add("free disk", BytesText(s.free_disk_bytes()));
  fields.Add("last backup",
             AgoOrDash(s.has_last_backup_time(), s.last_backup_time(), now));
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
  return ShowAnswer(session, *status,
                    StatusText(*status, session.look(), session.now()));
}

absl::StatusOr<int> Drain(Session& session, bool off) {
  auto client = session.client();
  if (!client.ok()) return client.status();
  v1::DrainRequest request;
  request.set_drain(!off);
  const auto drained = (*client)->Change(calls::kDrain, request);
  if (!drained.ok()) return drained.status();
  return ShowAnswer(
      session, *drained,
      off ? "runs are started again\n"
          : absl::StrCat("no more runs are started; ",
                         CountedText(drained->running_runs(), "run"),
                         " still at work (engram admin drain --off undoes "
                         "it)\n"));
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
      BackupVerb(),
      CheckVerbOfAdmin(),
      GarbageVerb()};
  return command;
}

}  // namespace engram::cli
