#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/executor/helper_link.h"

namespace engram {

// How a helper is started, and where it listens then.
struct HelperCommand {
  // Ends with 0 once the helper listens; that one has gone into the background:
  // "/usr/bin/engram-worker", "--pool", "--control", control, ...
  std::vector<std::string> words;
  std::string control;
};

// The helper that is there already, else a fresh one. One that speaks other
// lines is ended first, and its workers with it. `warn` hears of that.
// FAILED_PRECONDITION: the fresh one speaks other lines, too.
absl::StatusOr<std::unique_ptr<HelperLink>> FindOrStartHelper(
    const HelperCommand& command,
    const std::function<void(const std::string&)>& warn);

// Asks the helper to end and waits for that; kills it when it does not.
void EndHelper(HelperLink& helper);

}  // namespace engram
