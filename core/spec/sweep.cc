#include "core/spec/sweep.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/spec/json_text.h"

namespace engram {
namespace {

void AppendPiece(const Piece& piece, std::string& json) {
  if (const Value* value = std::get_if<Value>(&piece)) {
    AppendJson(*value, json);
    return;
  }
  json += '[';
  const auto& components = std::get<std::vector<Component>>(piece);
  for (size_t i = 0; i < components.size(); ++i) {
    if (i > 0) json += ',';
    AppendJson(components[i], json);
  }
  json += ']';
}

}  // namespace

int64_t Sweep::run_count() const {
  int64_t count = 1;
  for (const int64_t size : sizes) count *= size;
  return count;
}

Sweep::Indices Sweep::IndicesOf(int64_t number) const {
  ENGRAM_EXPECT(number >= 0 && number < run_count());
  Indices indices(sizes.size());
  for (size_t axis = sizes.size(); axis-- > 0;) {
    indices[axis] = number % sizes[axis];
    number /= sizes[axis];
  }
  return indices;
}

size_t Sweep::OuterIndex(const SweepTarget& target,
                         const Indices& indices) const {
  int64_t index = 0;
  for (const size_t axis : target.outer) {
    index = index * sizes[axis] + indices[axis];
  }
  return static_cast<size_t>(index);
}

size_t Sweep::PieceIndex(const SweepTarget& target,
                         const Indices& indices) const {
  return OuterIndex(target, indices) * target.values.size() +
         static_cast<size_t>(indices[target.axis]);
}

void Sweep::Put(const SweepTarget& target, const Indices& indices,
                Component& tree) const {
  PutPiece(tree, target.places[OuterIndex(target, indices)],
           target.pieces[PieceIndex(target, indices)]);
}

std::vector<const SweepTarget*> Sweep::TargetsInAxisOrder() const {
  std::vector<const SweepTarget*> ordered;
  for (const SweepTarget& target : targets) ordered.push_back(&target);
  std::ranges::sort(ordered, [](const SweepTarget* a, const SweepTarget* b) {
    return std::pair(a->axis, a->path) < std::pair(b->axis, b->path);
  });
  return ordered;
}

std::vector<std::string> Sweep::axes() const {
  std::vector<std::string> paths;
  for (const SweepTarget* target : TargetsInAxisOrder()) {
    paths.push_back(target->path);
  }
  return paths;
}

std::vector<int64_t> Sweep::axis_sizes() const {
  std::vector<int64_t> values;
  for (const SweepTarget* target : TargetsInAxisOrder()) {
    values.push_back(sizes[target->axis]);
  }
  return values;
}

Point Sweep::At(int64_t number) const {
  const Indices indices = IndicesOf(number);
  Point point;
  point.number = number;
  point.seed = seed;
  point.tree = base;
  for (const SweepTarget& target : targets) {
    Put(target, indices, point.tree);
    if (target.path != "seed") continue;
    const Piece& piece = target.pieces[PieceIndex(target, indices)];
    point.seed =
        static_cast<uint64_t>(std::get<int64_t>(std::get<Value>(piece).data));
  }
  for (const SweepTarget* target : TargetsInAxisOrder()) {
    const auto& shown = target->shown[PieceIndex(*target, indices)];
    point.varying.insert(point.varying.end(), shown.begin(), shown.end());
  }
  return point;
}

void Sweep::AppendJson(std::string& json) const {
  json += '[';
  bool is_first = true;
  for (const SweepTarget* target : TargetsInAxisOrder()) {
    if (!is_first) json += ',';
    is_first = false;
    absl::StrAppend(&json, "{\"axis\":", target->axis, ",\"path\":");
    AppendJsonText(target->places.front().path, json);
    json += ",\"values\":[";
    for (size_t i = 0; i < target->pieces.size(); ++i) {
      if (i > 0) json += ',';
      AppendPiece(target->pieces[i], json);
    }
    json += "]}";
  }
  json += ']';
}

}  // namespace engram
