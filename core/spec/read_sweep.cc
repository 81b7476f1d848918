#include "core/spec/read_sweep.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/spec/axis_values.h"
#include "core/spec/cross_check.h"
#include "core/spec/input_check.h"
#include "core/spec/point_check.h"
#include "core/spec/read_axes.h"
#include "core/spec/read_component.h"
#include "core/spec/shown_values.h"

namespace engram {
namespace {

// Every path is looked up once for every other one.
constexpr size_t kMostPaths = 64;

bool HasTypes(const Component& component) {
  if (component.type.empty()) return false;
  return std::ranges::all_of(component.slots, [](const auto& slot) {
    return std::ranges::all_of(slot.second, HasTypes);
  });
}

class SweepReader {
 public:
  SweepReader(const YamlNode& experiment, uint64_t seed, uint64_t sweep_seed,
              ReadContext& context)
      : written_(experiment), sweep_seed_(sweep_seed), context_(context) {
    sweep_.seed = seed;
  }

  ReadSweepResult Read(const YamlNode* written_sweep) {
    const size_t before = context_.faults.size();
    if (written_sweep != nullptr) {
      AddTargets(ReadAxes(*written_sweep, context_));
    }
    YamlNode first = written_;
    ExpandAll(first);
    const bool is_countable = CountRuns();
    const size_t before_base = context_.faults.size();
    sweep_.base =
        ReadComponent(first, Kind::kProgram, "", "experiment", context_);
    if (context_.faults.size() == before_base) CloseBase(first);
    const size_t after_base = context_.faults.size();
    has_base_ = after_base == before_base;
    if (is_countable) ReadAllPieces();
    // A seed that every point replaces must not tell two experiments apart.
    for (const SweepTarget& target : sweep_.targets) {
      if (target.path == "seed") sweep_.seed = 0;
    }
    ReadSweepResult result;
    result.has_base = after_base == before_base;
    result.has_types = HasTypes(sweep_.base);
    result.has_axes =
        before_base == before && context_.faults.size() == after_base;
    Check(result.has_base, result.has_axes, first);
    result.sweep = std::move(sweep_);
    return result;
  }

 private:
  // Outer places before those inside them, whatever the order of the axes.
  void AddTargets(std::vector<WrittenAxis> axes) {
    for (size_t axis = 0; axis < axes.size(); ++axis) {
      for (WrittenAxis::Entry& entry : axes[axis].entries) {
        SweepTarget target;
        target.path = std::move(entry.path);
        target.line = entry.line;
        target.axis = axis;
        target.values.push_back(std::move(entry.expression));
        std::string spelling = spellings_.size() < kMostPaths
                                   ? Spelling(target.path)
                                   : target.path;
        spellings_.emplace_back(std::move(spelling), std::move(target));
      }
    }
    std::ranges::sort(spellings_, [](const auto& a, const auto& b) {
      return std::pair(a.first, a.second.line) <
             std::pair(b.first, b.second.line);
    });
    if (spellings_.size() > kMostPaths) {
      context_.Report(
          spellings_[kMostPaths].second.line, "sweep",
          absl::StrCat("the sweep sets ", spellings_.size(), " paths; at most ",
                       kMostPaths, " are allowed"));
      spellings_.resize(kMostPaths);
    }
    sweep_.sizes.assign(axes.size(), 0);
    for (size_t i = 0; i < spellings_.size(); ++i) {
      if (i > 0 && spellings_[i].first == spellings_[i - 1].first) {
        context_.Report(spellings_[i].second.line, spellings_[i].second.path,
                        absl::StrCat("the sweep sets this twice, also as ",
                                     spellings_[i - 1].second.path));
      }
      sweep_.targets.push_back(std::move(spellings_[i].second));
    }
  }

  // A path as components spell it, where it exists before anything is swept.
  std::string Spelling(const std::string& path) {
    Faults unused;
    ReadContext quiet{context_.catalog, context_.resolver, unused};
    YamlNode scratch = written_;
    const std::optional<Place> place = Locate(scratch, path, 0, quiet);
    return place ? place->path : path;
  }

