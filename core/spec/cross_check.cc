#include "core/spec/cross_check.h"

#include <algorithm>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/spec/nearest_name.h"
#include "core/spec/read_component.h"

namespace engram {
namespace {

// A reference's name, or the names in a list of them.
void CollectNames(const Value& value, std::vector<std::string>& names) {
  if (const auto* text = std::get_if<std::string>(&value.data)) {
    names.push_back(*text);
  } else if (const auto* list = std::get_if<Value::List>(&value.data)) {
    for (const Value& item : *list) CollectNames(item, names);
  }
}

class CrossChecker {
 public:
  CrossChecker(const Component& root, const Catalog& catalog, Faults& faults)
      : root_(root), catalog_(catalog), faults_(faults) {}

  void Visit(const Component& component) {
    const ComponentSpec* spec = catalog_.Find(component.type);
    ENGRAM_EXPECT(spec != nullptr);
    for (const ParameterSpec& parameter : spec->parameters) {
      if (parameter.type == ParameterType::kReference) {
        CheckReference(component, parameter);
      }
    }
    if (spec->check) spec->check(component, root_, faults_);
    outwards_.push_back(&component);
    for (const auto& [slot, held] : component.slots) {
      CheckNames(slot, held);
      for (const Component& child : held) Visit(child);
    }
    outwards_.pop_back();
  }

 private:
  void CheckNames(const std::string& slot, const std::vector<Component>& held) {
    if (held.size() < 2) return;
    std::set<std::string> paths;
    for (const Component& child : held) {
      if (paths.insert(child.path).second) continue;
      faults_.push_back({0, child.path,
                         absl::StrCat("two components of ", slot,
                                      " have the name ", child.name)});
    }
  }

  // Names of a kind, the nearest first: siblings, then outwards.
  std::vector<std::string> NamesInSight(Kind kind) const {
    std::vector<std::string> names;
    for (auto at = outwards_.rbegin(); at != outwards_.rend(); ++at) {
      for (const auto& [slot, held] : (*at)->slots) {
        for (const Component& child : held) {
          const ComponentSpec* spec = catalog_.Find(child.type);
          if (spec->kind == kind && !child.name.empty()) {
            names.push_back(child.name);
          }
        }
      }
    }
    return names;
  }

  void CheckReference(const Component& component,
                      const ParameterSpec& parameter) {
    if (!component.Has(parameter.name)) return;
    std::vector<std::string> wanted;
    CollectNames(component.Get(parameter.name), wanted);
    const std::vector<std::string> names =
        NamesInSight(*parameter.reference_kind);
    for (const std::string& name : wanted) {
      if (std::ranges::find(names, name) != names.end()) continue;
      faults_.push_back(
          {0, absl::StrCat(component.path, ".", parameter.name),
           absl::StrCat("no ", std::string(KindName(*parameter.reference_kind)),
                        " in sight has the name ", name,
                        SuggestName(name, names))});
    }
  }

  const Component& root_;
  const Catalog& catalog_;
  Faults& faults_;
  std::vector<const Component*> outwards_;  // the last is the parent
};

}  // namespace

void CrossCheck(const Component& root, const Catalog& catalog, Faults& faults) {
  CrossChecker(root, catalog, faults).Visit(root);
}

bool HasCrossChecks(const Component& tree, const Catalog& catalog) {
  const ComponentSpec* spec = catalog.Find(tree.type);
  ENGRAM_EXPECT(spec != nullptr);
  if (spec->check) return true;
  for (const ParameterSpec& parameter : spec->parameters) {
    if (parameter.type == ParameterType::kReference) return true;
  }
  for (const auto& [slot, held] : tree.slots) {
    for (const Component& child : held) {
      if (HasCrossChecks(child, catalog)) return true;
    }
  }
  return false;
}

}  // namespace engram
