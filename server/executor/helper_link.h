#pragma once

#include <sys/types.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace engram {

// The line to a helper (`engram-worker --pool`), which outlives this server.
// The lines themselves are in server/worker/README.md.
class HelperLink {
 public:
  // The version of the lines that this server speaks.
  static constexpr int kProtocol = 1;

  // Connects and is greeted. NOT_FOUND: nobody listens at `path`. UNAVAILABLE:
  // somebody who is no helper of ours, or says nothing for 10 s.
  static absl::StatusOr<std::unique_ptr<HelperLink>> Connect(
      const std::string& path);
  // Hangs up; the helper goes on.
  ~HelperLink();
  HelperLink(const HelperLink&) = delete;
  HelperLink& operator=(const HelperLink&) = delete;

  pid_t pid() const { return pid_; }
  // Of the lines that the helper speaks.
  int protocol() const { return protocol_; }

  // Adds the end of the line. UNAVAILABLE when the helper has ended. Any
  // thread.
  absl::Status Send(absl::string_view line);
  // The next line, waiting for at most `timeout_ms`. Nothing when that passed,
  // or with `has_ended()` when there will be none. One thread.
  std::optional<std::string> NextLine(int timeout_ms);
  bool has_ended() const { return has_ended_; }

 private:
  explicit HelperLink(int fd) : fd_(fd) {}
  absl::Status TakeGreeting();

  const int fd_;
  pid_t pid_ = 0;
  int protocol_ = 0;
  std::string buffer_;
  std::atomic<bool> has_ended_ = false;
};

}  // namespace engram
