#include "server/executor/helper_link.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace engram {
namespace {

constexpr int kGreetingMs = 10'000;

absl::Status Failed(absl::string_view what, int error) {
  return absl::UnavailableError(absl::StrCat(what, ": ", std::strerror(error)));
}

// Connected, or what is in the way.
absl::Status Dial(int fd, const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return absl::UnavailableError(absl::StrCat(
        "the path of the helper's socket has ", path.size(), " bytes (", path,
        "); at most ", sizeof address.sun_path - 1,
        " are possible: give a shorter one with --socket"));
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address),
              sizeof address) == 0) {
    return absl::OkStatus();
  }
  if (errno == ENOENT || errno == ECONNREFUSED) {
    return absl::NotFoundError(absl::StrCat("nobody listens on ", path));
  }
  return Failed(absl::StrCat("cannot connect to ", path), errno);
}

// Workers' tokens go to nobody else.
absl::Status CheckPeer(int fd, const std::string& path) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
    return Failed(absl::StrCat("cannot tell who listens on ", path), errno);
  }
  if (peer.uid == geteuid()) return absl::OkStatus();
  return absl::UnavailableError(
      absl::StrCat(path, " is listened on by a process of user ", peer.uid,
                   ", this server runs as user ", geteuid(),
                   ": end that process, or give "
                   "another place with --socket"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<HelperLink>> HelperLink::Connect(
    const std::string& path) {
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return Failed("cannot make a socket", errno);
  std::unique_ptr<HelperLink> link(new HelperLink(fd));
  absl::Status status = Dial(fd, path);
  if (status.ok()) status = CheckPeer(fd, path);
  if (status.ok()) status = link->TakeGreeting();
  if (!status.ok()) return status;
  return link;
}

HelperLink::~HelperLink() { close(fd_); }

// "pool VERSION PID"; more may follow in later versions.
absl::Status HelperLink::TakeGreeting() {
  const std::string greeting = NextLine(kGreetingMs).value_or("");
  const std::vector<absl::string_view> words = absl::StrSplit(greeting, ' ');
  if (words.size() >= 3 && words[0] == "pool" &&
      absl::SimpleAtoi(words[1], &protocol_) &&
      absl::SimpleAtoi(words[2], &pid_)) {
    return absl::OkStatus();
  }
  return absl::UnavailableError(
      absl::StrCat("the worker pool greets with \"", greeting,
                   "\", not with \"pool VERSION PID\""));
}

absl::Status HelperLink::Send(absl::string_view line) {
  const std::string bytes = absl::StrCat(line, "\n");
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t n =
        send(fd_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Failed("cannot write to the worker pool", errno);
    sent += static_cast<std::size_t>(n);
  }
  return absl::OkStatus();
}

std::optional<std::string> HelperLink::NextLine(int timeout_ms) {
  for (;;) {
    if (const auto end = buffer_.find('\n'); end != std::string::npos) {
      std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return line;
    }
    if (has_ended_) return std::nullopt;
    pollfd ready{.fd = fd_, .events = POLLIN, .revents = 0};
    const int count = poll(&ready, 1, timeout_ms);
    if (count == 0) return std::nullopt;
    if (count < 0 && errno == EINTR) continue;
    char bytes[4096];
    const ssize_t n = count < 0 ? 0 : read(fd_, bytes, sizeof bytes);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      has_ended_ = true;
    } else {
      buffer_.append(bytes, static_cast<std::size_t>(n));
    }
  }
}

}  // namespace engram