  // Each target sees the first values of those before it, so that what lies
  // inside a swept component is found there.
  void ExpandAll(YamlNode& first) {
    std::vector<SweepTarget> known;
    std::vector<std::string> spellings;
    for (size_t i = 0; i < sweep_.targets.size(); ++i) {
      SweepTarget& target = sweep_.targets[i];
      const std::optional<Place> place =
          Locate(first, target.path, target.line, context_);
      if (!place || !CanBeSwept(*place, target)) continue;
      std::optional<std::vector<YamlNode>> values =
          ExpandAxis(target.values[0], *place, sweep_seed_, context_);
      if (!values) continue;
      target.values = *std::move(values);
      Write(first, *place, target.values[0]);
      known.push_back(std::move(target));
      spellings.push_back(spellings_[i].first);
    }
    is_complete_ = known.size() == sweep_.targets.size();
    sweep_.targets = std::move(known);
    FindOuter(spellings);
  }

  bool CanBeSwept(const Place& place, const SweepTarget& target) {
    if (place.what != Place::What::kType) return true;
    context_.Report(target.line, target.path,
                    "a type cannot vary by itself; sweep the whole component, "
                    "such as [{type: a}, {type: b}]");
    return false;
  }

  void FindOuter(const std::vector<std::string>& spellings) {
    for (size_t i = 0; i < sweep_.targets.size(); ++i) {
      std::set<size_t> outer;
      for (size_t j = 0; j < i; ++j) {
        if (!IsInside(spellings[i], spellings[j])) continue;
        outer.insert(sweep_.targets[j].axis);
      }
      SweepTarget& target = sweep_.targets[i];
      if (outer.contains(target.axis)) {
        context_.Report(target.line, target.path,
                        "the same axis also sets the component around this; "
                        "write it into that component");
        is_complete_ = false;
      }
      target.outer.assign(outer.begin(), outer.end());
    }
  }

  bool CountRuns() {
    if (!is_complete_) return false;
    for (const SweepTarget& target : sweep_.targets) {
      const auto size = static_cast<int64_t>(target.values.size());
      int64_t& axis_size = sweep_.sizes[target.axis];
      if (axis_size != 0 && axis_size != size) {
        context_.Report(target.line, target.path,
                        absl::StrCat("has ", size,
                                     " values, but what varies together with "
                                     "it has ",
                                     axis_size));
        return false;
      }
      axis_size = size;
    }
    int64_t count = 1;
    for (const int64_t size : sweep_.sizes) {
      count *= size;
      if (count <= kMostRuns) continue;
      context_.Report(sweep_.targets.front().line, "sweep",
                      absl::StrCat("the sweep has more than ", kMostRuns,
                                   " runs; shorten an axis"));
      return false;
    }
    return true;
  }

  void ReadAllPieces() {
    for (SweepTarget& target : sweep_.targets) {
      Sweep::Indices indices(sweep_.sizes.size(), 0);
      do {
        ReadPieces(target, indices);
      } while (Advance(target.outer, indices));
    }
  }

  // To the next combination of these axes; false after the last one.
  bool Advance(const std::vector<size_t>& axes, Sweep::Indices& indices) {
    for (size_t i = axes.size(); i-- > 0;) {
      if (++indices[axes[i]] < sweep_.sizes[axes[i]]) return true;
      indices[axes[i]] = 0;
    }
    return false;
  }

  // What is written at a point. Places that do not exist there are reported
  // when their own pieces are read.
  YamlNode WrittenAt(const Sweep::Indices& indices) {
    Faults unused;
    ReadContext quiet{context_.catalog, context_.resolver, unused};
    YamlNode tree = written_;
    for (const SweepTarget& target : sweep_.targets) {
      const std::optional<Place> place = Locate(tree, target.path, 0, quiet);
      const auto value = static_cast<size_t>(indices[target.axis]);
      if (place) Write(tree, *place, target.values[value]);
    }
    return tree;
  }

