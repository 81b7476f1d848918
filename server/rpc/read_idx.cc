#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/rpc/array_file.h"

namespace engram {
namespace {

// Of 255 dimensions.
constexpr int64_t kMostHeader = 4 + 4 * 255;

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

// Each element's bytes the other way round.
void Swap(size_t bytes, std::string& elements) {
  for (auto at = elements.begin(); at != elements.end();
       at += static_cast<std::ptrdiff_t>(bytes)) {
    std::reverse(at, at + static_cast<std::ptrdiff_t>(bytes));
  }
}

}  // namespace

absl::StatusOr<ArrayFacts> ReadIdx(const FileBytes& file, TakeElements take) {
  const auto read = file.Read(0, kMostHeader);
  if (!read.ok()) return read.status();
  const absl::string_view start = *read;
  if (start.size() < 4 || start[0] != 0 || start[1] != 0) {
    return Wrong(0,
                 "an IDX file begins with two zero bytes; this one does "
                 "not (is it still compressed?)");
  }
  const auto element = ElementOf(static_cast<uint8_t>(start[2]));
  if (!element.has_value()) {
    return Wrong(2, absl::StrCat("elements of type ",
                                 int{static_cast<uint8_t>(start[2])},
                                 "; 8 (uint8), 12 (int32), 13 (float32) and "
                                 "14 (float64) can be read"));
  }
  const size_t dimensions = static_cast<uint8_t>(start[3]);
  const size_t begin = 4 + 4 * dimensions;
  if (dimensions == 0 || start.size() < begin) {
    return Wrong(3, absl::StrCat("it says ", dimensions,
                                 " dimensions, whose lengths are not here"));
  }
  ArrayFacts facts{element->type, ArrayOrder::kRowMajor, {}};
  uint64_t wanted = element->bytes;
  for (size_t i = 0; i < dimensions; ++i) {
    const uint32_t length = BigEndian(start.substr(4 + 4 * i, 4));
    if (length == 0 || wanted > (uint64_t{1} << 43) / length) {
      return Wrong(4 + 4 * i, absl::StrCat("a dimension of length ", length));
    }
    wanted *= length;
    facts.shape.push_back(length);
  }
  const uint64_t there = static_cast<uint64_t>(file.size()) - begin;
  if (there != wanted) {
    return Wrong(begin, absl::StrCat("the dimensions promise ", wanted,
                                     " bytes; the file has ", there));
  }
  // A piece has whole elements: their sizes divide its own.
  const absl::Status given = ForEachPiece(file, static_cast<int64_t>(begin),
                                          [&](absl::string_view piece) {
                                            std::string elements(piece);
                                            Swap(element->bytes, elements);
                                            return take(elements);
                                          });
  if (!given.ok()) return given;
  return facts;
}

}  // namespace engram
