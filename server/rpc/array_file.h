#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/programs/recorder.h"
#include "engram/v1/datasets.pb.h"

namespace engram {

// The bytes of a file that a user brings, read a piece at a time.
class FileBytes {
 public:
  virtual ~FileBytes() = default;
  virtual int64_t size() const = 0;
  // Fewer at the end of the file alone.
  virtual absl::StatusOr<std::string> Read(int64_t offset,
                                           int64_t size) const = 0;
};

// Takes the next elements, little-endian; an error ends the reading.
using TakeElements = absl::FunctionRef<absl::Status(absl::string_view)>;

// The array that a file has.
struct ArrayFacts {
  ElementType type = ElementType::kUint8;
  ArrayOrder order = ArrayOrder::kRowMajor;
  std::vector<int64_t> shape;
};

// Each gives the elements in order, in pieces of about 1 MiB, and checks the
// file: INVALID_ARGUMENT says at which byte or line, what is there and what is
// allowed. All but CSV find their faults before they give an element.

// As ReadNpyHeader.
absl::StatusOr<ArrayFacts> ReadNpy(const FileBytes& file, TakeElements take);

// Numbers, one row a line, separated by commas, semicolons or tabs; the first
// line may hold names. Gives a matrix of float64.
absl::StatusOr<ArrayFacts> ReadCsv(const FileBytes& file, TakeElements take);

// The format of MNIST's files (LeCun, Cortes and Burges,
// http://yann.lecun.com/exdb/mnist): big-endian, a magic number, dimensions.
absl::StatusOr<ArrayFacts> ReadIdx(const FileBytes& file, TakeElements take);

// Bytes as they are: a vector of uint8.
absl::StatusOr<ArrayFacts> ReadRaw(const FileBytes& file, TakeElements take);

// By the format's number; INVALID_ARGUMENT for one that does not exist.
absl::StatusOr<ArrayFacts> ReadArrayFile(v1::DatasetFormat format,
                                         const FileBytes& file,
                                         TakeElements take);

// Gives the file from `begin` on, a MiB at a time.
absl::Status ForEachPiece(const FileBytes& file, int64_t begin,
                          TakeElements take);

}  // namespace engram
