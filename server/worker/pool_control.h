#pragma once

#include <poll.h>

#include <array>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace engram {

// What the first line on every connection says besides the process number. A
// server that speaks another one ends the pool, by `shutdown`, which never
// changes; nor does that line.
constexpr int kPoolProtocol = 1;

// A Unix socket at `path` that the pool's server connects to; mode 0600. What a
// killed pool has left there is replaced. ALREADY_EXISTS: another one listens.
absl::StatusOr<int> ListenForServer(const std::string& path);

// The pool's end of the line to its server: one connection at a time, a newer
// one takes the place of the older. Never blocks but in Flush. One thread.
class PoolControl {
 public:
  // Takes the listening descriptor.
  explicit PoolControl(int listener) : listener_(listener) {}
  ~PoolControl();
  PoolControl(const PoolControl&) = delete;
  PoolControl& operator=(const PoolControl&) = delete;

  bool has_server() const { return server_ >= 0; }
  // What to poll for, the listener first.
  std::array<pollfd, 2> Polled() const;
  // Does what the poll has said, and gives the lines that came.
  std::vector<std::string> Serve(const std::array<pollfd, 2>& polled);
  // Sends a line, as far as there is somebody and he reads.
  void Tell(absl::string_view line);
  // Waits until all is sent, for a few seconds at most.
  void Flush();

 private:
  void Accept();
  void Drop();
  void Send();
  void Receive(std::vector<std::string>& lines);

  const int listener_;
  int server_ = -1;
  std::string unread_;
  std::string unsent_;
};

}  // namespace engram
