#include "core/spec/receptor_units.h"

#include <algorithm>
#include <functional>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/base/units.h"
#include "core/spec/read_component.h"
#include "core/spec/read_value.h"
#include "core/spec/tree_path.h"

namespace engram {
namespace {

bool IsOpen(const Value& value) {
  if (const auto* list = std::get_if<Value::List>(&value.data)) {
    return std::ranges::any_of(*list, IsOpen);
  }
  return std::holds_alternative<std::string>(value.data);
}

bool ActsOnReceptors(Kind kind) {
  return kind == Kind::kProjection || kind == Kind::kStimulus;
}

// Calls visit(owner, component, parameter, value) for each text that waits,
// where `owner` acts on receptors, itself or by the component.
template <class Tree, class Visit>
void ForOpen(Tree& component, const SlotSpec* slot, Tree* owner,
             const Catalog& catalog, const Visit& visit) {
  const ComponentSpec* spec = catalog.Find(component.type);
  ENGRAM_EXPECT(spec != nullptr);
  if (ActsOnReceptors(spec->kind)) owner = &component;
  for (const ParameterSpec& general : spec->parameters) {
    const ParameterSpec parameter = InSlot(general, slot);
    const auto found = component.parameters.find(parameter.name);
    if (found == component.parameters.end() ||
        !HasOpenUnits(found->second, parameter)) {
      continue;
    }
    visit(owner, component, parameter, found->second);
  }
  for (const SlotSpec& held : spec->slots) {
    const auto found = component.slots.find(held.name);
    if (found == component.slots.end()) continue;
    for (auto& child : found->second) {
      ForOpen<Tree>(child, &held, owner, catalog, visit);
    }
  }
}

absl::StatusOr<std::string> UnitOf(const Component* owner,
                                   const Component& root,
                                   const Catalog& catalog) {
  if (owner == nullptr || !catalog.receptor_unit()) {
    return absl::InvalidArgumentError("nothing here has a receptor");
  }
  return catalog.receptor_unit()(*owner, root);
}

absl::Status Close(const ParameterSpec& spec, Value& value) {
  if (auto* list = std::get_if<Value::List>(&value.data)) {
    for (Value& item : *list) {
      if (absl::Status status = Close(spec, item); !status.ok()) return status;
    }
    return absl::OkStatus();
  }
  const auto* text = std::get_if<std::string>(&value.data);
  if (text == nullptr) return absl::OkStatus();
  absl::StatusOr<Value> number = ReadNumberOf(*text, spec);
  if (!number.ok()) return number.status();
  value = *std::move(number);
  return absl::OkStatus();
}

const Component* FindByPath(const Component& at, const std::string& path) {
  if (at.path == path) return &at;
  for (const auto& [slot, held] : at.slots) {
    for (const Component& child : held) {
      if (!IsInside(path, child.path)) continue;
      if (const Component* found = FindByPath(child, path)) return found;
    }
  }
  return nullptr;
}

}  // namespace

bool HasOpenUnits(const Value& value, const ParameterSpec& parameter) {
  return parameter.unit == kReceptorUnit && IsOpen(value);
}

bool HasOpenUnits(const Component& tree, const SlotSpec* slot,
                  const Catalog& catalog) {
  bool found = false;
  ForOpen<const Component>(
      tree, slot, nullptr, catalog,
      [&](const Component*, const Component&, const ParameterSpec&,
          const Value&) { found = true; });
  return found;
}

void CloseUnits(Component& root, const Catalog& catalog, Faults& faults,
                ReceptorUnits& units) {
  ForOpen<Component>(
      root, nullptr, nullptr, catalog,
      [&](Component* owner, Component& component, ParameterSpec parameter,
          Value& value) {
        const auto report = [&](absl::string_view message) {
          faults.push_back({0,
                            absl::StrCat(component.path, ".", parameter.name),
                            std::string(message)});
        };
        const absl::StatusOr<std::string> unit = UnitOf(owner, root, catalog);
        if (!unit.ok()) {
          report(absl::StrCat("its unit is that of a receptor: ",
                              unit.status().message()));
          return;
        }
        units[owner->path] = *unit;
        parameter.unit = *unit;
        const absl::Status status = Close(parameter, value);
        if (status.ok()) return;
        report(absl::StrCat(status.message(),
                            ", the unit of the receptor that it acts on"));
      });
}

void CheckUnits(const Component& root, const Catalog& catalog,
                const ReceptorUnits& units, Faults& faults) {
  for (const auto& [path, taken] : units) {
    const Component* owner = FindByPath(root, path);
    if (owner == nullptr) continue;
    const absl::StatusOr<std::string> unit = UnitOf(owner, root, catalog);
    if (!unit.ok() || *unit == taken) continue;
    faults.push_back(
        {0, path,
         absl::StrCat("numbers here were written for a receptor that takes ",
                      taken, ", and at another point of the sweep it takes ",
                      *unit,
                      "; write them without a unit, or sweep them too")});
  }
}

}  // namespace engram
