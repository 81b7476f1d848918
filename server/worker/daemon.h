#pragma once

#include "absl/status/status.h"

namespace engram {

// Goes on in a new process with a session of its own, which outlives whoever
// started this one; this one ends with 0. Standard input is empty then, output
// and errors go to `log_fd` (-1: where errors go now), the folder is the root.
// No other thread may run.
absl::Status BecomeDaemon(int log_fd);

}  // namespace engram
