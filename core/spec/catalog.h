#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/spec/component_spec.h"

namespace engram {

// The table of every component type. Types are unique across kinds.
class Catalog {
 public:
  // A table that contradicts itself (a type twice, a default outside its
  // range, a slot whose default type does not exist) is a ContractViolation.
  explicit Catalog(std::vector<ComponentSpec> specs);

  const std::vector<ComponentSpec>& specs() const { return specs_; }
  // Null for a type that does not exist.
  const ComponentSpec* Find(absl::string_view type) const;
  std::vector<const ComponentSpec*> OfKind(Kind kind) const;

 private:
  std::vector<ComponentSpec> specs_;
  std::map<std::string, size_t> index_;  // by type
};

// "rule", "network"
absl::string_view KindName(Kind kind);

}  // namespace engram
