#pragma once

#include "core/base/array.h"
#include "core/tasks/sequence_task.h"

namespace engram {

// (n_units, n_items): 1 where a unit belongs to an item, else 0. What analyses
// of systems take for stored patterns of a sequence.
Array<double> ItemPatterns(const SequenceTask& task, int64_t units);

}  // namespace engram
