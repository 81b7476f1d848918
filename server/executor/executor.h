#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "absl/strings/string_view.h"

namespace engram {

// Owns cpus and bytes: where worker processes come from. Thread-safe; calls
// return at once. Ends of workers are reported to Queue::WorkerEnded.
class Executor {
 public:
  struct Capacity {
    int cpus = 1;
    int64_t memory_bytes = 0;
  };

  virtual ~Executor() = default;
  // What all of its workers together may use.
  virtual Capacity capacity() const = 0;
  // Kills the process group of a worker; its end is reported when it is dead.
  virtual void Kill(int64_t worker) = 0;
  // Whether a worker of that build, other than today's, can be started.
  virtual bool HasBuild(absl::string_view /*build*/) const { return false; }
  // The builds besides today's of which a worker is wanted, one each, in place
  // of those said before. A worker that is not wanted any more is told to quit
  // by whom it is attached to.
  virtual void WantBuilds(const std::set<std::string>& /*builds*/) {}
};

}  // namespace engram
