#include "client/cli/verbs/upkeep.h"

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cli/answer.h"
#include "client/cli/live/screen.h"
#include "client/cli/names.h"
#include "client/cli/session.h"
#include "client/cli/text/quantity.h"
#include "client/cli/wire/explain.h"
#include "client/cli/wording.h"

namespace engram::cli {
namespace {

// Whatever reads or copies all that is stored takes as long as it takes.
constexpr absl::Duration kDay = absl::Hours(24);
constexpr absl::Duration kBetweenLooks = absl::Milliseconds(300);

std::string ProgressLine(const v1::ServerStatus& status) {
  if (!status.has_backup()) return "backing up";
  const v1::BackupProgress& backup = status.backup();
  return absl::StrCat("backing up: ", BytesText(backup.done_bytes()),
                      " of about ", BytesText(backup.total_bytes()));
}

// Draws how far the backup is until it is done.
void DrawProgress(Session& session,
                  const std::future<absl::StatusOr<v1::BackupResponse>>& done) {
  auto client = session.OpenClient(absl::Seconds(10));
  if (!client.ok()) return;
  Screen screen(&session.out());
  while (done.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
    const auto status =
        (*client)->Call(calls::kGetStatus, v1::GetStatusRequest());
    if (status.ok()) {
      screen.Draw({ProgressLine(*status)}, session.look().width);
    }
    session.host().sleep(kBetweenLooks);
  }
  screen.Draw({""}, session.look().width);
}

absl::StatusOr<int> Backup(Session& session, const std::string& folder) {
  auto client = session.OpenClient(kDay);
  if (!client.ok()) return client.status();
  v1::BackupRequest request;
  request.set_folder(folder);
  std::future<absl::StatusOr<v1::BackupResponse>> done =
      std::async(std::launch::async, [&client, &request] {
        return (*client)->Change(calls::kBackup, request);
      });
  if (session.host().out_is_terminal && session.wants_table()) {
    DrawProgress(session, done);
  }
  const auto backup = done.get();
  if (!backup.ok()) return backup.status();
  return ShowAnswer(
      session, *backup,
      absl::StrCat("backup of ", CountedText(backup->file_count(), "file"),
                   ", ", BytesText(backup->byte_size()), ", on the server in\n",
                   backup->folder(),
                   "\nrestore it there with: engramd restore ",
                   backup->folder(), " --data NEW_FOLDER\n"));
}

std::string CheckText(const v1::CheckResponse& check) {
  std::string text;
  for (const std::string& problem : check.problems()) {
    absl::StrAppend(&text, "problem: ", problem, "\n");
  }
  absl::StrAppend(&text, CountedText(check.experiments_read(), "experiment"),
                  ", ", CountedText(check.runs_read(), "run"), ", ",
                  CountedText(check.chunks_named(), "chunk"), " named, ",
                  CountText(check.chunks_read()), " compared: ",
                  check.problems().empty()
                      ? "everything fits together"
                      : CountedText(check.problems_size(), "problem"),
                  "\n");
  if (!check.advice().empty()) absl::StrAppend(&text, check.advice(), "\n");
  return text;
}

absl::StatusOr<int> Check(Session& session, bool deep) {
  auto client = session.OpenClient(kDay);
  if (!client.ok()) return client.status();
  v1::CheckRequest request;
  request.set_deep(deep);
  const auto check = (*client)->Call(calls::kCheck, request);
  if (!check.ok()) return check.status();
  const auto code = ShowAnswer(session, *check, CheckText(*check));
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
  auto client = session.OpenClient(kDay);
  if (!client.ok()) return client.status();
  v1::CollectGarbageRequest request;
  request.set_dry_run(dry_run);
  const auto garbage = (*client)->Change(calls::kCollectGarbage, request);
  if (!garbage.ok()) return garbage.status();
  std::string text =
      absl::StrCat(CountedText(garbage->chunk_count(), "chunk"), " of ",
                   BytesText(garbage->byte_size()),
                   dry_run ? " would be" : " were", " removed\n");
  if (garbage->spared_chunk_count() > 0) {
    absl::StrAppend(
        &text, CountedText(garbage->spared_chunk_count(), "chunk"), " of ",
        BytesText(garbage->spared_byte_size()),
        " more that nothing names stay for now: stored or asked for within "
        "the last hour, or the server has not run for an hour\n");
  }
  text += BuildsText(*garbage, dry_run);
  return ShowAnswer(session, *garbage, text);
}

}  // namespace

Command BackupVerb() {
  const auto folder = std::make_shared<std::string>();
  Command command;
  command.name = "backup";
  command.summary = "Write a consistent copy of everything, while runs go on";
  command.details =
      "Copies both databases and the kept worker builds, with a manifest of "
      "digests that `sha256sum -c manifest.txt` checks, too. FOLDER is an "
      "absolute path on the server's machine, made or empty; without it a new "
      "folder below `backup` of the data folder is used. The settings "
      "backup_every and backup_keep make backups by themselves.\n\n"
      "`engramd restore FOLDER --data NEW_FOLDER`, on the machine that is to "
      "serve it, checks every digest and puts the backup in place.";
  command.arguments = {
      {"FOLDER", "", "where to, on the server's machine", folder.get()}};
  command.examples = {
      {"engram admin backup", "into the data folder"},
      {"engram admin backup /srv/backup/engram-1", "onto another disk"}};
  command.run = [folder](Session& session) { return Backup(session, *folder); };
  return command;
}

Command CheckVerbOfAdmin() {
  const auto deep = std::make_shared<bool>(false);
  Command command;
  command.name = "check";
  command.summary = "Read what is stored and report what does not fit";
  command.details =
      "Looks at the databases' pages, at rows that belong together, and "
      "whether every chunk that is named is there. Ends with 0 when everything "
      "fits, with 1 and a line for each problem when not, and says what to do.";
  command.arguments = {{"--deep", "",
                        "also read every tree, series, build and chunk, and "
                        "compare digests",
                        deep.get()}};
  command.run = [deep](Session& session) { return Check(session, *deep); };
  return command;
}

Command GarbageVerb() {
  const auto dry_run = std::make_shared<bool>(false);
  Command command;
  command.name = "gc";
  command.summary = "Remove chunks and worker builds that nothing names";
  command.details =
      "What deleted experiments have left. Chunks that were stored or asked "
      "for within the last hour stay, because a worker may be about to name "
      "them; so does everything in a server's first hour.";
  command.arguments = {{"-n,--dry-run", "", "only count them", dry_run.get()}};
  command.run = [dry_run](Session& session) {
    return CollectGarbage(session, *dry_run);
  };
  return command;
}

}  // namespace engram::cli
