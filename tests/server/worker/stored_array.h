#pragma once

#include <span>
#include <string>
#include <vector>

#include "server/array/manifest.h"
#include "tests/server/worker/fake_keeper.h"

namespace engram {

// A vector of float64.
inline ArrayView ViewOf(const std::vector<double>& values) {
  return {.type = ElementType::kFloat64,
          .order = ArrayOrder::kRowMajor,
          .shape = {static_cast<int64_t>(values.size())},
          .unit = "1",
          .bytes = std::as_bytes(std::span(values))};
}

// Puts it where workers fetch from.
inline v1::ArrayManifest StoreArray(const std::vector<double>& values,
                                    FakeKeeper& keeper) {
  const ArrayView view = ViewOf(values);
  const std::vector<Chunk> chunks = CutIntoChunks(view.bytes);
  for (const Chunk& chunk : chunks) {
    keeper.chunks[chunk.digest] = {
        reinterpret_cast<const char*>(chunk.bytes.data()), chunk.bytes.size()};
  }
  return MakeManifest(view, chunks);
}

}  // namespace engram
