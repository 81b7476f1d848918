#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "core/programs/state_array.h"

namespace engram {

// A vector whose elements are bytes to a visitor; its size may change.
template <class T>
StateArray BytesOf(std::vector<T>& values) {
  static_assert(std::is_trivially_copyable_v<T>);
  const auto bytes = [&values] {
    return std::as_writable_bytes(std::span(values));
  };
  return {.type = ElementType::kUint8,
          .order = ArrayOrder::kColumnMajor,
          .shape = {static_cast<int64_t>(bytes().size())},
          .unit = "1",
          .bytes = bytes(),
          .resize = [&values, bytes](std::span<const int64_t> shape) {
            values.resize(static_cast<size_t>(shape[0]) / sizeof(T));
            return bytes();
          }};
}

inline StateArray BytesOf(std::span<std::byte> bytes) {
  return {.type = ElementType::kUint8,
          .order = ArrayOrder::kColumnMajor,
          .shape = {static_cast<int64_t>(bytes.size())},
          .unit = "1",
          .bytes = bytes,
          .resize = {}};
}

}  // namespace engram
