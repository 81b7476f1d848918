#include "core/spec/read_axes.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/spec/axis_values.h"
#include "core/spec/tree_path.h"

namespace engram {
namespace {

bool HasSameKeys(const YamlNode& a, const YamlNode& b) {
  return a.keys.size() == b.keys.size() &&
         std::ranges::all_of(
             a.keys, [&](const YamlKey& key) { return b.Find(key.name); });
}

// zip: [{path: value, other: value}, ...] as one list of values a path.
WrittenAxis ReadZip(const YamlNode& zip, ReadContext& context) {
  WrittenAxis axis;
  if (!zip.IsList() || zip.items.empty() || !zip.items[0].IsMap()) {
    context.Report(zip.line, "sweep.zip",
                   "zip takes a list of maps, each from path to value");
    return axis;
  }
  const YamlNode& first = zip.items[0];
  for (const YamlKey& key : first.keys) {
    WrittenAxis::Entry entry{FullPath(key.name), key.line, {}};
    entry.expression.type = YamlNode::Type::kList;
    entry.expression.line = key.line;
    axis.entries.push_back(std::move(entry));
  }
  for (const YamlNode& item : zip.items) {
    if (!item.IsMap() || !HasSameKeys(first, item)) {
      context.Report(item.line, "sweep.zip",
                     "every item of zip sets the same paths as the first one");
      continue;
    }
    for (size_t i = 0; i < first.keys.size(); ++i) {
      axis.entries[i].expression.items.push_back(
          *item.Find(first.keys[i].name));
    }
  }
  return axis;
}

const std::string& SmallestPath(const WrittenAxis& axis) {
  return std::ranges::min_element(axis.entries, {}, &WrittenAxis::Entry::path)
      ->path;
}

bool IsBefore(const WrittenAxis& a, const WrittenAxis& b) {
  const std::string& path_a = SmallestPath(a);
  const std::string& path_b = SmallestPath(b);
  return std::pair(path_a == "seed", path_a) <
         std::pair(path_b == "seed", path_b);
}

// Two axes, or one twice, cannot set the same path.
void RefuseTwice(std::vector<WrittenAxis>& axes, ReadContext& context) {
  std::set<std::string> seen;
  for (WrittenAxis& axis : axes) {
    std::erase_if(axis.entries, [&](const WrittenAxis::Entry& entry) {
      if (seen.insert(entry.path).second) return false;
      context.Report(entry.line, entry.path,
                     "the sweep sets this path twice; remove one of the two");
      return true;
    });
  }
  std::erase_if(axes, [](const auto& axis) { return axis.entries.empty(); });
}

}  // namespace

std::vector<WrittenAxis> ReadAxes(const YamlNode& sweep, ReadContext& context) {
  std::vector<WrittenAxis> axes;
  if (sweep.IsNull()) return axes;
  if (!sweep.IsMap()) {
    context.Report(sweep.line, "sweep",
                   absl::StrCat("sweep takes a map from path to values, got ",
                                std::string(sweep.TypeName())));
    return axes;
  }
  std::map<std::string, size_t> groups;
  for (size_t i = 0; i < sweep.keys.size(); ++i) {
    const YamlKey& key = sweep.keys[i];
    const YamlNode& item = sweep.items[i];
    if (key.name == "zip") {
      axes.push_back(ReadZip(item, context));
      continue;
    }
    WrittenAxis::Entry entry{FullPath(key.name), key.line, item};
    const std::string group = RandomGroup(item);
    const auto found = groups.find(group);
    if (!group.empty() && found != groups.end()) {
      axes[found->second].entries.push_back(std::move(entry));
      continue;
    }
    if (!group.empty()) groups.emplace(group, axes.size());
    axes.emplace_back().entries.push_back(std::move(entry));
  }
  RefuseTwice(axes, context);
  std::ranges::sort(axes, IsBefore);
  return axes;
}

}  // namespace engram
