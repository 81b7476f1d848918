#pragma once

#include <cstdint>
#include <optional>

#include "server/queue/books.h"

namespace engram {

// In how many seconds a run that stands in line starts when every run takes as
// long as expected, none is passed and none makes room. Nothing when that is
// not known of a run before it, or it could not start at all. Linear in its
// place.
std::optional<double> ExpectedWait(const Books& books, const Work& work,
                                   const Executor::Capacity& capacity,
                                   int64_t steady_us);

}  // namespace engram
