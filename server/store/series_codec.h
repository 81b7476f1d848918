#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/store/point.h"

namespace engram::store {

// Points of one chunk: a write rewrites the last chunk, so a chunk is small
// enough to be rewritten often and large enough to compress.
inline constexpr int64_t kChunkPoints = 1024;

// A chunk as it lies in the database: an engram.store.v1.SeriesChunk in one
// zstd frame. Values and reasons come back to the bit.
std::string EncodePoints(std::span<const SeriesPoint> points);
// DATA_LOSS: damaged, or not a chunk.
absl::StatusOr<std::vector<SeriesPoint>> DecodePoints(absl::string_view bytes);

}  // namespace engram::store
