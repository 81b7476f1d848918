#include "core/spec/tree_path.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "core/spec/nearest_name.h"
#include "core/spec/read_component.h"

namespace engram {
namespace {

std::string WrittenText(const YamlNode& item, absl::string_view key) {
  const YamlNode* node = item.Find(key);
  return node != nullptr && node->IsScalar() ? node->text : "";
}

// The item of a list that a path segment names.
std::optional<size_t> FindItem(const YamlNode& list, const std::string& segment,
                               const std::string& default_type) {
  for (size_t i = 0; i < list.items.size(); ++i) {
    if (WrittenText(list.items[i], "name") == segment) return i;
  }
  std::optional<size_t> found;
  size_t count = 0;
  for (size_t i = 0; i < list.items.size(); ++i) {
    std::string type = WrittenText(list.items[i], "type");
    if (type.empty()) type = default_type;
    if (type != segment) continue;
    found = i;
    ++count;
  }
  if (count == 1) return found;
  uint64_t number = 0;
  if (absl::SimpleAtoi(segment, &number) && number < list.items.size() &&
      absl::StrCat(number) == segment) {
    return number;
  }
  return std::nullopt;
}

std::vector<std::string> ItemNames(const YamlNode& list) {
  std::vector<std::string> names;
  for (size_t i = 0; i < list.items.size(); ++i) {
    std::string name = WrittenText(list.items[i], "name");
    if (name.empty()) name = WrittenText(list.items[i], "type");
    names.push_back(name.empty() ? absl::StrCat(i) : name);
  }
  return names;
}

class Locator {
 public:
  Locator(YamlNode& experiment, const std::string& path, int line,
          ReadContext& context)
      : node_(&experiment),
        segments_(absl::StrSplit(path, '.')),
        path_(path),
        line_(line),
        context_(context) {}

  std::optional<Place> Locate() {
    place_.path = "experiment";
    std::string default_type;
    size_t at = 1;
    while (at < segments_.size()) {
      const ComponentSpec* spec =
          WrittenType(*node_, default_type, context_.catalog);
      // What is wrong with this component is said where it is read.
      if (spec == nullptr) return std::nullopt;
      const std::string key = segments_[at++];
      const bool is_last = at == segments_.size();
      if (const SlotSpec* slot = FindSlot(*spec, key)) {
        if (!EnterSlot(*slot, at)) return std::nullopt;
        if (at == segments_.size()) return std::move(place_);
        Descend();
        default_type = UnwrittenType(*slot, context_.catalog);
        continue;
      }
      if (const ParameterSpec* parameter = FindParameter(*spec, key)) {
        return EnterParameter(*parameter, at);
      }
      if (is_last && (key == "type" || key == "name")) return EnterType(key);
      return Refuse(absl::StrCat(spec->type, " has no parameter ", key,
                                 SuggestName(key, KeysOf(*spec))));
    }
    return std::move(place_);
  }

 private:
  std::optional<Place> Refuse(std::string message) {
    context_.Report(line_, path_, std::move(message));
    return std::nullopt;
  }

  std::optional<Place> EnterType(const std::string& key) {
    place_.what = Place::What::kType;
    place_.key = key;
    absl::StrAppend(&place_.path, ".", key);
    return std::move(place_);
  }

  std::optional<Place> EnterParameter(const ParameterSpec& parameter,
                                      size_t at) {
    place_.what = Place::What::kParameter;
    place_.key = parameter.name;
    place_.parameter = InSlot(parameter, place_.slot);
    absl::StrAppend(&place_.path, ".", parameter.name);
    if (at == segments_.size()) return std::move(place_);
    if (parameter.type == ParameterType::kMap && at + 1 == segments_.size()) {
      place_.what = Place::What::kMapEntry;
      place_.entry = segments_[at];
      absl::StrAppend(&place_.path, ".", segments_[at]);
      return std::move(place_);
    }
    return Refuse(absl::StrCat(parameter.name, " is a parameter, it has no ",
                               segments_[at]));
  }

  // Stands at the slot, or at the item that the next segment names.
  bool EnterSlot(const SlotSpec& slot, size_t& at) {
    place_.slot = &slot;
    place_.key = slot.name;
    absl::StrAppend(&place_.path, ".", slot.name);
    const bool is_last = at == segments_.size();
    place_.what = slot.many ? Place::What::kItems : Place::What::kSlot;
    place_.item = 0;
    if (is_last) return true;
    if (!FillSlot(slot)) return false;
    return slot.many ? EnterItem(slot, segments_[at++]) : true;
  }

