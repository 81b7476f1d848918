#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "server/queue/books.h"

namespace engram {

// Which work goes to which worker.
struct Pick {
  int64_t work = 0;
  int64_t worker = 0;
};

// The next assignment, in order: to a worker that is idle when there is room
// for the run's cpus and memory; else, for short runs of known length, into the
// hand of a busy one. Nothing when none can be made. A run that does not fit is
// passed by smaller ones for `pass_limit_us`, then they wait for it.
std::optional<Pick> PickNext(Books& books, const Executor::Capacity& capacity,
                             const Queue::Options& options);

// Why a run that is in the line at `position` has not started; for people.
std::string WhyItWaits(const Books& books, const Work& work, int64_t position,
                       const Executor::Capacity& capacity);

}  // namespace engram