  // The pieces of one target for one combination of its outer axes.
  void ReadPieces(SweepTarget& target, const Sweep::Indices& outer) {
    YamlNode tree = WrittenAt(outer);
    std::optional<Place> place =
        Locate(tree, target.path, target.line, context_);
    if (!place) return;
    target.places.push_back(*place);
    // A component that nothing else reaches into is read as it stands; a tree
    // for each of its values would cost their number times the text's length.
    const bool stands_alone =
        place->what != Place::What::kMapEntry && !HasInner(target);
    for (size_t i = 0; i < target.values.size(); ++i) {
      std::optional<Piece> piece;
      if (stands_alone) {
        piece = ReadPieceOf(target.values[i], *place, context_);
      } else {
        Sweep::Indices indices = outer;
        indices[target.axis] = static_cast<int64_t>(i);
        piece = ReadPiece(WrittenAt(indices), *place, context_);
      }
      if (piece) ClosePiece(target, i, outer, *piece);
      if (piece) target.pieces.push_back(*std::move(piece));
    }
  }

  void CloseBase(const YamlNode& first) {
    Faults found;
    CloseUnits(sweep_.base, context_.catalog, found, context_.receptor_units);
    for (Fault& fault : found) {
      context_.Report(LineOf(first, fault.path), fault.path, fault.message);
    }
  }

  bool IsOpen(const Piece& piece, const Place& place) const {
    if (const auto* held = std::get_if<std::vector<Component>>(&piece)) {
      return std::ranges::any_of(*held, [&](const Component& component) {
        return HasOpenUnits(component, place.slot, context_.catalog);
      });
    }
    return place.what == Place::What::kParameter &&
           HasOpenUnits(std::get<Value>(piece), *place.parameter);
  }

  // Texts of a piece that wait for their unit, in the tree that the pieces
  // around it make: those of targets before this one.
  void ClosePiece(const SweepTarget& target, size_t value,
                  const Sweep::Indices& outer, Piece& piece) {
    const Place& place = target.places.back();
    if (!has_base_ || !context_.faults.empty() || !IsOpen(piece, place)) {
      return;
    }
    Component tree = sweep_.base;
    for (const SweepTarget& before : sweep_.targets) {
      if (&before == &target) break;
      if (before.path == "seed") continue;
      sweep_.Put(before, outer, tree);
    }
    PutPiece(tree, place, piece);
    Faults found;
    CloseUnits(tree, context_.catalog, found, context_.receptor_units);
    for (Fault& fault : found) {
      context_.Report(target.values[value].line, fault.path, fault.message);
    }
    piece = PieceAt(tree, place);
  }

  // Whether another axis sets a part of what this target sets.
  bool HasInner(const SweepTarget& target) const {
    return std::ranges::any_of(sweep_.targets, [&](const SweepTarget& other) {
      return other.axis != target.axis &&
             std::ranges::find(other.outer, target.axis) != other.outer.end();
    });
  }

  void Check(bool has_base, bool has_axes, const YamlNode& first) {
    if (has_base && has_axes) {
      FillShown(sweep_);
      CheckPoints(sweep_, first, context_);
    } else if (has_base) {
      Faults found;
      CrossCheck(sweep_.base, context_.catalog, found);
      InputChecker(context_.catalog, context_.resolver)
          .Check(sweep_.base, found);
      for (Fault& fault : found) {
        context_.Report(LineOf(first, fault.path), fault.path, fault.message);
      }
    }
  }

  const YamlNode& written_;
  uint64_t sweep_seed_;
  ReadContext& context_;
  Sweep sweep_;
  std::vector<std::pair<std::string, SweepTarget>> spellings_;
  bool has_base_ = false;    // without a fault
  bool is_complete_ = true;  // every target has a place and values
};

}  // namespace

ReadSweepResult ReadSweep(const YamlNode& experiment, const YamlNode* sweep,
                          uint64_t seed, uint64_t sweep_seed,
                          ReadContext& context) {
  return SweepReader(experiment, seed, sweep_seed, context).Read(sweep);
}

}  // namespace engram
