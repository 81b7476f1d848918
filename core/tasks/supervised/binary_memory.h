#pragma once

#include <cstdint>
#include <span>

#include "core/spec/component.h"

namespace engram {

// Whether a task asks about the last n of a stream of bits: n_parity, n_dms.
bool IsBinaryMemory(const Component& task);

// What such a task's readout for n should answer after these bits, of which
// there are n at least.
int32_t LabelOfBits(const Component& task, std::span<const uint8_t> bits,
                    int64_t n);

}  // namespace engram
