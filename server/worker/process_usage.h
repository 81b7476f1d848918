#pragma once

#include <chrono>
#include <cstdint>

namespace engram {

// What this process has used, as the kernel counts it.

// Processor time of all threads since the start of the process.
std::chrono::nanoseconds ProcessCpuTime();

// Forgets the largest resident size so far. Where the kernel does not allow
// that, the peak stays the one since the start of the process.
void ResetPeakResidentBytes();
int64_t PeakResidentBytes();

// What RLIMIT_DATA is compared with: heap, private writable memory, stacks.
int64_t DataBytes();

}  // namespace engram
