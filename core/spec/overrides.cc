#include "core/spec/overrides.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/spec/nearest_name.h"
#include "core/spec/tree_path.h"

namespace engram {
namespace {

using Assignment = ExperimentText::Assignment;

std::string FirstSegment(const std::string& path) {
  return path.substr(0, path.find('.'));
}

bool IsDocumentPath(const std::string& path) {
  const std::string first = FirstSegment(path);
  const auto& keys = DocumentKeys();
  return first != "experiment" && std::ranges::find(keys, first) != keys.end();
}

// None after a fault, which has the path.
std::optional<YamlNode> ReadExpression(const Assignment& assignment,
                                       ReadContext& context) {
  Faults found;
  YamlNode node = ParseYamlExpression(assignment.expression, found);
  for (Fault& fault : found) {
    context.Report(0, assignment.path, std::move(fault.message));
  }
  if (!found.empty()) return std::nullopt;
  return node;
}

YamlNode& MapUnder(YamlNode& map, const std::string& key) {
  YamlNode* node = map.Find(key);
  if (node != nullptr && node->IsMap()) return *node;
  return map.Set(key, YamlNode::Map(0), 0);
}

// record.metrics, resources.cpus, record.snapshots.rule.weights; other keys of
// the document are set as a whole.
void SetInDocument(const std::string& path, YamlNode node, YamlNode& document,
                   ReadContext& context) {
  const std::string top = FirstSegment(path);
  if (path == top && top != "sweep") {
    document.Set(top, std::move(node), 0);
    return;
  }
  if (top == "sweep") {
    context.Report(0, path, "an axis is set by a sweep, not by a value");
  } else if (top != "record" && top != "resources") {
    context.Report(0, path, absl::StrCat(top, " is set as a whole"));
  } else {
    const std::string key = path.substr(top.size() + 1);
    const std::string snapshots = "snapshots.";
    YamlNode& map = MapUnder(document, top);
    if (key.rfind(snapshots, 0) == 0) {
      MapUnder(map, "snapshots")
          .Set(key.substr(snapshots.size()), std::move(node), 0);
    } else {
      map.Set(key, std::move(node), 0);
    }
  }
}

// An axis that sets the path, or the component around it, would undo the
// assignment in silence.
bool IsSwept(const std::string& path, const YamlNode& document,
             ReadContext& context) {
  const YamlNode* sweep = document.Find("sweep");
  if (sweep == nullptr) return false;
  for (const YamlKey& key : sweep->keys) {
    if (!IsInside(path, FullPath(key.name))) continue;
    context.Report(0, path,
                   absl::StrCat("the sweep sets ", key.name,
                                ", so this would have no effect; sweep that "
                                "path over other values instead"));
    return true;
  }
  return false;
}

void Set(const Assignment& assignment, YamlNode& document,
         ReadContext& context) {
  std::optional<YamlNode> node = ReadExpression(assignment, context);
  if (!node) return;
  const bool is_document = IsDocumentPath(assignment.path);
  const std::string path =
      is_document ? assignment.path : FullPath(assignment.path);
  if (IsSwept(path, document, context)) return;
  if (is_document) {
    SetInDocument(path, *std::move(node), document, context);
    return;
  }
  YamlNode* experiment = document.Find("experiment");
  if (experiment == nullptr) {
    experiment = &document.Set("experiment", YamlNode::Map(0), 0);
  }
  const std::optional<Place> place = Locate(*experiment, path, 0, context);
  if (place) Write(*experiment, *place, *std::move(node));
}

void SetAxis(const std::string& path, YamlNode node, YamlNode& document) {
  YamlNode& sweep = MapUnder(document, "sweep");
  const std::string full = FullPath(path);
  for (const YamlKey& key : sweep.keys) {
    if (key.name == "zip" || FullPath(key.name) != full) continue;
    sweep.Set(std::string(key.name), std::move(node), 0);
    return;
  }
  sweep.Set(path, std::move(node), 0);
}

// "1..10", "[1, 2, 5]", or one seed.
void SetSeeds(const std::string& seeds, YamlNode& document,
              ReadContext& context) {
  std::optional<YamlNode> node = ReadExpression({"seed", seeds}, context);
  if (!node) return;
  if (node->IsScalar() && node->text.find("..") == std::string::npos) {
    YamlNode list;
    list.type = YamlNode::Type::kList;
    list.items.push_back(*std::move(node));
    node = std::move(list);
  }
  SetAxis("seed", *std::move(node), document);
}

}  // namespace

const std::vector<std::string>& DocumentKeys() {
  static const std::vector<std::string> keys = {
      "name",       "notes",  "tags",      "experiment", "seed",  "sweep",
      "sweep_seed", "record", "resources", "priority",   "after", "claims"};
  return keys;
}

void ApplyOverrides(const ExperimentText& text, YamlNode& document,
                    ReadContext& context) {
  for (const Assignment& axis : text.sweep) {
    std::optional<YamlNode> node = ReadExpression(axis, context);
    if (node) SetAxis(axis.path, *std::move(node), document);
  }
  if (!text.seeds.empty()) SetSeeds(text.seeds, document, context);
  for (const Assignment& value : text.set) Set(value, document, context);
}

void NameOverrides(const ExperimentText& text, Faults& faults) {
  std::vector<Assignment> all = text.set;
  all.insert(all.end(), text.sweep.begin(), text.sweep.end());
  if (!text.seeds.empty()) all.push_back({"seed", text.seeds});
  for (Fault& fault : faults) {
    if (fault.line != 0) continue;
    for (const Assignment& assignment : all) {
      const std::string path = IsDocumentPath(assignment.path)
                                   ? assignment.path
                                   : FullPath(assignment.path);
      const bool is_near = fault.path == assignment.path ||
                           IsInside(fault.path, path) ||
                           IsInside(path, fault.path);
      if (!is_near || fault.path.empty()) continue;
      absl::StrAppend(&fault.message, " (in \"", assignment.path, "=",
                      assignment.expression, "\")");
      break;
    }
  }
}

}  // namespace engram
