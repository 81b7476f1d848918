#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/spec/component_spec.h"

namespace engram {

class Resolver;

// The table of every component type. Types are unique across kinds.
class Catalog {
 public:
  // The unit of what a component gives to the units that it acts on: of its
  // parameters and slots with kReceptorUnit, and of those of its parts.
  // INVALID_ARGUMENT where there is none, or several.
  using ReceptorUnit = std::function<absl::StatusOr<std::string>(
      const Component& self, const Component& root)>;
  // What is wrong with what a component reads from outside the tree, as far as
  // the resolver knows it; faults have paths and no lines.
  using InputCheck = std::function<void(
      const Component& self, const Resolver& resolver, Faults& faults)>;

  // A table that contradicts itself (a type twice, a default outside its
  // range, a slot whose default type does not exist) is a ContractViolation.
  explicit Catalog(std::vector<ComponentSpec> specs,
                   ReceptorUnit receptor_unit = {},
                   InputCheck input_check = {});

  const std::vector<ComponentSpec>& specs() const { return specs_; }
  // Null for a type that does not exist.
  const ComponentSpec* Find(absl::string_view type) const;
  std::vector<const ComponentSpec*> OfKind(Kind kind) const;
  const ReceptorUnit& receptor_unit() const { return receptor_unit_; }
  // Empty where nothing is looked at.
  const InputCheck& input_check() const { return input_check_; }

 private:
  std::vector<ComponentSpec> specs_;
  std::map<std::string, size_t> index_;  // by type
  ReceptorUnit receptor_unit_;
  InputCheck input_check_;
};

// "rule", "network"
absl::string_view KindName(Kind kind);

}  // namespace engram
