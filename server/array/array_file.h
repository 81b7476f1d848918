#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/programs/recorder.h"

namespace engram {

// An array as it lies in a file that a user brings.
struct ArrayFile {
  ElementType type = ElementType::kUint8;
  ArrayOrder order = ArrayOrder::kRowMajor;
  std::vector<int64_t> shape;
  absl::string_view view;  // of the file's bytes, unless
  std::string converted;   // the file has another form (text, big-endian)

  // Little-endian elements.
  absl::string_view bytes() const {
    return converted.empty() ? view : absl::string_view(converted);
  }
};

// Reads a whole file and checks it: INVALID_ARGUMENT says at which byte, what
// is there and what is allowed. The bytes outlive the result. numpy.save of
// versions 1 to 3 (the format is described in NumPy's numpy/lib/format.py, NEP
// 1).
absl::StatusOr<ArrayFile> ReadNpy(absl::string_view file);

}  // namespace engram
