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
  if (NamesInput(tree, catalog_)) {
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
