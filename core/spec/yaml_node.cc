#include "core/spec/yaml_node.h"

#include <cstddef>
#include <string>
#include <utility>

namespace engram {

YamlNode YamlNode::Scalar(std::string text, int line) {
  YamlNode node;
  node.type = Type::kScalar;
  node.text = std::move(text);
  node.line = line;
  return node;
}

YamlNode YamlNode::Map(int line) {
  YamlNode node;
  node.type = Type::kMap;
  node.line = line;
  return node;
}

const YamlNode* YamlNode::Find(absl::string_view key) const {
  for (size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].name == key) return &items[i];
  }
  return nullptr;
}

YamlNode* YamlNode::Find(absl::string_view key) {
  return const_cast<YamlNode*>(std::as_const(*this).Find(key));
}

YamlNode& YamlNode::Set(absl::string_view key, YamlNode item, int key_line) {
  for (size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].name != key) continue;
    keys[i].line = key_line;
    return items[i] = std::move(item);
  }
  keys.push_back({std::string(key), key_line});
  return items.emplace_back(std::move(item));
}

void YamlNode::Remove(absl::string_view key) {
  for (size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].name != key) continue;
    keys.erase(keys.begin() + static_cast<std::ptrdiff_t>(i));
    items.erase(items.begin() + static_cast<std::ptrdiff_t>(i));
    return;
  }
}

absl::string_view YamlNode::TypeName() const {
  switch (type) {
    case Type::kNull:
      return "nothing";
    case Type::kScalar:
      return "a single value";
    case Type::kList:
      return "a list";
    case Type::kMap:
      return "a map";
  }
  return "";
}

}  // namespace engram
