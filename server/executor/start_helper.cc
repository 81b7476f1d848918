#include "server/executor/start_helper.h"

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <functional>

#include "absl/strings/str_cat.h"

extern char** environ;

namespace engram {
namespace {

// For a helper to end its workers and say so.
constexpr int kEndMs = 10'000;

absl::StatusOr<pid_t> Spawn(const std::vector<std::string>& command) {
  std::vector<char*> argv;
  for (const std::string& word : command) {
    argv.push_back(const_cast<char*>(word.c_str()));
  }
  argv.push_back(nullptr);
  // The server blocks the signals that it waits for, and Ctrl-C at a terminal
  // is meant for it alone.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  pid_t pid = 0;
  const int error = posix_spawn(&pid, command.front().c_str(), nullptr,
                                &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  if (error == 0) return pid;
  return absl::UnavailableError(absl::StrCat("cannot start ", command.front(),
                                             ": ", std::strerror(error)));
}

absl::Status StartHelper(const std::vector<std::string>& command) {
  const auto pid = Spawn(command);
  if (!pid.ok()) return pid.status();
  int status = 0;
  while (waitpid(*pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(
      command.front(), " --pool cannot start workers: it ",
      WIFEXITED(status)
          ? absl::StrCat("ended with status ", WEXITSTATUS(status))
          : absl::StrCat("was killed by signal ", WTERMSIG(status)),
      "; standard error has its reason"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<HelperLink>> FindOrStartHelper(
    const HelperCommand& command,
    const std::function<void(const std::string&)>& warn) {
  auto found = HelperLink::Connect(command.control);
  if (found.ok() && (*found)->protocol() == HelperLink::kProtocol) {
    return found;
  }
  if (found.ok()) {
    warn(absl::StrCat("a worker pool of another version (its lines are ",
                      (*found)->protocol(), ", ours ", HelperLink::kProtocol,
                      ") is ended with its workers"));
    EndHelper(**found);
  } else if (!absl::IsNotFound(found.status())) {
    return found.status();
  }
  if (auto status = StartHelper(command.words); !status.ok()) return status;
  auto fresh = HelperLink::Connect(command.control);
  if (!fresh.ok() || (*fresh)->protocol() == HelperLink::kProtocol) {
    return fresh;
  }
  // It would be found, ended and started again for ever.
  EndHelper(**fresh);
  return absl::FailedPreconditionError(
      absl::StrCat(command.words.front(),
                   " is of another version than this server: the "
                   "lines of its worker pool are ",
                   (*fresh)->protocol(), ", ours ", HelperLink::kProtocol,
                   "; install both of one version"));
}

void EndHelper(HelperLink& helper) {
  helper.Send("shutdown").IgnoreError();
  while (helper.NextLine(kEndMs)) {
  }
  // The kernel ends its workers with it.
  if (!helper.has_ended()) kill(helper.pid(), SIGKILL);
}

}  // namespace engram
