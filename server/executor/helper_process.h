#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace engram {

// A child process that is told and tells lines. Its input ends with this
// object, which then waits for its end.
class HelperProcess {
 public:
  static absl::StatusOr<std::unique_ptr<HelperProcess>> Start(
      const std::vector<std::string>& command);
  ~HelperProcess();
  HelperProcess(const HelperProcess&) = delete;
  HelperProcess& operator=(const HelperProcess&) = delete;

  // Adds the end of the line. UNAVAILABLE when the helper has ended. Any
  // thread.
  absl::Status Send(absl::string_view line);
  // The next line, waiting for at most `timeout_ms`; -1: for ever. Nothing when
  // that passed, or with `has_ended()` when there will be none. One thread.
  std::optional<std::string> NextLine(int timeout_ms);
  bool has_ended() const { return has_ended_; }
  // Ends its input: it will end what it started, and itself.
  void CloseInput();

 private:
  HelperProcess(pid_t pid, int in, int out) : pid_(pid), in_(in), out_(out) {}

  const pid_t pid_;
  const int in_;   // we write; a socket, so that its end is an error, no signal
  const int out_;  // we read
  std::string buffer_;
  bool has_ended_ = false;
};

}  // namespace engram
