#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/cli/session.h"

namespace engram::cli {

struct FollowOptions {
  // Experiments and runs, in any form; none for everything, without an end.
  std::vector<std::string> names;
  // Series to chart; empty for the first one.
  std::string metric;
  // Only waits.
  bool quiet = false;
  // Shows the claims of the experiments at the end.
  bool with_claims = true;
};

// Shows runs until all have ended: in place on a terminal, as lines elsewhere.
// Gives kRunOrClaimFailed when a run did not succeed, and kInterrupted after
// Ctrl-C, having said how to come back.
absl::StatusOr<int> Follow(Session& session, const FollowOptions& options);

}  // namespace engram::cli
