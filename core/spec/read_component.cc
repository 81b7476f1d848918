#include "core/spec/read_component.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/spec/nearest_name.h"
#include "core/spec/read_value.h"

namespace engram {
namespace {

// A name is a path segment, so it must not look like a list item's number.
bool IsName(const std::string& text) {
  constexpr size_t kLongest = 64;
  return !text.empty() && text.size() <= kLongest &&
         absl::ascii_isalpha(text[0]) && std::ranges::all_of(text, [](char c) {
           return absl::ascii_isalnum(c) || c == '_';
         });
}

class ComponentReader {
 public:
  ComponentReader(const YamlNode& node, const ComponentSpec& spec,
                  const SlotSpec* slot, const std::string& path,
                  ReadContext& context)
      : node_(node), spec_(spec), slot_(slot), context_(context) {
    component_.type = spec.type;
    component_.path = path;
  }

  Component Read() {
    ReadName();
    RefuseUnknownKeys();
    for (const ParameterSpec& parameter : spec_.parameters) {
      ReadParameter(InSlot(parameter, slot_));
    }
    for (const SlotSpec& slot : spec_.slots) ReadSlot(slot);
    return std::move(component_);
  }

 private:
  std::string PathOf(const std::string& key) const {
    return absl::StrCat(component_.path, ".", key);
  }

  void ReadName() {
    const YamlNode* name = node_.Find("name");
    if (name == nullptr) return;
    if (name->IsScalar() && IsName(name->text)) {
      component_.name = name->text;
      return;
    }
    context_.Report(name->line, PathOf("name"),
                    "a name starts with a letter and has letters, digits and "
                    "_, at most 64");
  }

  void RefuseUnknownKeys() {
    for (const YamlKey& key : node_.keys) {
      if (key.name == "type" || key.name == "name") continue;
      if (FindParameter(spec_, key.name) || FindSlot(spec_, key.name)) continue;
      context_.Report(key.line, PathOf(key.name),
                      absl::StrCat(spec_.type, " has no parameter ", key.name,
                                   SuggestName(key.name, KeysOf(spec_))));
    }
  }

  void ReadParameter(const ParameterSpec& parameter) {
    const YamlNode* written = node_.Find(parameter.name);
    if (written != nullptr && !written->IsNull()) {
      std::optional<Value> value =
          ReadOpenValue(*written, parameter, PathOf(parameter.name), context_);
      if (value) {
        component_.parameters.emplace(parameter.name, *std::move(value));
      }
    } else if (parameter.is_optional) {
      return;
    } else if (written == nullptr && parameter.default_value) {
      component_.parameters.emplace(parameter.name, *parameter.default_value);
    } else {
      context_.Report(
          written ? written->line : node_.line, PathOf(parameter.name),
          absl::StrCat(spec_.type, written ? " has no value for " : " needs ",
                       parameter.name, ", ", Wanted(parameter)));
    }
  }

  void ReadSlot(const SlotSpec& slot) {
    const YamlNode* written = node_.Find(slot.name);
    std::vector<Component>& held = component_.slots[slot.name];
    const std::string path = PathOf(slot.name);
    if (written != nullptr && !written->IsNull()) {
      if (slot.many) {
        held = ReadComponents(*written, slot, path, context_);
      } else {
        held.push_back(ReadSlotComponent(*written, slot, path, context_));
      }
    } else if (!slot.default_type.empty()) {
      FillSlot(slot, path, held);
    } else if (!slot.optional) {
      context_.Report(
          written ? written->line : node_.line, path,
          absl::StrCat(
              spec_.type, " needs ", slot.name, ", ",
              slot.many ? "a list of components, each " : "a component: ",
              WithArticle(slot.kind), " (",
              ListNames(TypesOf(context_.catalog, slot.kind)), ")"));
    }
  }

  void FillSlot(const SlotSpec& slot, const std::string& path,
                std::vector<Component>& held) {
    const YamlNode empty = YamlNode::Map(node_.line);
    held.push_back(ReadComponent(empty, slot.kind, slot.default_type,
                                 slot.many ? absl::StrCat(path, ".0") : path,
                                 context_));
  }

