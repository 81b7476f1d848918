#include "tests/server/executor/fake_helper.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace engram {
namespace {

// No process has so great a number: a signal to it reaches nobody.
constexpr int kNobody = 1 << 23;

void Write(int fd, const std::string& line) {
  const std::string text = line + "\n";
  EXPECT_EQ(send(fd, text.data(), text.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(text.size()));
}

}  // namespace

FakeHelper::FakeHelper(std::string path, Obey obey, std::vector<int> protocols)
    : path_(std::move(path)),
      obey_(std::move(obey)),
      protocols_(std::move(protocols)),
      listener_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path_.data(), path_.size());
  EXPECT_EQ(bind(listener_, reinterpret_cast<const sockaddr*>(&address),
                 sizeof address),
            0);
  EXPECT_EQ(listen(listener_, 8), 0);
  EXPECT_EQ(pipe(wake_), 0);
  thread_ = std::thread([this] { Listen(); });
}

FakeHelper::~FakeHelper() {
  EXPECT_EQ(write(wake_[1], "x", 1), 1);
  thread_.join();
  for (const int fd : {listener_, wake_[0], wake_[1]}) close(fd);
  unlink(path_.c_str());
}

void FakeHelper::Listen() {
  for (;;) {
    pollfd fds[2] = {{listener_, POLLIN, 0}, {wake_[0], POLLIN, 0}};
    poll(fds, 2, -1);
    if (fds[1].revents != 0) return;
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    Serve(fd);
    close(fd);
  }
}

void FakeHelper::Serve(int fd) {
  {
    MutexLock lock(mu_);
    const auto place = std::min<size_t>(static_cast<size_t>(connections_++),
                                        protocols_.size() - 1);
    Write(fd, absl::StrCat("pool ", protocols_[place], " ",
                           kNobody + connections_));
  }
  std::string line;
  for (;;) {
    pollfd fds[2] = {{fd, POLLIN, 0}, {wake_[0], POLLIN, 0}};
    poll(fds, 2, -1);
    char c = 0;
    if (fds[1].revents != 0 || read(fd, &c, 1) != 1) return;
    if (c != '\n') {
      line.push_back(c);
      continue;
    }
    if (!absl::StartsWith(line, "start ") && line != "list") {
      MutexLock lock(mu_);
      heard_.push_back(line);
    }
    const Answer answer = obey_(std::exchange(line, ""));
    if (!answer) return;
    for (const std::string& told : *answer) Write(fd, told);
  }
}

std::vector<std::string> FakeHelper::heard() const {
  MutexLock lock(mu_);
  return heard_;
}

int FakeHelper::connections() const {
  MutexLock lock(mu_);
  return connections_;
}

}  // namespace engram
