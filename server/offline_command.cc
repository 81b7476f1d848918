#include "server/offline_command.h"

#include <unistd.h>

#include <cstdio>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/queue/clock.h"
#include "server/rpc/new_admin_token.h"
#include "server/rpc/settings.h"
#include "server/store/restore.h"
#include "server/store/store.h"

namespace engram {
namespace {

// The command's own argument, which stands before the flags; empty: none.
struct Line {
  std::string operand;
  Configuration configuration;
};

absl::StatusOr<Line> ReadLine(std::vector<std::string> rest) {
  Line line;
  if (!rest.empty() && !absl::StartsWith(rest.front(), "-")) {
    line.operand = std::move(rest.front());
    rest.erase(rest.begin());
  }
  auto configuration = ReadConfiguration(rest, ThisMachine());
  if (!configuration.ok()) return configuration.status();
  line.configuration = *std::move(configuration);
  if (!line.configuration.answer.empty()) {
    return absl::InvalidArgumentError("see engramd --help");
  }
  return line;
}

// In place, on a terminal alone.
void DrawProgress(int64_t done_bytes, int64_t total_bytes) {
  if (isatty(STDERR_FILENO) == 0) return;
  std::fprintf(stderr, "\rcopied %lld of %lld MB%s",
               static_cast<long long>(done_bytes / 1'000'000),
               static_cast<long long>(total_bytes / 1'000'000),
               done_bytes == total_bytes ? ", reading them through\n" : "");
}

absl::Status Restore(const Line& line) {
  if (line.operand.empty()) {
    return absl::InvalidArgumentError(
        "which backup? engramd restore BACKUP --data NEW_FOLDER");
  }
  const std::string& data = line.configuration.settings.data;
  const auto restored = store::RestoreBackup(
      line.operand, data, SystemClock().NowUs(), DrawProgress);
  if (!restored.ok()) return restored.status();
  std::printf(
      "restored %d files, %lld bytes, schema %d, every digest as in the "
      "manifest\nserve it with: engramd --data %s\n",
      restored->file_count, static_cast<long long>(restored->byte_size),
      restored->schema_version, data.c_str());
  return absl::OkStatus();
}

absl::Status MakeToken(const Line& line) {
  store::StoreOptions options;
  options.folder = line.configuration.settings.data;
  // A new folder would be made, and its token would open nothing of interest.
  if (access((options.folder / "engram.db").c_str(), F_OK) != 0) {
    return absl::NotFoundError(
        absl::StrCat("there is no service in ", options.folder.string(),
                     ": name its data folder with --data"));
  }
  auto store = store::Store::Open(options);
  if (!store.ok()) return store.status();
  const std::string user = line.operand.empty() ? "admin" : line.operand;
  const auto secret = NewAdminToken(**store, user, SystemClock().NowUs());
  if (!secret.ok()) return secret.status();
  std::printf("%s\n", secret->c_str());
  std::fprintf(stderr,
               "an admin's token of users/%s, shown this once; with the server "
               "running, use it by: engram login\n",
               user.c_str());
  return absl::OkStatus();
}

}  // namespace

std::optional<absl::Status> RunOfflineCommand(
    const std::vector<std::string>& arguments) {
  if (arguments.empty()) return std::nullopt;
  const bool is_restore = arguments[0] == "restore";
  if (!is_restore && arguments[0] != "new-admin-token") return std::nullopt;
  const auto line = ReadLine({arguments.begin() + 1, arguments.end()});
  if (!line.ok()) return line.status();
  return is_restore ? Restore(*line) : MakeToken(*line);
}

}  // namespace engram
