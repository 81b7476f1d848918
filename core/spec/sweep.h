#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/spec/component.h"
#include "core/spec/component_spec.h"
#include "core/spec/experiment.h"
#include "core/spec/tree_path.h"
#include "core/spec/value.h"
#include "core/spec/yaml_node.h"

namespace engram {

// What one axis puts at one path, for each of its values. What a value means
// may depend on axes further out (a rule that is swept decides what its eta
// is), so pieces are read for every combination of those.
struct SweepTarget {
  using Shown = std::vector<std::pair<std::string, Value>>;

  std::string path;  // as the user wrote it, in full
  int line = 0;      // of its key
  size_t axis = 0;
  std::vector<YamlNode> values;
  std::vector<size_t> outer;  // axes that its pieces depend on
  std::vector<Place> places;  // one for each combination of `outer`
  std::vector<Piece> pieces;  // combination * values.size() + value
  std::vector<Shown> shown;   // beside pieces: what varies, in words
};

// Every point of an experiment: a base tree, and what each axis puts where.
// Axes are ordered by path, `seed` last; the first is the slowest.
class Sweep {
 public:
  using Indices = std::vector<int64_t>;  // of a value, one for each axis

  Component base;                    // with the first value of every axis
  uint64_t seed = 0;                 // where no axis sets it
  std::vector<int64_t> sizes;        // of the axes
  std::vector<SweepTarget> targets;  // outer ones before those inside them

  int64_t run_count() const;
  Indices IndicesOf(int64_t number) const;
  Point At(int64_t number) const;
  // Paths of the axes, slowest first; of an axis that sets several, all.
  std::vector<std::string> axes() const;
  // Number of values of the axis of each of these.
  std::vector<int64_t> axis_sizes() const;

  // Puts what one target has at a point into a tree in which the targets
  // before it have been put.
  void Put(const SweepTarget& target, const Indices& indices,
           Component& tree) const;
  size_t PieceIndex(const SweepTarget& target, const Indices& indices) const;
  size_t OuterIndex(const SweepTarget& target, const Indices& indices) const;

  void AppendJson(std::string& json) const;

 private:
  std::vector<const SweepTarget*> TargetsInAxisOrder() const;
};

}  // namespace engram
