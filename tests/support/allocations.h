#pragma once

#include <cstddef>
#include <cstdint>

namespace engram {

// Calls of operator new so far, in all threads. A test binary that asks links
// tests/support/allocations.cc, which replaces the global operators.
int64_t AllocationCount();

// From now on operator new gives memory that starts `bytes` (a multiple of 16,
// below 1024) behind where it otherwise would, as far as alignment allows.
void ShiftAllocations(size_t bytes);

}  // namespace engram
