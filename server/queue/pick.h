#pragma once

#include <cstdint>
#include <optional>

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
// passed by smaller ones for `pass_limit_us`, then they wait for it; nor does
// any start while room is made for one. A pure function of the books and of
// the time.
std::optional<Pick> PickNext(const Books& books,
                             const Executor::Capacity& capacity,
                             const Queue::Options& options);

// The first in order that could start here; once PickNext gives nothing more,
// the one that everybody else waits behind. Null when there is none.
const Work* FirstInLine(const Books& books, const Executor::Capacity& capacity,
                        int64_t steady_us);

// Whether what becomes free is kept for this work: it has been passed for long
// enough, or room is being made for it.
bool IsKeptFor(const Books& books, const Work& work,
               const Queue::Options& options);

}  // namespace engram
