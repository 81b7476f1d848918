#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace engram {

struct PoolOptions {
  // Of each worker, after the program that `start` names: its name for itself,
  // then `--attach ADDRESS`; `--cpus N --memory BYTES --token-fd N` follow.
  std::vector<std::string> arguments;
  // Where its server connects to; removed at the end.
  std::string control;
  int listener = -1;  // listens there, from ListenForServer; taken over
  // A worker's resident size may exceed its memory by this: what it needs for
  // itself and for what is not yet acknowledged.
  int64_t slack_bytes = int64_t{256} << 20;
  // Without a server for so long it ends its workers and itself.
  int64_t alone_ms = 600'000;
  // The same when it has neither a worker nor an end of one to tell.
  int64_t idle_alone_ms = 10'000;
  // What the workers say goes to this file, which is emptied when it is larger
  // than the bound; -1: not watched.
  int log_fd = -1;
  int64_t most_log_bytes = int64_t{4} << 20;
};

// Starts and kills worker processes as its server tells it, and tells which has
// ended and how, until it is told to end or nobody has come for too long; then
// kills them all. It outlives its server. README.md has the lines. One thread,
// which must be the only one of the process: it forks.
absl::Status RunPool(const PoolOptions& options);

}  // namespace engram
