#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/programs/recorder.h"

namespace engram {

// Where a file of numpy.save has its elements, and of what they are.
struct NpyLayout {
  ElementType type = ElementType::kUint8;
  ArrayOrder order = ArrayOrder::kRowMajor;
  std::vector<int64_t> shape;
  int64_t begin = 0;  // of the elements [bytes]
};

// No header is longer.
inline constexpr int64_t kMostNpyHeader = int64_t{1} << 20;

// Reads the header, of versions 1 to 3 (the format is described in NumPy's
// numpy/lib/format.py, NEP 1). `start` has the file's first kMostNpyHeader
// bytes, or all of it. INVALID_ARGUMENT says at which byte, what is there and
// what is allowed; also when elements are missing, or too many.
absl::StatusOr<NpyLayout> ReadNpyHeader(absl::string_view start,
                                        int64_t file_bytes);

}  // namespace engram