  const YamlNode& node_;
  const ComponentSpec& spec_;
  const SlotSpec* const slot_;  // that holds it; null for none
  ReadContext& context_;
  Component component_;
};

std::string NoSuchType(const std::string& type, Kind kind,
                       const Catalog& catalog) {
  const std::vector<std::string> types = TypesOf(catalog, kind);
  const std::string kind_name(KindName(kind));
  if (const ComponentSpec* other = catalog.Find(type)) {
    return absl::StrCat(type, " is ", WithArticle(other->kind), "; wanted ",
                        WithArticle(kind), ": ", ListNames(types));
  }
  return absl::StrCat("there is no ", kind_name, " of type ", type,
                      SuggestName(type, types));
}

const ComponentSpec* FindType(const YamlNode& node, const SlotSpec& slot,
                              const std::string& path, ReadContext& context) {
  const Kind kind = slot.kind;
  const YamlNode* written = node.Find("type");
  const std::string unwritten = UnwrittenType(slot, context.catalog);
  if (written == nullptr && !unwritten.empty()) {
    return context.catalog.Find(unwritten);
  }
  if (written == nullptr || !written->IsScalar()) {
    context.Report(
        written ? written->line : node.line, absl::StrCat(path, ".type"),
        absl::StrCat("a component needs its type; wanted ", WithArticle(kind),
                     ": ", ListNames(TypesOf(context.catalog, kind))));
    return nullptr;
  }
  const ComponentSpec* spec = context.catalog.Find(written->text);
  if (spec != nullptr && spec->kind == kind) return spec;
  context.Report(written->line, absl::StrCat(path, ".type"),
                 NoSuchType(written->text, kind, context.catalog));
  return nullptr;
}

// The type of a kind that a number stands for; null where it stands for none.
const ComponentSpec* TypeOfBareNumber(Kind kind, const Catalog& catalog) {
  for (const ComponentSpec* spec : catalog.OfKind(kind)) {
    if (!spec->bare_parameter.empty()) return spec;
  }
  return nullptr;
}

// "1.5", "-3 mV": what is wrong with the rest is said where it is read.
bool LooksLikeNumber(const YamlNode& node) {
  if (!node.IsScalar() || node.text.empty()) return false;
  const size_t digit = node.text.find_first_not_of("+-.");
  return digit < 3 && digit < node.text.size() &&
         absl::ascii_isdigit(node.text[digit]);
}

void ReportNoComponent(const YamlNode& node, Kind kind, const std::string& path,
                       ReadContext& context) {
  const std::vector<std::string> types = TypesOf(context.catalog, kind);
  context.Report(node.line, path,
                 absl::StrCat("wanted ", WithArticle(kind), " such as {type: ",
                              types.empty() ? "name" : types.front(),
                              TypeOfBareNumber(kind, context.catalog) == nullptr
                                  ? "}, got "
                                  : "} or a number, got ",
                              std::string(node.TypeName())));
}

}  // namespace

std::vector<std::string> TypesOf(const Catalog& catalog, Kind kind) {
  std::vector<std::string> types;
  for (const ComponentSpec* spec : catalog.OfKind(kind)) {
    types.push_back(spec->type);
  }
  return types;
}

std::string UnwrittenType(const SlotSpec& slot, const Catalog& catalog) {
  if (!slot.default_type.empty()) return slot.default_type;
  const std::vector<const ComponentSpec*> types = catalog.OfKind(slot.kind);
  return types.size() == 1 ? types.front()->type : "";
}

std::string WithArticle(Kind kind) {
  const std::string name(KindName(kind));
  const bool has_vowel =
      std::string("aeiou").find(name[0]) != std::string::npos;
  return absl::StrCat(has_vowel ? "an " : "a ", name);
}

std::vector<std::string> KeysOf(const ComponentSpec& spec) {
  std::vector<std::string> keys;
  for (const ParameterSpec& parameter : spec.parameters) {
    keys.push_back(parameter.name);
  }
  for (const SlotSpec& slot : spec.slots) keys.push_back(slot.name);
  return keys;
}

std::string ItemSegment(const YamlNode& item, size_t number) {
  const YamlNode* name = item.Find("name");
  if (name != nullptr && name->IsScalar() && !name->text.empty()) {
    return name->text;
  }
  return absl::StrCat(number);
}

const ComponentSpec* WrittenType(const YamlNode& node,
                                 const std::string& default_type,
                                 const Catalog& catalog) {
  const YamlNode* written = node.Find("type");
  if (written == nullptr) {
    return node.IsMap() ? catalog.Find(default_type) : nullptr;
  }
  return written->IsScalar() ? catalog.Find(written->text) : nullptr;
}

ParameterSpec InSlot(ParameterSpec parameter, const SlotSpec* slot) {
  if (slot != nullptr && parameter.has_unit_of_slot && !slot->unit.empty()) {
    parameter.unit = slot->unit;
  }
  return parameter;
}

YamlNode WithoutShorthand(const YamlNode& node, Kind kind,
                          const Catalog& catalog) {
  const ComponentSpec* type = TypeOfBareNumber(kind, catalog);
  if (type == nullptr || !LooksLikeNumber(node)) return node;
  YamlNode map = YamlNode::Map(node.line);
  map.Set("type", YamlNode::Scalar(type->type, node.line), node.line);
  map.Set(type->bare_parameter, node, node.line);
  return map;
}

Component ReadComponent(const YamlNode& node, Kind kind,
                        const std::string& default_type,
                        const std::string& path, ReadContext& context) {
  const SlotSpec slot{.kind = kind, .default_type = default_type};
  return ReadSlotComponent(node, slot, path, context);
}

Component ReadSlotComponent(const YamlNode& written, const SlotSpec& slot,
                            const std::string& path, ReadContext& context) {
  const YamlNode node = WithoutShorthand(written, slot.kind, context.catalog);
  if (!node.IsMap()) {
    ReportNoComponent(node, slot.kind, path, context);
    return {};
  }
  const ComponentSpec* spec = FindType(node, slot, path, context);
  if (spec == nullptr) return {};
  return ComponentReader(node, *spec, &slot, path, context).Read();
}

std::vector<Component> ReadComponents(const YamlNode& node,
                                      const SlotSpec& slot,
                                      const std::string& path,
                                      ReadContext& context) {
  std::vector<Component> components;
  if (!node.IsList() || (node.items.empty() && !slot.optional)) {
    context.Report(node.line, path,
                   absl::StrCat(slot.name, " takes a list of components, each ",
                                WithArticle(slot.kind), ", got ",
                                node.IsList() ? "an empty list"
                                              : std::string(node.TypeName())));
    return components;
  }
  std::set<std::string> names;
  for (size_t i = 0; i < node.items.size(); ++i) {
    const YamlNode& item = node.items[i];
    const std::string segment = ItemSegment(item, i);
    if (!names.insert(segment).second) {
      context.Report(item.line, absl::StrCat(path, ".", segment),
                     absl::StrCat("two components of ", slot.name,
                                  " have the name ", segment));
    }
    components.push_back(ReadComponent(item, slot.kind, slot.default_type,
                                       absl::StrCat(path, ".", segment),
                                       context));
  }
  return components;
}

}  // namespace engram
