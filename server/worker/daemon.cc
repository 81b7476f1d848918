#include "server/worker/daemon.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace engram {

absl::Status BecomeDaemon(int log_fd) {
  const pid_t pid = fork();
  if (pid < 0) {
    return absl::ErrnoToStatus(errno, "no process of its own can be started");
  }
  if (pid > 0) _exit(0);
  setsid();
  // So that no folder is kept from being removed or unmounted.
  if (chdir("/") != 0) return absl::ErrnoToStatus(errno, "cannot enter /");
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (nothing > STDIN_FILENO) {
    dup2(nothing, STDIN_FILENO);
    close(nothing);
  }
  if (log_fd >= 0) dup2(log_fd, STDERR_FILENO);
  dup2(STDERR_FILENO, STDOUT_FILENO);
  return absl::OkStatus();
}

}  // namespace engram
