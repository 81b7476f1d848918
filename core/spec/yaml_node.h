#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/spec/fault.h"

namespace engram {

struct YamlKey {
  std::string name;
  int line = 0;
};

// A text as its author wrote it, before anything is known of its meaning.
// Scalars are text; whether "10" is a number is for the parameter to say.
struct YamlNode {
  enum class Type { kNull, kScalar, kList, kMap };

  Type type = Type::kNull;
  int line = 0;                 // 1-based; 0 for what no text holds
  bool is_quoted = false;       // of a scalar
  std::string text;             // of a scalar
  std::vector<YamlKey> keys;    // of a map, one for each item
  std::vector<YamlNode> items;  // of a list or a map

  static YamlNode Scalar(std::string text, int line);
  static YamlNode Map(int line);

  bool IsNull() const { return type == Type::kNull; }
  bool IsScalar() const { return type == Type::kScalar; }
  bool IsList() const { return type == Type::kList; }
  bool IsMap() const { return type == Type::kMap; }

  // The item under a key of a map; null when there is none, or no map.
  const YamlNode* Find(absl::string_view key) const;
  YamlNode* Find(absl::string_view key);
  // Replaces the item under a key of a map, or adds it.
  YamlNode& Set(absl::string_view key, YamlNode item, int key_line);
  void Remove(absl::string_view key);

  // "a list", "text"
  absl::string_view TypeName() const;
};

// The tree of one YAML document, JSON included. Refused: more than
// `largest` bytes,
// other than UTF-8, control characters, nesting beyond 64, several documents,
// keys that occur twice, anchors, aliases and tags. A text that cannot be read
// to its end gives a null node; `faults` says why in either case.
YamlNode ParseYaml(absl::string_view text, Faults& faults,
                   size_t largest = size_t{1} << 20);

// The same for an expression beside the text ("{type: hebbian}"): its nodes
// have no line, and an empty one is null without being a fault.
YamlNode ParseYamlExpression(absl::string_view text, Faults& faults);

}  // namespace engram
