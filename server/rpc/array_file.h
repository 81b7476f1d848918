#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/programs/recorder.h"
#include "engram/v1/datasets.pb.h"

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

// Each reads a whole file and checks it: INVALID_ARGUMENT says at which byte
// or line, what is there and what is allowed. The bytes outlive the result.

// numpy.save of versions 1 to 3 (the format is described in NumPy's
// numpy/lib/format.py, NEP 1).
absl::StatusOr<ArrayFile> ReadNpy(absl::string_view file);

// Numbers, one row a line, separated by commas, semicolons or tabs; the first
// line may hold names. Gives a matrix of float64.
absl::StatusOr<ArrayFile> ReadCsv(absl::string_view file);

// The format of MNIST's files (LeCun, Cortes and Burges,
// http://yann.lecun.com/exdb/mnist): big-endian, a magic number, dimensions.
absl::StatusOr<ArrayFile> ReadIdx(absl::string_view file);

// Bytes as they are: a vector of uint8.
ArrayFile ReadRaw(absl::string_view file);

// By the format's number; INVALID_ARGUMENT for one that does not exist.
absl::StatusOr<ArrayFile> ReadArrayFile(v1::DatasetFormat format,
                                        absl::string_view file);

}  // namespace engram
