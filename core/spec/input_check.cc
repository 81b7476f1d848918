#include "core/spec/input_check.h"

#include <algorithm>
#include <utility>

#include "core/base/contract.h"
#include "core/spec/json_text.h"

namespace engram {
namespace {

bool NamesInput(const Component& component, const Catalog& catalog) {
  const ComponentSpec* spec = catalog.Find(component.type);
  ENGRAM_EXPECT(spec != nullptr);
  return std::ranges::any_of(
      spec->parameters, [&](const ParameterSpec& parameter) {
        return (parameter.type == ParameterType::kDataset ||
                parameter.type == ParameterType::kRecordItem) &&
               component.Has(parameter.name);
      });
}

// Whether the check is asked about a component: it names an input, or an entry
// of its slot that says how it begins does. What is taken there has shapes of
// the parts beside it, so the whole is looked at.
bool IsLookedAt(const Component& component, const Catalog& catalog) {
  if (NamesInput(component, catalog)) return true;
  const auto initial = component.slots.find("initial");
  return initial != component.slots.end() &&
         std::ranges::any_of(initial->second, [&](const Component& entry) {
           return NamesInput(entry, catalog);
         });
}

}  // namespace

bool ReadsInputs(const Component& tree, const Catalog& catalog) {
  if (NamesInput(tree, catalog)) return true;
  return std::ranges::any_of(tree.slots, [&](const auto& slot) {
    return std::ranges::any_of(slot.second, [&](const Component& child) {
      return ReadsInputs(child, catalog);
    });
  });
}

void InputChecker::Check(const Component& tree, Faults& faults) {
  if (catalog_.input_check() == nullptr) return;
  if (IsLookedAt(tree, catalog_)) {
    std::string what = tree.path;
    AppendJson(tree, what);
    if (seen_.insert(std::move(what)).second) {
      catalog_.input_check()(tree, resolver_, faults);
    }
  }
  for (const auto& [slot, held] : tree.slots) {
    for (const Component& child : held) Check(child, faults);
  }
}

}  // namespace engram
