#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/spec/component_spec.h"

namespace engram {

// The table of every component type. Types are unique across kinds.
class Catalog {
 public:
  explicit Catalog(std::vector<ComponentSpec> specs);

  const std::vector<ComponentSpec>& specs() const { return specs_; }
  const ComponentSpec* Find(absl::string_view type) const;
  std::vector<const ComponentSpec*> OfKind(Kind kind) const;

 private:
  std::vector<ComponentSpec> specs_;
};

absl::string_view KindName(Kind kind);

}  // namespace engram
