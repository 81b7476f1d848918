#include "server/rpc/private_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "absl/strings/str_cat.h"

namespace engram {

absl::Status MakePrivateFolder(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return absl::OkStatus();
  if (path.has_parent_path()) {
    std::filesystem::create_directories(path.parent_path(), error);
  }
  if (error || (mkdir(path.c_str(), S_IRWXU) != 0 && errno != EEXIST)) {
    return absl::FailedPreconditionError(absl::StrCat(
        "cannot make the folder ", path.string(), ": ",
        error ? error.message() : std::string(strerror(errno)),
        "; give another with --data, or permission to write there"));
  }
  return absl::OkStatus();
}

absl::Status CloseToOthers(const std::filesystem::path& path) {
  struct stat found = {};
  bool is_done = stat(path.c_str(), &found) == 0;
  if (is_done && found.st_uid == geteuid() &&
      (found.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    is_done = chmod(path.c_str(), S_IRWXU) == 0;
  }
  if (is_done) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "cannot make the folder ", path.string(), " its owner's alone: ",
      strerror(errno), "; give another with --data, or run chmod 700 on it"));
}

}  // namespace engram
