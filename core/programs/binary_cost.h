#pragma once

#include <cstdint>

#include "core/spec/component.h"

namespace engram {

// What a binary_network will take, for estimates.
double WeightsOf(const Component& network);
double StoreSeconds(const Component& network, double patterns);
double UpdateSeconds(const Component& network);  // one step or sweep
int64_t BinaryMemory(const Component& network, double patterns);  // [bytes]

}  // namespace engram
