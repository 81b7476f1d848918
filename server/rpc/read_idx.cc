#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/rpc/array_file.h"

namespace engram {
namespace {

absl::Status Wrong(size_t byte, absl::string_view message) {
  return absl::InvalidArgumentError(
      absl::StrCat("IDX, byte ", byte, ": ", message));
}

struct Element {
  ElementType type;
  size_t bytes;
};

std::optional<Element> ElementOf(uint8_t code) {
  switch (code) {
    case 0x08:
      return Element{ElementType::kUint8, 1};
    case 0x0c:
      return Element{ElementType::kInt32, 4};
    case 0x0d:
      return Element{ElementType::kFloat32, 4};
    case 0x0e:
      return Element{ElementType::kFloat64, 8};
    default:
      return std::nullopt;
  }
}

uint32_t BigEndian(absl::string_view bytes) {
  uint32_t value = 0;
  for (const char byte : bytes) {
    value = value << 8 | static_cast<uint8_t>(byte);
  }
  return value;
}

// Each element's bytes the other way round; nothing for single bytes, which
// stay where they are.
std::string Swapped(absl::string_view elements, size_t bytes) {
  if (bytes == 1) return "";
  std::string swapped(elements);
  for (auto at = swapped.begin(); at != swapped.end();
       at += static_cast<std::ptrdiff_t>(bytes)) {
    std::reverse(at, at + static_cast<std::ptrdiff_t>(bytes));
  }
  return swapped;
}

}  // namespace

absl::StatusOr<ArrayFile> ReadIdx(absl::string_view file) {
  if (file.size() < 4 || file[0] != 0 || file[1] != 0) {
    return Wrong(0,
                 "an IDX file begins with two zero bytes; this one does "
                 "not (is it still compressed?)");
  }
  const auto element = ElementOf(static_cast<uint8_t>(file[2]));
  if (!element.has_value()) {
    return Wrong(
        2, absl::StrCat("elements of type ", int{static_cast<uint8_t>(file[2])},
                        "; 8 (uint8), 12 (int32), 13 (float32) and "
                        "14 (float64) can be read"));
  }
  const size_t dimensions = static_cast<uint8_t>(file[3]);
  const size_t begin = 4 + 4 * dimensions;
  if (dimensions == 0 || file.size() < begin) {
    return Wrong(3, absl::StrCat("it says ", dimensions,
                                 " dimensions, whose lengths are not here"));
  }
  ArrayFile array;
  array.type = element->type;
  uint64_t wanted = element->bytes;
  for (size_t i = 0; i < dimensions; ++i) {
    const uint32_t length = BigEndian(file.substr(4 + 4 * i, 4));
    if (length == 0 || wanted > (uint64_t{1} << 43) / length) {
      return Wrong(4 + 4 * i, absl::StrCat("a dimension of length ", length));
    }
    wanted *= length;
    array.shape.push_back(length);
  }
  array.view = file.substr(begin);
  if (array.view.size() != wanted) {
    return Wrong(begin,
                 absl::StrCat("the dimensions promise ", wanted,
                              " bytes; the file has ", array.view.size()));
  }
  array.converted = Swapped(array.view, element->bytes);
  return array;
}

ArrayFile ReadRaw(absl::string_view file) {
  ArrayFile array;
  array.type = ElementType::kUint8;
  array.shape = {static_cast<int64_t>(file.size())};
  array.view = file;
  return array;
}

absl::StatusOr<ArrayFile> ReadArrayFile(v1::DatasetFormat format,
                                        absl::string_view file) {
  switch (format) {
    case v1::DATASET_FORMAT_NPY:
      return ReadNpy(file);
    case v1::DATASET_FORMAT_CSV:
      return ReadCsv(file);
    case v1::DATASET_FORMAT_IDX:
      return ReadIdx(file);
    case v1::DATASET_FORMAT_RAW:
      return ReadRaw(file);
    default:
      break;
  }
  return absl::InvalidArgumentError(
      "the format is not said; there are npy, csv, idx and raw");
}

}  // namespace engram
