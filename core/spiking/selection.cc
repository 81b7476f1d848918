#include <algorithm>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/contract.h"
#include "core/spec/nearest_name.h"
#include "core/spiking/circuits/circuit.h"
#include "core/spiking/network_plan.h"

namespace engram {
namespace {

// "name" or "name[range]".
struct Written {
  std::string name;
  std::string range;  // "3", "0:100", ":100"; empty for all
};

Written Split(const std::string& text) {
  const size_t bracket = text.find('[');
  if (bracket == std::string::npos) return {text, ""};
  return {text.substr(0, bracket),
          text.substr(bracket + 1, text.size() - bracket - 2)};
}

struct Ends {
  int64_t begin = 0, end = 0;
};

Ends ReadEnds(const std::string& range, int64_t units) {
  if (range.empty()) return {0, units};
  Ends ends{0, units};
  const std::vector<std::string> parts = absl::StrSplit(range, ':');
  if (!parts[0].empty()) ENGRAM_EXPECT(absl::SimpleAtoi(parts[0], &ends.begin));
  if (parts.size() == 1) {
    ends.end = ends.begin + 1;
  } else if (!parts[1].empty()) {
    ENGRAM_EXPECT(absl::SimpleAtoi(parts[1], &ends.end));
  }
  return ends;
}

void Add(UnitRange range, UnitSelection& to) {
  range.offset = to.units;
  to.units += range.units();
  to.ranges.push_back(range);
}

// The part [begin, end) of a selection's own numbering.
UnitSelection Cut(const UnitSelection& whole, Ends ends) {
  UnitSelection part;
  for (const UnitRange& range : whole.ranges) {
    const int64_t begin = std::max(ends.begin, range.offset);
    const int64_t end = std::min(ends.end, range.offset + range.units());
    if (begin >= end) continue;
    Add({.population = range.population,
         .begin = range.begin + begin - range.offset,
         .end = range.begin + end - range.offset},
        part);
  }
  return part;
}

class Selector {
 public:
  explicit Selector(const Component& root)
      : populations_(root.Slots("populations")),
        groups_(root.Slots("groups")) {}

  absl::StatusOr<UnitSelection> Select(const Value& value, size_t depth) const {
    const auto* text = std::get_if<std::string>(&value.data);
    if (text == nullptr) {
      return absl::InvalidArgumentError(
          "random samples and single synapses are for recordings; wanted all, "
          "a name or name[0:100]");
    }
    const Written written = Split(*text);
    absl::StatusOr<UnitSelection> whole = Named(written.name, depth);
    if (!whole.ok()) return whole;
    const Ends ends = ReadEnds(written.range, whole->units);
    if (ends.end > whole->units || ends.begin >= ends.end) {
      return absl::InvalidArgumentError(absl::StrCat(
          *text, " reaches to unit ", ends.end - 1, ", but ", written.name,
          " has ", whole->units, "; units are numbered from 0"));
    }
    return Cut(*whole, ends);
  }

 private:
  absl::StatusOr<UnitSelection> Named(const std::string& name,
                                      size_t depth) const {
    UnitSelection found;
    for (size_t i = 0; i < populations_.size(); ++i) {
      if (name != "all" && populations_[i].name != name) continue;
      Add({.population = static_cast<int>(i),
           .begin = 0,
           .end = populations_[i].Integer("units")},
          found);
    }
    if (found.units > 0) return found;
    for (const Component& group : groups_) {
      if (group.name == name) return Members(group, depth);
    }
    return absl::InvalidArgumentError(absl::StrCat(
        "there is no population or group ", name, SuggestName(name, Names())));
  }

  absl::StatusOr<UnitSelection> Members(const Component& group,
                                        size_t depth) const {
    if (depth > groups_.size()) {
      return absl::InvalidArgumentError(
          absl::StrCat("group ", group.name, " contains itself"));
    }
    UnitSelection all;
    for (const Value& of : std::get<Value::List>(group.Get("of").data)) {
      const absl::StatusOr<UnitSelection> part = Select(of, depth + 1);
      if (!part.ok()) return part;
      for (const UnitRange& range : part->ranges) Add(range, all);
    }
    if (all.units == 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("group ", group.name, " is empty"));
    }
    return all;
  }

  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const Component& p : populations_) names.push_back(p.name);
    for (const Component& g : groups_) names.push_back(g.name);
    return names;
  }

  const std::vector<Component>& populations_;
  const std::vector<Component>& groups_;
};

}  // namespace

bool operator==(const UnitSelection& a, const UnitSelection& b) {
  return std::ranges::equal(a.ranges, b.ranges,
                            [](const UnitRange& x, const UnitRange& y) {
                              return x.population == y.population &&
                                     x.begin == y.begin && x.end == y.end;
                            });
}

absl::StatusOr<UnitSelection> SelectUnits(const Component& root,
                                          const Value& selection) {
  if (HasCircuits(root)) return SelectUnits(WithCircuits(root), selection);
  return Selector(root).Select(selection, 0);
}

}  // namespace engram
