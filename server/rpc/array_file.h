#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engram/v1/datasets.pb.h"
#include "server/array/array_file.h"

namespace engram {

// Formats beside NumPy's. Each reads a whole file and checks it:
// INVALID_ARGUMENT says at which byte or line, what is there and what is
// allowed. The bytes outlive the result.

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
