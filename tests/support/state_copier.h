#pragma once

#include <cstddef>
#include <cstring>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/programs/state_visitor.h"

namespace engram {

// Saves every array of a state, or with `load` restores what it saved, in the
// same order. Fixed arrays and views are left out.
class StateCopier : public StateVisitor {
 public:
  void State(absl::string_view path, StateArray array) override {
    paths.emplace_back(path);
    shapes.push_back(array.shape);
    if (load) {
      std::memcpy(array.bytes.data(), saved.at(at++).data(),
                  array.bytes.size());
    } else {
      saved.emplace_back(array.bytes.begin(), array.bytes.end());
    }
  }
  void Fixed(absl::string_view, StateArray) override {}
  void View(absl::string_view, ElementType, ArrayOrder, std::vector<int64_t>,
            absl::string_view,
            std::function<void(std::span<std::byte>)>) override {}

  bool load = false;
  size_t at = 0;
  std::vector<std::string> paths;
  std::vector<std::vector<int64_t>> shapes;
  std::vector<std::vector<std::byte>> saved;
};

}  // namespace engram
