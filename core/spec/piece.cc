#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/spec/read_component.h"
#include "core/spec/read_seed.h"
#include "core/spec/read_value.h"
#include "core/spec/tree_path.h"

namespace engram {
namespace {

std::string HolderPath(const Place& place) {
  return place.path.substr(0, place.path.rfind('.'));
}

std::vector<Component> ReadSlotPiece(const YamlNode& node, const Place& place,
                                     ReadContext& context) {
  const SlotSpec& slot = *place.slot;
  if (place.what == Place::What::kItems) {
    return ReadComponents(node, slot, place.path, context);
  }
  if (place.what == Place::What::kSlot && node.IsNull() && slot.optional) {
    return {};
  }
  const std::string path =
      place.what == Place::What::kItem
          ? absl::StrCat(HolderPath(place), ".", ItemSegment(node, place.item))
          : place.path;
  return {ReadSlotComponent(node, slot, path, context)};
}

// A map's entry is read with its map, which says what an entry is.
std::optional<Piece> ReadEntryPiece(const YamlNode& experiment,
                                    const Place& place, ReadContext& context) {
  Place whole = place;
  whole.what = Place::What::kParameter;
  const std::optional<Value> map = ReadValue(
      *Written(experiment, whole), *place.parameter, place.path, context);
  if (!map) return std::nullopt;
  return Piece(std::get<Value::Map>(map->data).at(place.entry));
}

template <class Tree>
Tree& HolderOf(Tree& root, const Place& place) {
  Tree* at = &root;
  for (const Place::Step& step : place.steps) {
    at = &at->slots.at(step.slot).at(step.item);
  }
  return *at;
}

}  // namespace

std::optional<Piece> ReadPieceOf(const YamlNode& node, const Place& place,
                                 ReadContext& context) {
  if (place.what == Place::What::kSeed) {
    const std::optional<uint64_t> seed = ReadSeed(node, place.path, context);
    if (!seed) return std::nullopt;
    return Piece(Value(static_cast<int64_t>(*seed)));
  }
  if (place.what == Place::What::kParameter) {
    std::optional<Value> value =
        ReadOpenValue(node, *place.parameter, place.path, context);
    if (!value) return std::nullopt;
    return Piece(*std::move(value));
  }
  const size_t before = context.faults.size();
  std::vector<Component> components;
  if (place.what == Place::What::kRoot) {
    components.push_back(
        ReadComponent(node, Kind::kProgram, "", place.path, context));
  } else {
    components = ReadSlotPiece(node, place, context);
  }
  if (context.faults.size() > before) return std::nullopt;
  return Piece(std::move(components));
}

std::optional<Piece> ReadPiece(const YamlNode& experiment, const Place& place,
                               ReadContext& context) {
  if (place.what == Place::What::kMapEntry) {
    return ReadEntryPiece(experiment, place, context);
  }
  const YamlNode* node = Written(experiment, place);
  ENGRAM_EXPECT(node != nullptr);
  return ReadPieceOf(*node, place, context);
}

Piece PieceAt(const Component& root, const Place& place) {
  if (place.what == Place::What::kRoot) return std::vector<Component>{root};
  const Component& holder = HolderOf(root, place);
  if (place.what == Place::What::kParameter) {
    return holder.parameters.at(place.key);
  }
  const std::vector<Component>& held = holder.slots.at(place.key);
  if (place.what != Place::What::kItem) return held;
  return std::vector<Component>{held.at(place.item)};
}

void PutPiece(Component& root, const Place& place, const Piece& piece) {
  if (place.what == Place::What::kSeed) return;
  if (place.what == Place::What::kRoot) {
    Component whole = std::get<std::vector<Component>>(piece).at(0);
    root = std::move(whole);
    return;
  }
  Component& holder = HolderOf(root, place);
  if (const Value* value = std::get_if<Value>(&piece)) {
    Value& held = holder.parameters[place.key];
    if (place.what == Place::What::kMapEntry) {
      std::get<Value::Map>(held.data)[place.entry] = *value;
    } else {
      held = *value;
    }
    return;
  }
  const auto& components = std::get<std::vector<Component>>(piece);
  std::vector<Component>& held = holder.slots[place.key];
  if (place.what == Place::What::kItem) {
    held.at(place.item) = components.at(0);
  } else {
    held = components;
  }
}

}  // namespace engram
