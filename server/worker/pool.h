#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace engram {

struct PoolOptions {
  // What is started for each worker. The first argument is its name for
  // itself; `--cpus N --memory BYTES --token-fd N` follow them.
  std::string program;
  std::vector<std::string> arguments;
  int in_fd = 0;   // commands
  int out_fd = 1;  // what happened
  // A worker's resident size may exceed its memory by this: what it needs for
  // itself and for what is not yet acknowledged.
  int64_t slack_bytes = int64_t{256} << 20;
};

// Starts and kills worker processes as told on `in_fd`, and says on `out_fd`
// which has ended and how, until `in_fd` ends; then kills them all. README.md
// has the lines. One thread, which must be the only one of the process: it
// forks.
absl::Status RunPool(const PoolOptions& options);

}  // namespace engram
