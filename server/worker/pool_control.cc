#include "server/worker/pool_control.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace engram {
namespace {

constexpr size_t kMostLineBytes = 8 << 10;
// Of a server that does not read: it is dropped then, and hears all again when
// it comes back.
constexpr size_t kMostUnsentBytes = 1 << 20;
constexpr int kFlushMs = 5000;

absl::StatusOr<sockaddr_un> AddressOf(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return absl::InvalidArgumentError(absl::StrCat(
        path, " has ", path.size(), " bytes; the path of a socket has at most ",
        sizeof address.sun_path - 1));
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

int NewSocket() { return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0); }

bool SomebodyListens(const sockaddr_un& address) {
  const int fd = NewSocket();
  if (fd < 0) return false;
  const bool answers = connect(fd, reinterpret_cast<const sockaddr*>(&address),
                               sizeof address) == 0;
  close(fd);
  return answers;
}

absl::Status BindAndListen(int fd, const sockaddr_un& address) {
  // Nobody else may connect, from the first moment on.
  const mode_t before = umask(S_IXUSR | S_IRWXG | S_IRWXO);
  const bool is_bound = bind(fd, reinterpret_cast<const sockaddr*>(&address),
                             sizeof address) == 0 &&
                        listen(fd, 8) == 0;
  const int error = errno;
  umask(before);
  if (is_bound) return absl::OkStatus();
  return absl::ErrnoToStatus(
      error, absl::StrCat("cannot listen on ", address.sun_path));
}

bool IsOurs(int fd) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
         peer.uid == geteuid();
}

}  // namespace

absl::StatusOr<int> ListenForServer(const std::string& path) {
  const auto address = AddressOf(path);
  if (!address.ok()) return address.status();
  if (SomebodyListens(*address)) {
    return absl::AlreadyExistsError(
        absl::StrCat("another worker pool listens on ", path));
  }
  unlink(path.c_str());
  const int fd = NewSocket();
  if (fd < 0) return absl::ErrnoToStatus(errno, "no socket");
  const absl::Status listening = BindAndListen(fd, *address);
  if (listening.ok()) return fd;
  close(fd);
  return listening;
}

PoolControl::~PoolControl() {
  Drop();
  close(listener_);
}

std::array<pollfd, 2> PoolControl::Polled() const {
  const auto wanted =
      static_cast<short>(unsent_.empty() ? POLLIN : POLLIN | POLLOUT);
  // poll(2) passes over a negative descriptor.
  return {pollfd{listener_, POLLIN, 0}, pollfd{server_, wanted, 0}};
}

std::vector<std::string> PoolControl::Serve(
    const std::array<pollfd, 2>& polled) {
  std::vector<std::string> lines;
  if ((polled[1].revents & POLLOUT) != 0) Send();
  if ((polled[1].revents & ~POLLOUT) != 0) Receive(lines);
  if (polled[0].revents != 0) Accept();
  return lines;
}

void PoolControl::Accept() {
  const int fd =
      accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (fd < 0) return;
  if (!IsOurs(fd)) {
    close(fd);
    return;
  }
  Drop();
  server_ = fd;
  Tell(absl::StrCat("pool ", kPoolProtocol, " ", getpid()));
}

void PoolControl::Drop() {
  if (server_ >= 0) close(std::exchange(server_, -1));
  unread_.clear();
  unsent_.clear();
}

void PoolControl::Receive(std::vector<std::string>& lines) {
  std::array<char, 4096> buffer;
  const ssize_t n =
      server_ < 0 ? 0 : read(server_, buffer.data(), buffer.size());
  if (n < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (n <= 0) return Drop();
  unread_.append(buffer.data(), static_cast<size_t>(n));
  size_t end;
  while ((end = unread_.find('\n')) != std::string::npos) {
    lines.push_back(unread_.substr(0, end));
    unread_.erase(0, end + 1);
  }
  if (unread_.size() <= kMostLineBytes) return;
  Tell(absl::StrCat("error a line of more than ", kMostLineBytes,
                    " bytes: the connection ends"));
  Drop();
}

void PoolControl::Tell(absl::string_view line) {
  if (server_ < 0) return;
  absl::StrAppend(&unsent_, line, "\n");
  Send();
  if (unsent_.size() > kMostUnsentBytes) Drop();
}

void PoolControl::Send() {
  while (server_ >= 0 && !unsent_.empty()) {
    const ssize_t n =
        send(server_, unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) return;
    // Reading finds out that he is gone.
    if (n < 0) return unsent_.clear();
    unsent_.erase(0, static_cast<size_t>(n));
  }
}

void PoolControl::Flush() {
  while (server_ >= 0 && !unsent_.empty()) {
    pollfd fd{server_, POLLOUT, 0};
    const int ready = poll(&fd, 1, kFlushMs);
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return;
    Send();
  }
}

}  // namespace engram
