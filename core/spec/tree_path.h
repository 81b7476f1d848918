#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/spec/component.h"
#include "core/spec/read_context.h"
#include "core/spec/value.h"
#include "core/spec/yaml_node.h"

namespace engram {

// What a path such as "experiment.rule.eta" names in a tree.
struct Place {
  enum class What {
    kSeed,       // "seed", beside the tree
    kRoot,       // "experiment"
    kParameter,  // of the component that the steps lead to
    kMapEntry,   // one name of a map parameter
    kSlot,       // a slot of one component
    kItem,       // one component of a slot that holds many
    kItems,      // all of them
    kType,       // the type or name of a component
  };
  struct Step {
    std::string slot;
    size_t item = 0;
  };

  What what = What::kRoot;
  std::vector<Step> steps;  // from the root to the component that has it
  std::string key;          // of parameter or slot
  size_t item = 0;          // of kItem
  std::string entry;        // of kMapEntry
  std::optional<ParameterSpec> parameter = {};
  const SlotSpec* slot = nullptr;
  std::string path;  // as Component::path spells it
};

// "rule.eta" and "experiment.rule.eta" are the same path; this is the longer.
std::string FullPath(const std::string& path);

// Whether one path lies inside the other (or is the same).
bool IsInside(const std::string& inner, const std::string& outer);

// What `path` names in a written experiment; none after a fault at `line`. A
// list item is named by its name, else by its type where that is unique, else
// by its number. Components on the way that are there by default are written
// out, so that a part of them can be set.
std::optional<Place> Locate(YamlNode& experiment, const std::string& path,
                            int line, ReadContext& context);

// What is written at a place; null when nothing is.
const YamlNode* Written(const YamlNode& experiment, const Place& place);
void Write(YamlNode& experiment, const Place& place, YamlNode node);

// What a place holds once it is read: a value, or components (one, or those
// of a slot; none for an optional slot that is empty).
using Piece = std::variant<Value, std::vector<Component>>;

// Reads what is written at a place; none after a fault.
std::optional<Piece> ReadPiece(const YamlNode& experiment, const Place& place,
                               ReadContext& context);
// As ReadPiece, of a node that is not written into a tree; not of a kMapEntry.
std::optional<Piece> ReadPieceOf(const YamlNode& node, const Place& place,
                                 ReadContext& context);
// Puts a piece into a tree that was read.
void PutPiece(Component& root, const Place& place, const Piece& piece);
// What PutPiece put there: of a parameter, slot, item or the root.
Piece PieceAt(const Component& root, const Place& place);

}  // namespace engram
