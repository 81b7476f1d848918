#pragma once

#include <span>

#include "absl/status/status.h"
#include "server/array/chunk.h"

namespace engram::store {
class Blobs;
}

namespace engram {

// Durable when it returns; those that are in the store already cost little.
absl::Status PutChunks(std::span<const Chunk> chunks, store::Blobs& blobs);

}  // namespace engram
