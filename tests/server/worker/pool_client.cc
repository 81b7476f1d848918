#include "tests/server/worker/pool_client.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_split.h"

namespace engram {

PoolClient::PoolClient(const std::string& path)
    : fd_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  EXPECT_EQ(
      connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address),
      0)
      << path << ": " << std::strerror(errno);
}

PoolClient::PoolClient(PoolClient&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)) {}

PoolClient& PoolClient::operator=(PoolClient&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

PoolClient::~PoolClient() { Close(); }

void PoolClient::Close() {
  if (fd_ >= 0) close(std::exchange(fd_, -1));
}

void PoolClient::Tell(const std::string& line) const {
  const std::string text = line + "\n";
  ASSERT_EQ(send(fd_, text.data(), text.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(text.size()));
}

std::vector<std::string> PoolClient::Reply() {
  std::string line;
  char c;
  while (read(fd_, &c, 1) == 1 && c != '\n') line.push_back(c);
  if (line.empty()) return {};
  return absl::StrSplit(line, ' ');
}

std::vector<std::string> PoolClient::ReplyThat(const std::string& begins_with) {
  for (;;) {
    std::vector<std::string> reply = Reply();
    if (reply.empty() || reply[0] == begins_with) return reply;
  }
}

}  // namespace engram
