#include "core/spec/json_text.h"

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/spec/real_text.h"

namespace engram {
namespace {

void AppendEscaped(char c, std::string& json) {
  switch (c) {
    case '"':
      json += "\\\"";
      return;
    case '\\':
      json += "\\\\";
      return;
    case '\n':
      json += "\\n";
      return;
    case '\r':
      json += "\\r";
      return;
    case '\t':
      json += "\\t";
      return;
    default:
      break;
  }
  const auto byte = static_cast<unsigned char>(c);
  if (byte < 0x20 || byte == 0x7F) {
    absl::StrAppendFormat(&json, "\\u%04x", byte);
  } else {
    json += c;
  }
}

struct Writer {
  std::string& json;

  void operator()(bool value) const { json += value ? "true" : "false"; }
  void operator()(int64_t value) const { absl::StrAppend(&json, value); }
  void operator()(double value) const { json += RealText(value); }
  void operator()(const std::string& value) const {
    AppendJsonText(value, json);
  }
  void operator()(const Value::List& list) const {
    json += '[';
    for (size_t i = 0; i < list.size(); ++i) {
      if (i > 0) json += ',';
      AppendJson(list[i], json);
    }
    json += ']';
  }
  void operator()(const Value::Map& map) const {
    json += '{';
    for (auto entry = map.begin(); entry != map.end(); ++entry) {
      if (entry != map.begin()) json += ',';
      AppendJsonText(entry->first, json);
      json += ':';
      AppendJson(entry->second, json);
    }
    json += '}';
  }
};

// One component in a slot of its own stands as itself, those of a list in
// brackets; which it is, the path of the first one tells.
void AppendSlot(const Component& parent, const std::string& slot,
                const std::vector<Component>& held, std::string& json) {
  const bool is_list =
      held.front().path != absl::StrCat(parent.path, ".", slot);
  if (is_list) json += '[';
  for (size_t i = 0; i < held.size(); ++i) {
    if (i > 0) json += ',';
    AppendJson(held[i], json);
  }
  if (is_list) json += ']';
}

}  // namespace

void AppendJsonText(absl::string_view text, std::string& json) {
  json += '"';
  for (const char c : text) AppendEscaped(c, json);
  json += '"';
}

void AppendJson(const Value& value, std::string& json) {
  std::visit(Writer{json}, value.data);
}

void AppendJson(const Component& component, std::string& json) {
  std::map<absl::string_view, std::string> members;
  AppendJsonText(component.type, members["type"]);
  if (!component.name.empty()) AppendJsonText(component.name, members["name"]);
  for (const auto& [name, value] : component.parameters) {
    AppendJson(value, members[name]);
  }
  for (const auto& [slot, held] : component.slots) {
    if (!held.empty()) AppendSlot(component, slot, held, members[slot]);
  }
  json += '{';
  for (auto member = members.begin(); member != members.end(); ++member) {
    if (member != members.begin()) json += ',';
    AppendJsonText(member->first, json);
    json += ':';
    json += member->second;
  }
  json += '}';
}

std::string DisplayText(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value.data)) return *text;
  std::string json;
  AppendJson(value, json);
  return json;
}

}  // namespace engram
