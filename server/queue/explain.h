#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "server/queue/books.h"

namespace engram {

// Why a run that waits at `position` (0: it stands in no line) has not
// started: one sentence, for people.
std::string WhyItWaits(const Books& books, const Work& work, int64_t position,
                       const Executor::Capacity& capacity,
                       const Queue::Options& options);

// Where a run is that a worker has in hand.
std::string WhereItIs(const Books& books, const Work& work, int64_t steady_us);

}  // namespace engram