  bool FillSlot(const SlotSpec& slot) {
    YamlNode* held = node_->Find(slot.name);
    if (held != nullptr && !held->IsNull()) {
      *held = WithoutShorthand(*held, slot.kind, context_.catalog);
      return true;
    }
    if (slot.default_type.empty()) {
      // A slot that must be filled is refused where its component is read.
      if (slot.optional) {
        Refuse(
            absl::StrCat(slot.name, " is empty; put a component there first"));
      }
      return false;
    }
    YamlNode component = YamlNode::Map(line_);
    component.Set("type", YamlNode::Scalar(slot.default_type, line_), line_);
    YamlNode list;
    list.type = YamlNode::Type::kList;
    list.line = line_;
    list.items.push_back(component);
    node_->Set(slot.name, slot.many ? std::move(list) : std::move(component),
               line_);
    return true;
  }

  bool EnterItem(const SlotSpec& slot, const std::string& segment) {
    const YamlNode& list = *node_->Find(slot.name);
    if (!list.IsList()) return false;
    const std::optional<size_t> item =
        FindItem(list, segment, UnwrittenType(slot, context_.catalog));
    if (!item) {
      Refuse(absl::StrCat(slot.name, " has no item ", segment,
                          SuggestName(segment, ItemNames(list)),
                          " (an item is named by its name, its type if no "
                          "other has it, or its number from 0)"));
      return false;
    }
    place_.what = Place::What::kItem;
    place_.item = *item;
    absl::StrAppend(&place_.path, ".", ItemSegment(list.items[*item], *item));
    return true;
  }

  void Descend() {
    place_.steps.push_back({place_.key, place_.item});
    node_ = node_->Find(place_.key);
    if (node_->IsList()) node_ = &node_->items[place_.item];
  }

  YamlNode* node_;
  std::vector<std::string> segments_;
  const std::string& path_;
  int line_;
  ReadContext& context_;
  Place place_;
};

const YamlNode* Holder(const YamlNode& experiment, const Place& place) {
  const YamlNode* node = &experiment;
  for (const Place::Step& step : place.steps) {
    node = node->Find(step.slot);
    if (node == nullptr) return nullptr;
    if (!node->IsList()) continue;
    if (step.item >= node->items.size()) return nullptr;
    node = &node->items[step.item];
  }
  return node;
}

}  // namespace

std::string FullPath(const std::string& path) {
  if (path == "seed" || IsInside(path, "experiment")) return path;
  return absl::StrCat("experiment.", path);
}

bool IsInside(const std::string& inner, const std::string& outer) {
  return absl::StartsWith(inner, outer) &&
         (inner.size() == outer.size() || inner[outer.size()] == '.');
}

std::optional<Place> Locate(YamlNode& experiment, const std::string& path,
                            int line, ReadContext& context) {
  if (path == "seed") {
    Place place;
    place.what = Place::What::kSeed;
    place.path = path;
    return place;
  }
  return Locator(experiment, path, line, context).Locate();
}

const YamlNode* Written(const YamlNode& experiment, const Place& place) {
  const YamlNode* holder = Holder(experiment, place);
  if (holder == nullptr || place.what == Place::What::kRoot) return holder;
  const YamlNode* node = holder->Find(place.key);
  if (node == nullptr) return nullptr;
  if (place.what == Place::What::kMapEntry) return node->Find(place.entry);
  if (place.what != Place::What::kItem) return node;
  return place.item < node->items.size() ? &node->items[place.item] : nullptr;
}

void Write(YamlNode& experiment, const Place& place, YamlNode node) {
  if (place.what == Place::What::kSeed) return;
  auto* holder = const_cast<YamlNode*>(Holder(experiment, place));
  if (holder == nullptr) return;
  const int line = node.line;
  if (place.what == Place::What::kRoot) {
    *holder = std::move(node);
  } else if (place.what == Place::What::kItem) {
    YamlNode* list = holder->Find(place.key);
    list->items[place.item] = std::move(node);
  } else if (place.what == Place::What::kMapEntry) {
    YamlNode* map = holder->Find(place.key);
    if (map == nullptr || !map->IsMap()) {
      map = &holder->Set(place.key, YamlNode::Map(line), line);
    }
    map->Set(place.entry, std::move(node), line);
  } else {
    holder->Set(place.key, std::move(node), line);
  }
}

}  // namespace engram
