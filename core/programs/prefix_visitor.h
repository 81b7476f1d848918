#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/programs/state_visitor.h"

namespace engram {

// Names the arrays of a program within another one: "trial" becomes
// "solutions.hebbian.trial".
class PrefixVisitor final : public StateVisitor {
 public:
  PrefixVisitor(std::string prefix, StateVisitor& outer)
      : prefix_(std::move(prefix)), outer_(outer) {}

  void State(absl::string_view path, StateArray array) override {
    outer_.State(absl::StrCat(prefix_, path), std::move(array));
  }
  void Fixed(absl::string_view path, StateArray array) override {
    outer_.Fixed(absl::StrCat(prefix_, path), std::move(array));
  }
  void View(absl::string_view path, ElementType type, ArrayOrder order,
            std::vector<int64_t> shape, absl::string_view unit,
            std::function<void(std::span<std::byte>)> fill) override {
    outer_.View(absl::StrCat(prefix_, path), type, order, std::move(shape),
                unit, std::move(fill));
  }

 private:
  std::string prefix_;
  StateVisitor& outer_;
};

}  // namespace engram
