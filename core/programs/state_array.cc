#include "core/programs/state_array.h"

namespace engram {

int64_t ElementSize(ElementType type) {
  switch (type) {
    case ElementType::kFloat64:
    case ElementType::kInt64:
      return 8;
    case ElementType::kFloat32:
    case ElementType::kInt32:
      return 4;
    case ElementType::kUint8:
      return 1;
  }
  ENGRAM_EXPECT(false && "unknown element type");
}

int64_t ByteSize(ElementType type, std::span<const int64_t> shape) {
  int64_t size = ElementSize(type);
  for (int64_t extent : shape) size *= extent;
  return size;
}

absl::string_view ElementTypeName(ElementType type) {
  switch (type) {
    case ElementType::kFloat64:
      return "float64";
    case ElementType::kFloat32:
      return "float32";
    case ElementType::kInt64:
      return "int64";
    case ElementType::kInt32:
      return "int32";
    case ElementType::kUint8:
      return "uint8";
  }
  ENGRAM_EXPECT(false && "unknown element type");
}

}  // namespace engram
