#include "server/executor/helper_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"

extern char** environ;

namespace engram {
namespace {

absl::Status Failed(absl::string_view what, int error) {
  return absl::UnavailableError(absl::StrCat(what, ": ", std::strerror(error)));
}

absl::StatusOr<pid_t> Spawn(const std::vector<std::string>& command, int in,
                            int out) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  std::vector<char*> argv;
  for (const std::string& word : command) {
    argv.push_back(const_cast<char*>(word.c_str()));
  }
  argv.push_back(nullptr);
  // The server blocks the signals that it waits for, and Ctrl-C at a terminal
  // is meant for it alone: the helper is told by its input.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  pid_t pid = 0;
  const int error = posix_spawn(&pid, command.front().c_str(), &actions,
                                &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    return Failed(absl::StrCat("cannot start ", command.front()), error);
  }
  return pid;
}

}  // namespace

absl::StatusOr<std::unique_ptr<HelperProcess>> HelperProcess::Start(
    const std::vector<std::string>& command) {
  int input[2];
  int output[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, input) != 0) {
    return Failed("cannot make a socket pair", errno);
  }
  if (pipe2(output, O_CLOEXEC) != 0) {
    const int error = errno;
    close(input[0]);
    close(input[1]);
    return Failed("cannot make a pipe", error);
  }
  const auto pid = Spawn(command, input[1], output[1]);
  close(input[1]);
  close(output[1]);
  if (!pid.ok()) {
    close(input[0]);
    close(output[0]);
    return pid.status();
  }
  return std::unique_ptr<HelperProcess>(
      new HelperProcess(*pid, input[0], output[0]));
}

HelperProcess::~HelperProcess() {
  CloseInput();
  close(in_);
  close(out_);
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void HelperProcess::CloseInput() { shutdown(in_, SHUT_RDWR); }

absl::Status HelperProcess::Send(absl::string_view line) {
  const std::string bytes = absl::StrCat(line, "\n");
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t n =
        send(in_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Failed("cannot write to the worker pool", errno);
    sent += static_cast<std::size_t>(n);
  }
  return absl::OkStatus();
}

std::optional<std::string> HelperProcess::NextLine(int timeout_ms) {
  for (;;) {
    if (const auto end = buffer_.find('\n'); end != std::string::npos) {
      std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return line;
    }
    if (has_ended_) return std::nullopt;
    pollfd ready{.fd = out_, .events = POLLIN, .revents = 0};
    const int count = poll(&ready, 1, timeout_ms);
    if (count == 0) return std::nullopt;
    if (count < 0 && errno == EINTR) continue;
    char bytes[4096];
    const ssize_t n = count < 0 ? 0 : read(out_, bytes, sizeof bytes);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      has_ended_ = true;
    } else {
      buffer_.append(bytes, static_cast<std::size_t>(n));
    }
  }
}

}  // namespace engram
