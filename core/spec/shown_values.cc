#include "core/spec/shown_values.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/spec/json_text.h"

namespace engram {
namespace {

// A number or name inside a component. Two components are compared in it only
// when the components around it have the same types.
struct Detail {
  std::string path;
  std::string types;  // of the components around it
  Value value;
};

void Flatten(const Component& component, const std::string& path,
             const std::string& types, std::vector<Detail>& details) {
  details.push_back({absl::StrCat(path, ".type"), types, component.type});
  const std::string inside = absl::StrCat(types, "/", component.type);
  for (const auto& [name, value] : component.parameters) {
    details.push_back({absl::StrCat(path, ".", name), inside, value});
  }
  for (const auto& [slot, held] : component.slots) {
    for (const Component& child : held) {
      // Behind its parent's path stand the slot and, in a list, the item.
      const std::string suffix = child.path.substr(component.path.size());
      Flatten(child, absl::StrCat(path, suffix), inside, details);
    }
  }
}

std::string JoinTypes(const std::vector<Component>& components) {
  std::string types;
  for (const Component& component : components) {
    absl::StrAppend(&types, types.empty() ? "" : ", ", component.type);
  }
  return types.empty() ? "none" : types;
}

class ShownFiller {
 public:
  explicit ShownFiller(const Sweep& sweep) : sweep_(sweep) {}

  void Fill(SweepTarget& target) const {
    target.shown.resize(target.pieces.size());
    const Place::What what = target.places.front().what;
    if (what == Place::What::kItems) {
      FillLists(target);
    } else if (std::holds_alternative<Value>(target.pieces.front())) {
      FillValues(target);
    } else {
      FillComponents(target);
    }
  }

 private:
  static void FillLists(SweepTarget& target) {
    for (size_t i = 0; i < target.pieces.size(); ++i) {
      const auto& held = std::get<std::vector<Component>>(target.pieces[i]);
      target.shown[i].emplace_back(target.path, JoinTypes(held));
    }
  }

  // Datasets and record items read as they were written, not as digests.
  static void FillValues(SweepTarget& target) {
    const std::optional<ParameterSpec>& spec = target.places.front().parameter;
    const bool is_digest = spec.has_value() && spec->list_rank == 0 &&
                           (spec->type == ParameterType::kDataset ||
                            spec->type == ParameterType::kRecordItem);
    for (size_t i = 0; i < target.pieces.size(); ++i) {
      const YamlNode& written = target.values[i % target.values.size()];
      target.shown[i].emplace_back(
          target.path,
          is_digest ? Value(written.text) : std::get<Value>(target.pieces[i]));
    }
  }

  void FillComponents(SweepTarget& target) const {
    std::vector<std::vector<Detail>> all(target.pieces.size());
    for (size_t i = 0; i < target.pieces.size(); ++i) {
      const auto& held = std::get<std::vector<Component>>(target.pieces[i]);
      if (held.empty()) {
        all[i].push_back({absl::StrCat(target.path, ".type"), "", "none"});
      } else {
        Flatten(held.front(), target.path, "", all[i]);
      }
    }
    const std::set<std::pair<std::string, std::string>> differing =
        Differing(target, all);
    for (size_t i = 0; i < all.size(); ++i) {
      for (Detail& detail : all[i]) {
        if (!differing.contains({detail.path, detail.types})) continue;
        target.shown[i].emplace_back(detail.path, std::move(detail.value));
      }
    }
  }

  std::set<std::pair<std::string, std::string>> Differing(
      const SweepTarget& target,
      const std::vector<std::vector<Detail>>& all) const {
    std::map<std::pair<std::string, std::string>, const Value*> first;
    std::set<std::pair<std::string, std::string>> differing;
    for (const std::vector<Detail>& details : all) {
      for (const Detail& detail : details) {
        if (IsSetElsewhere(target, detail.path)) continue;
        const std::pair key(detail.path, detail.types);
        const auto [found, is_new] = first.emplace(key, &detail.value);
        if (!is_new && *found->second != detail.value) differing.insert(key);
      }
    }
    if (differing.empty()) {
      differing.insert({absl::StrCat(target.path, ".type"), ""});
    }
    return differing;
  }

  bool IsSetElsewhere(const SweepTarget& target,
                      const std::string& path) const {
    return std::ranges::any_of(sweep_.targets, [&](const SweepTarget& other) {
      return &other != &target && other.path.size() > target.path.size() &&
             IsInside(path, other.path);
    });
  }

  const Sweep& sweep_;
};

}  // namespace

void FillShown(Sweep& sweep) {
  const ShownFiller filler(sweep);
  for (SweepTarget& target : sweep.targets) filler.Fill(target);
}

}  // namespace engram
