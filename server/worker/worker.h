#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "server/worker/cadence.h"
#include "server/worker/link.h"
#include "server/worker/simulation.h"

namespace engram {

struct WorkerOptions {
  std::string address;  // "unix:/path", or "host:port" under TLS
  std::string token;
  int cpus = 1;
  int64_t memory_bytes = 0;  // 0: no bound of its own
  std::string build;
  // Where results wait for the server: exists, and is this process's alone.
  std::string spool_folder;
  Link::Timing timing;
  Cadence::Timing cadence = {};
  // PEM of those that vouch for host:port; empty: those of this machine.
  std::string authorities = "";
};

// Executes attempts, one after the other, on the calling thread until the
// server says quit (OK), refuses the worker, or is gone (UNAVAILABLE).
absl::Status RunWorker(const WorkerOptions& options, MakeSimulation make);

// Cpus that this process may use.
int UsableCpus();

}  // namespace engram
