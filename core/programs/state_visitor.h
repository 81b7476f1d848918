#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/programs/recorder.h"

namespace engram {

// An array of a program's state, with its storage. `bytes` is re-read after
// `resize`, which an array of fixed size does not have.
struct StateArray {
  ElementType type = ElementType::kFloat64;
  ArrayOrder order = ArrayOrder::kColumnMajor;
  std::vector<int64_t> shape;
  std::string unit;
  std::span<std::byte> bytes;
  std::function<std::span<std::byte>(std::span<const int64_t> shape)> resize;
};

// Named once by Program::VisitState for every array of a run. Checkpoint,
// restore, snapshots, probes and the result hash are visitors.
class StateVisitor {
 public:
  virtual ~StateVisitor() = default;
  // Saved and restored.
  virtual void State(absl::string_view path, StateArray array) = 0;
  // Rebuilt from tree and seed; never in a checkpoint.
  virtual void Fixed(absl::string_view path, StateArray array) = 0;
  // Computed on demand (effective weights); for snapshots and probes. `fill`
  // writes the array of the given shape.
  virtual void View(absl::string_view path, ElementType type, ArrayOrder order,
                    std::vector<int64_t> shape, absl::string_view unit,
                    std::function<void(std::span<std::byte>)> fill) = 0;
};

}  // namespace engram
