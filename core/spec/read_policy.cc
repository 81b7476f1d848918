#include "core/spec/read_policy.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/spec/nearest_name.h"
#include "core/spec/read_value.h"

namespace engram {
namespace {

constexpr int64_t kFinal = -1;

bool IsMapOf(const YamlNode& node, const std::string& path,
             const std::vector<std::string>& allowed, ReadContext& context) {
  if (!node.IsMap()) {
    context.Report(
        node.line, path,
        absl::StrCat(path, " takes a map with: ", ListNames(allowed)));
    return false;
  }
  for (const YamlKey& key : node.keys) {
    if (std::ranges::find(allowed, key.name) != allowed.end()) continue;
    context.Report(key.line, absl::StrCat(path, ".", key.name),
                   absl::StrCat(path, " has no ", key.name,
                                SuggestName(key.name, allowed)));
  }
  return true;
}

// "trial", "trials", "batches" for trial, trial, batch.
bool IsCounted(const std::string& word, const std::vector<std::string>& names) {
  if (names.empty()) return true;
  return std::ranges::any_of(names, [&](const std::string& name) {
    return word == name || word == name + "s" || word == name + "es";
  });
}

void ReadMetrics(const YamlNode& node, const std::vector<std::string>& x_names,
                 RecordPolicy& policy, ReadContext& context) {
  const std::vector<std::string> words =
      absl::StrSplit(node.text, ' ', absl::SkipEmpty());
  const bool is_none = words.size() == 1 && words[0] == "none";
  const bool is_every = (words.size() == 2 || words.size() == 3) &&
                        words[0] == "every" && IsCounted(words.back(), x_names);
  int64_t every = is_none ? 0 : 1;
  const bool is_number =
      words.size() != 3 || (absl::SimpleAtoi(words[1], &every) && every >= 1);
  if (node.IsScalar() && (is_none || is_every) && is_number) {
    policy.metrics_every = every;
    return;
  }
  const std::string x = x_names.empty() ? "trial" : x_names.front();
  context.Report(
      node.line, "record.metrics",
      absl::StrCat("metrics is one of: every ", x, ", every 5 ", x, "s, none",
                   x_names.size() > 1 ? "; counted are: " : "",
                   x_names.size() > 1 ? ListNames(x_names) : ""));
}

std::optional<int64_t> ReadTick(const YamlNode& node) {
  int64_t tick = 0;
  if (!node.IsScalar()) return std::nullopt;
  if (node.text == "final") return kFinal;
  if (!absl::SimpleAtoi(node.text, &tick) || tick < 0) return std::nullopt;
  return tick;
}

void ReadSnapshots(const YamlNode& node, RecordPolicy& policy,
                   ReadContext& context) {
  if (!node.IsMap()) {
    context.Report(node.line, "record.snapshots",
                   "snapshots takes a map from array to ticks, such as "
                   "{rule.weights: [0, 100, final]}");
    return;
  }
  for (size_t i = 0; i < node.keys.size(); ++i) {
    const YamlNode& written = node.items[i];
    std::vector<int64_t>& ticks = policy.snapshots[node.keys[i].name];
    const std::vector<YamlNode> alone = {written};
    for (const YamlNode& item : written.IsList() ? written.items : alone) {
      const std::optional<int64_t> tick = ReadTick(item);
      if (tick) {
        ticks.push_back(*tick);
      } else {
        context.Report(item.line,
                       absl::StrCat("record.snapshots.", node.keys[i].name),
                       "a tick is a whole number from 0, or final");
      }
    }
    // In the order in which they are due, `final` last.
    std::ranges::sort(ticks, {},
                      [](int64_t tick) { return static_cast<uint64_t>(tick); });
    ticks.erase(std::unique(ticks.begin(), ticks.end()), ticks.end());
  }
}

// A number of bytes or seconds, rounded up.
std::optional<int64_t> ReadAmount(const YamlNode& node, const std::string& name,
                                  const std::string& unit, double minimum,
                                  double maximum, ReadContext& context) {
  const ParameterSpec spec = Real(name, unit, minimum, minimum, maximum, "");
  const std::optional<Value> value =
      ReadValue(node, spec, absl::StrCat("resources.", name), context);
  if (!value) return std::nullopt;
  return static_cast<int64_t>(std::ceil(std::get<double>(value->data)));
}

}  // namespace

RecordPolicy ReadRecordPolicy(const YamlNode& node,
                              const std::vector<std::string>& x_names,
                              ReadContext& context) {
  RecordPolicy policy;
  if (node.IsNull()) return policy;
  if (!IsMapOf(node, "record", {"metrics", "snapshots"}, context)) {
    return policy;
  }
  if (const YamlNode* metrics = node.Find("metrics")) {
    ReadMetrics(*metrics, x_names, policy, context);
  }
  if (const YamlNode* snapshots = node.Find("snapshots")) {
    ReadSnapshots(*snapshots, policy, context);
  }
  return policy;
}

ResourceRequest ReadResources(const YamlNode& node, ReadContext& context) {
  constexpr double kMostCpus = 4096;
  constexpr double kLeastMemory = 1e6;
  constexpr double kMostMemory = 1e15;
  constexpr double kLongestTime = 366.0 * 86400;
  ResourceRequest request;
  if (node.IsNull()) return request;
  if (!IsMapOf(node, "resources", {"cpus", "memory", "time"}, context)) {
    return request;
  }
  if (const YamlNode* cpus = node.Find("cpus")) {
    ParameterSpec spec =
        Integer("cpus", 1, 1, static_cast<int64_t>(kMostCpus), "");
    const std::optional<Value> count =
        ReadValue(*cpus, spec, "resources.cpus", context);
    if (count) request.cpus = static_cast<int>(std::get<int64_t>(count->data));
  }
  if (const YamlNode* memory = node.Find("memory")) {
    request.memory_bytes =
        ReadAmount(*memory, "memory", "B", kLeastMemory, kMostMemory, context);
  }
  if (const YamlNode* time = node.Find("time")) {
    request.time_s = ReadAmount(*time, "time", "s", 1, kLongestTime, context);
  }
  return request;
}

}  // namespace engram
