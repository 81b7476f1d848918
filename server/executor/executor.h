#pragma once

#include <cstdint>

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
};

}  // namespace engram
