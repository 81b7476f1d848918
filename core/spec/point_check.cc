#include "core/spec/point_check.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_split.h"
#include "core/spec/cross_check.h"
#include "core/spec/input_check.h"
#include "core/spec/read_component.h"

namespace engram {
namespace {

// Follows path segments as far as something is written; the line there.
int LineWithin(const YamlNode& top, const std::vector<std::string>& segments,
               size_t at) {
  const YamlNode* node = &top;
  int line = top.line;
  for (; at < segments.size(); ++at) {
    const YamlNode* next = nullptr;
    if (node->IsMap()) {
      next = node->Find(segments[at]);
    } else if (node->IsList()) {
      for (size_t i = 0; i < node->items.size(); ++i) {
        if (ItemSegment(node->items[i], i) == segments[at]) {
          next = &node->items[i];
        }
      }
    }
    if (next == nullptr) break;
    node = next;
    line = next->line;
  }
  return line;
}

class PointChecker {
 public:
  PointChecker(const Sweep& sweep, const YamlNode& first, ReadContext& context)
      : sweep_(sweep),
        first_(first),
        context_(context),
        inputs_(context.catalog, context.resolver),
        indices_(sweep.sizes.size(), 0) {}

  // Walks the points in order and puts only what changed into one tree.
  void Run() {
    Component tree = sweep_.base;
    Check(tree);
    if (!NeedsCheck()) return;
    const int64_t count = sweep_.run_count();
    for (int64_t i = 1; i < count && reported_.size() < kMostFaults; ++i) {
      const size_t slowest = Advance();
      if (PutChanged(slowest, tree)) Check(tree);
    }
  }

 private:
  static constexpr size_t kMostFaults = 100;

  bool NeedsCheck() const {
    if (IsLookedAt(sweep_.base)) return true;
    return std::ranges::any_of(sweep_.targets, [&](const SweepTarget& target) {
      return target.places.front().what == Place::What::kItem ||
             std::ranges::any_of(target.pieces, [&](const Piece& piece) {
               return HasCheck(piece);
             });
    });
  }

  bool HasCheck(const Piece& piece) const {
    const auto* held = std::get_if<std::vector<Component>>(&piece);
    return held != nullptr &&
           std::ranges::any_of(*held, [&](const Component& component) {
             return IsLookedAt(component);
           });
  }

  bool IsLookedAt(const Component& tree) const {
    return HasCrossChecks(tree, context_.catalog) ||
           ReadsInputs(tree, context_.catalog);
  }

  // To the next point; the slowest axis whose value changed.
  size_t Advance() {
    size_t axis = indices_.size() - 1;
    while (++indices_[axis] == sweep_.sizes[axis]) indices_[axis--] = 0;
    return axis;
  }

  // Whether anything in the tree changed.
  bool PutChanged(size_t slowest, Component& tree) {
    bool has_changed = false;
    for (const SweepTarget& target : sweep_.targets) {
      const bool depends = target.axis >= slowest ||
                           std::ranges::any_of(target.outer, [&](size_t axis) {
                             return axis >= slowest;
                           });
      if (!depends || target.path == "seed") continue;
      sweep_.Put(target, indices_, tree);
      has_changed = true;
    }
    return has_changed;
  }

  void Check(const Component& tree) {
    Faults found;
    CheckUnits(tree, context_.catalog, context_.receptor_units, found);
    CrossCheck(tree, context_.catalog, found);
    inputs_.Check(tree, found);
    for (Fault& fault : found) {
      if (!reported_.emplace(fault.path, fault.message).second) continue;
      context_.Report(Line(fault.path), fault.path, fault.message);
    }
  }

  // The innermost axis value that the path lies in decides, else one that lies
  // in what the path names.
  int Line(const std::string& path) const {
    const SweepTarget* around = nullptr;
    const SweepTarget* inside = nullptr;
    for (const SweepTarget& target : sweep_.targets) {
      const std::string& place =
          target.places[sweep_.OuterIndex(target, indices_)].path;
      if (IsInside(path, place)) around = &target;
      if (inside == nullptr && IsInside(place, path)) inside = &target;
    }
    if (around == nullptr && inside == nullptr) return LineOf(first_, path);
    const SweepTarget& target = around != nullptr ? *around : *inside;
    const YamlNode& value =
        target.values[static_cast<size_t>(indices_[target.axis])];
    const std::string& place =
        target.places[sweep_.OuterIndex(target, indices_)].path;
    const std::vector<std::string> outer = absl::StrSplit(place, '.');
    return LineWithin(value, absl::StrSplit(path, '.'), outer.size());
  }

  const Sweep& sweep_;
  const YamlNode& first_;
  ReadContext& context_;
  InputChecker inputs_;
  Sweep::Indices indices_;
  std::set<std::pair<std::string, std::string>> reported_;
};

}  // namespace

void CheckPoints(const Sweep& sweep, const YamlNode& first,
                 ReadContext& context) {
  PointChecker(sweep, first, context).Run();
}

int LineOf(const YamlNode& experiment, const std::string& path) {
  return LineWithin(experiment, absl::StrSplit(path, '.'), 1);
}

}  // namespace engram
