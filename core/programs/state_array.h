#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

#include "core/base/array.h"
#include "core/programs/state_visitor.h"

namespace engram {

template <class T>
constexpr ElementType ElementTypeOf() {
  if constexpr (std::is_same_v<T, double>) {
    return ElementType::kFloat64;
  } else if constexpr (std::is_same_v<T, float>) {
    return ElementType::kFloat32;
  } else if constexpr (std::is_same_v<T, int64_t>) {
    return ElementType::kInt64;
  } else if constexpr (std::is_same_v<T, int32_t>) {
    return ElementType::kInt32;
  } else {
    static_assert(std::is_same_v<T, uint8_t>);
    return ElementType::kUint8;
  }
}

int64_t ElementSize(ElementType type);
int64_t ByteSize(ElementType type, std::span<const int64_t> shape);
absl::string_view ElementTypeName(ElementType type);  // "float64"

// Shape of an Array: (rows) of a vector, (rows, cols) of a matrix.
template <class T>
std::vector<int64_t> ShapeOf(const Array<T>& array) {
  if (array.cols() == 1) return {array.rows()};
  return {array.rows(), array.cols()};
}

// An Array as a program names it for visitors; of fixed size.
template <class T>
StateArray StateOf(Array<T>& array, std::string unit) {
  return {.type = ElementTypeOf<T>(),
          .order = ArrayOrder::kColumnMajor,
          .shape = ShapeOf(array),
          .unit = std::move(unit),
          .bytes = array.bytes(),
          .resize = {}};
}

// An Array as a recorder takes it.
template <class T>
ArrayView ViewOf(const Array<T>& array, std::string unit) {
  return {.type = ElementTypeOf<T>(),
          .order = ArrayOrder::kColumnMajor,
          .shape = ShapeOf(array),
          .unit = std::move(unit),
          .bytes = array.bytes()};
}

}  // namespace engram
