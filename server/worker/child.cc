#include "server/worker/child.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace engram {
namespace {

constexpr int kTokenFd = 3;
// What a shell answers for a program that cannot be started.
constexpr int kNotStarted = 127;

// Runs in the child, between fork and exec: no allocation, no return.
[[noreturn]] void Become(const char* program, char* const* arguments,
                         int token_fd, pid_t parent) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(kNotStarted);  // it died before the line above
  signal(SIGPIPE, SIG_DFL);
  signal(SIGINT, SIG_DFL);
  signal(SIGHUP, SIG_DFL);
  const int nothing = open("/dev/null", O_RDONLY);
  if (nothing > 0) dup2(nothing, STDIN_FILENO);
  dup2(STDERR_FILENO, STDOUT_FILENO);
  if (token_fd == kTokenFd) {
    fcntl(kTokenFd, F_SETFD, 0);
  } else {
    dup2(token_fd, kTokenFd);
  }
  // Nothing of the pool's is left open in a worker.
  close_range(kTokenFd + 1, ~0U, 0);
  execv(program, arguments);
  perror(program);
  _exit(kNotStarted);
}

// The end to read `token` from. It fits into the pipe, so nobody waits.
absl::StatusOr<int> PipeWith(absl::string_view token) {
  constexpr size_t kMostBytes = 4096;
  if (token.size() > kMostBytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        "a token of ", token.size(), " bytes; at most ", kMostBytes));
  }
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    return absl::ErrnoToStatus(errno, "no pipe for a worker's token");
  }
  const ssize_t written = write(ends[1], token.data(), token.size());
  close(ends[1]);
  if (written == static_cast<ssize_t>(token.size())) return ends[0];
  close(ends[0]);
  return absl::InternalError("a worker's token did not fit into its pipe");
}

std::string HowItEnded(int status) {
  return WIFSIGNALED(status) ? absl::StrCat("signal:", WTERMSIG(status))
                             : absl::StrCat("exit:", WEXITSTATUS(status));
}

}  // namespace

absl::StatusOr<Child> Child::Start(const std::string& program,
                                   std::vector<std::string> arguments,
                                   absl::string_view token) {
  arguments.push_back("--token-fd");
  arguments.push_back(absl::StrCat(kTokenFd));
  std::vector<char*> pointers;
  pointers.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  const absl::StatusOr<int> token_fd = PipeWith(token);
  if (!token_fd.ok()) return token_fd.status();
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid == 0) Become(program.c_str(), pointers.data(), *token_fd, parent);
  const int error = errno;
  close(*token_fd);
  if (pid < 0) return absl::ErrnoToStatus(error, "a worker cannot be started");
  // Here as well as in the child: whoever comes first, the group is there.
  setpgid(pid, pid);
  // glibc 2.36 declares its wrapper without C linkage.
  const int pidfd = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
  if (pidfd >= 0) return Child(pid, pidfd);
  const absl::Status failed =
      absl::ErrnoToStatus(errno, "a worker cannot be watched");
  kill(-pid, SIGKILL);
  waitpid(pid, nullptr, 0);
  return failed;
}

Child::Child(Child&& other) noexcept
    : pid_(other.pid_), pidfd_(std::exchange(other.pidfd_, -1)) {}

Child::~Child() {
  if (pidfd_ >= 0) close(pidfd_);
}

void Child::KillGroup() const { kill(-pid_, SIGKILL); }

int64_t Child::ResidentBytes() const {
  const std::string path = absl::StrCat("/proc/", pid_, "/statm");
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  std::array<char, 256> buffer;
  const ssize_t n = read(fd, buffer.data(), buffer.size());
  close(fd);
  // proc(5): pages, the second number those that are resident, the third those
  // of them that are of files. The kernel can take these back at any time, and
  // a state that a run goes on from is read in that way.
  const std::vector<absl::string_view> fields = absl::StrSplit(
      absl::string_view(buffer.data(), n > 0 ? static_cast<size_t>(n) : 0),
      ' ');
  int64_t pages = 0, of_files = 0;
  if (fields.size() < 3 || !absl::SimpleAtoi(fields[1], &pages) ||
      !absl::SimpleAtoi(fields[2], &of_files)) {
    return 0;
  }
  return (pages - of_files) * sysconf(_SC_PAGESIZE);
}

Child::End Child::Reap() const {
  // The group is killed while the leader's number is still taken: afterwards
  // another group might have it.
  siginfo_t info{};
  waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT);
  KillGroup();
  int status = 0;
  rusage usage{};
  wait4(pid_, &status, 0, &usage);
  return {HowItEnded(status), int64_t{usage.ru_maxrss} * 1024};
}

}  // namespace engram
