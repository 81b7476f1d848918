#include "client/cli/terminal.h"

#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>

#include "absl/time/clock.h"

namespace engram::cli {
namespace {

volatile std::sig_atomic_t interrupts = 0;

void OnInterrupt(int) {
  interrupts = interrupts + 1;
  // The first is for the program to act on; who presses again wants out.
  if (interrupts > 1) _exit(130);
}

std::optional<std::string> Variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

Look TerminalLook() {
  Look look;
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    look.width = size.ws_col;
    look.height = size.ws_row;
  } else {
    look.width = 80;
    look.height = 24;
  }
  const auto term = Variable("TERM");
  look.color = term && *term != "dumb";
  return look;
}

// Until somebody asks, Ctrl-C ends the process as it does any other.
bool Interrupted() {
  static const bool armed = [] {
    struct sigaction action {};
    action.sa_handler = OnInterrupt;
    return sigaction(SIGINT, &action, nullptr) == 0;
  }();
  return armed && interrupts > 0;
}

// In short steps, so that Ctrl-C is noticed.
void SleepUnlessInterrupted(absl::Duration duration) {
  constexpr absl::Duration kStep = absl::Milliseconds(50);
  const absl::Time end = absl::Now() + duration;
  while (interrupts == 0 && absl::Now() < end) {
    absl::SleepFor(std::min(kStep, end - absl::Now()));
  }
}

std::string ReadWithoutEcho() {
  termios before{};
  const bool terminal = tcgetattr(STDIN_FILENO, &before) == 0;
  if (terminal) {
    termios silent = before;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  std::string line;
  std::getline(std::cin, line);
  if (terminal) {
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    std::cerr << "\n";
  }
  return line;
}

}  // namespace

Host ThisProcess() {
  // gRPC's own log lines mean nothing to a user: errors come as statuses.
  setenv("GRPC_VERBOSITY", "NONE", 0);
  // A pager that is closed early ends the program in silence.
  std::signal(SIGPIPE, SIG_DFL);
  std::ios::sync_with_stdio(false);

  Host host;
  host.in = &std::cin;
  host.out = &std::cout;
  host.err = &std::cerr;
  host.in_is_terminal = isatty(STDIN_FILENO) == 1;
  host.out_is_terminal = isatty(STDOUT_FILENO) == 1;
  host.environment = Variable;
  host.look = TerminalLook;
  host.now = [] { return absl::Now(); };
  host.sleep = SleepUnlessInterrupted;
  host.interrupted = Interrupted;
  host.connect = ConnectTo;
  host.read_secret = ReadWithoutEcho;
  return host;
}

}  // namespace engram::cli
