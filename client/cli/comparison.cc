#include "client/cli/comparison.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/cli/names.h"
#include "client/cli/text/quantity.h"
#include "client/cli/wording.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"

namespace engram::cli {
namespace {

using Parameters = std::map<std::string, std::string>;

// Every leaf of a tree by its path; a list's items by their names, else by
// their places.
void Flatten(const std::string& path, const google::protobuf::Value& value,
             Parameters* leaves) {
  if (value.has_struct_value()) {
    for (const auto& [key, child] : value.struct_value().fields()) {
      Flatten(path.empty() ? key : absl::StrCat(path, ".", key), child, leaves);
    }
    return;
  }
  const bool of_components = value.has_list_value() &&
                             value.list_value().values_size() > 0 &&
                             value.list_value().values(0).has_struct_value();
  if (!of_components) {
    (*leaves)[path] = ValueText(value);
    return;
  }
  for (int i = 0; i < value.list_value().values_size(); ++i) {
    const auto& child = value.list_value().values(i);
    const auto name = child.struct_value().fields().find("name");
    const std::string key = name == child.struct_value().fields().end()
                                ? absl::StrCat(i)
                                : ValueText(name->second);
    Flatten(absl::StrCat(path, ".", key), child, leaves);
  }
}

Parameters ParametersOf(const v1::Run& run) {
  Parameters leaves;
  google::protobuf::Value tree;
  if (!run.tree_json().empty() &&
      google::protobuf::util::JsonStringToMessage(run.tree_json(), &tree)
          .ok()) {
    Flatten("", tree, &leaves);
    return leaves;
  }
  for (const auto& [path, value] : run.varying()) {
    Flatten(path, value, &leaves);
  }
  return leaves;
}

bool IsSeed(const std::string& path) { return path == "seed"; }

// Paths whose values are not all equal, `seed` last.
std::vector<std::string> Differing(const std::vector<Parameters>& all) {
  std::set<std::string> paths;
  for (const Parameters& one : all) {
    for (const auto& [path, value] : one) paths.insert(path);
  }
  std::vector<std::string> differing;
  for (const std::string& path : paths) {
    const auto value = [&](const Parameters& one) {
      const auto found = one.find(path);
      return found == one.end() ? "-" : found->second;
    };
    const bool equal =
        std::all_of(all.begin(), all.end(), [&](const Parameters& one) {
          return value(one) == value(all.front());
        });
    if (!equal) differing.push_back(path);
  }
  std::stable_partition(differing.begin(), differing.end(),
                        [](const std::string& path) { return !IsSeed(path); });
  return differing;
}

Comparison Frame(const std::vector<v1::Run>& runs) {
  Comparison comparison;
  for (const v1::Run& run : runs) {
    for (const auto& [name, value] : run.summary()) {
      comparison.units[name] = value.unit();
    }
  }
  for (const auto& [name, unit] : comparison.units) {
    comparison.results.push_back(name);
  }
  return comparison;
}

Parameters Only(const Parameters& all, const std::vector<std::string>& paths) {
  Parameters chosen;
  for (const std::string& path : paths) {
    const auto found = all.find(path);
    chosen[path] = found == all.end() ? "-" : found->second;
  }
  return chosen;
}

std::optional<Spread> ResultOf(const std::vector<const v1::Run*>& runs,
                               const std::string& name) {
  std::vector<double> values;
  for (const v1::Run* run : runs) {
    if (run->state() != v1::RUN_STATE_SUCCEEDED) continue;
    const auto found = run->summary().find(name);
    if (found == run->summary().end()) continue;
    if (const auto value = NumberOf(found->second)) values.push_back(*value);
  }
  if (values.empty()) return std::nullopt;
  return SpreadOf(values);
}

Compared MakeCompared(std::string name, Parameters parameters,
                      const std::vector<const v1::Run*>& runs,
                      const Comparison& frame) {
  Compared compared;
  compared.name = std::move(name);
  compared.run_count = static_cast<int64_t>(runs.size());
  compared.parameters = std::move(parameters);
  for (const std::string& result : frame.results) {
    compared.results[result] = ResultOf(runs, result);
  }
  return compared;
}

std::string JsonText(const std::string& text) {
  google::protobuf::Value value;
  value.set_string_value(text);
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(value, &json);
  return status.ok() ? json : "\"\"";
}

std::string ItemJson(const Compared& item) {
  std::string text =
      absl::StrCat("{\"name\":", JsonText(item.name),
                   ",\"runCount\":", item.run_count, ",\"parameters\":{");
  for (const auto& [path, value] : item.parameters) {
    if (!absl::EndsWith(text, "{")) text += ',';
    absl::StrAppend(&text, JsonText(path), ":", JsonText(value));
  }
  text += "},\"results\":{";
  for (const auto& [name, spread] : item.results) {
    if (!absl::EndsWith(text, "{")) text += ',';
    absl::StrAppend(&text, JsonText(name), ":");
    if (spread) {
      absl::StrAppend(&text, "{\"mean\":", ExactText(spread->mean),
                      ",\"sd\":", ExactText(spread->deviation),
                      ",\"count\":", spread->count, "}");
    } else {
      text += "null";
    }
  }
  return text + "}}";
}

// A column an item, which reads best for a few.
std::string SideBySide(const Comparison& comparison, const Look& look) {
  std::vector<Table::Column> columns = {{"", Align::kLeft}};
  for (const Compared& item : comparison.items) {
    columns.push_back({item.name, Align::kRight});
  }
  Table table(columns);
  for (const std::string& path : comparison.parameters) {
    std::vector<Cell> cells = {{path}};
    for (const Compared& item : comparison.items) {
      cells.push_back({item.parameters.at(path), Tone::kStrong});
    }
    table.AddRow(std::move(cells));
  }
  for (const std::string& name : comparison.results) {
    std::vector<Cell> cells = {{WithUnit(name, comparison.units.at(name))}};
    for (const Compared& item : comparison.items) {
      const auto& spread = item.results.at(name);
      cells.push_back({spread ? SpreadText(*spread) : "-"});
    }
    table.AddRow(std::move(cells));
  }
  return table.Render(look);
}

}  // namespace

Comparison CompareRuns(const std::vector<v1::Run>& runs) {
  Comparison comparison = Frame(runs);
  std::vector<Parameters> all;
  for (const v1::Run& run : runs) all.push_back(ParametersOf(run));
  comparison.parameters = Differing(all);
  for (size_t i = 0; i < runs.size(); ++i) {
    comparison.items.push_back(MakeCompared(ShortName(runs[i].name()),
                                            Only(all[i], comparison.parameters),
                                            {&runs[i]}, comparison));
  }
  return comparison;
}

Comparison CompareGroups(const std::vector<v1::Run>& runs) {
  Comparison comparison = Frame(runs);
  comparison.grouped = true;
  std::vector<Parameters> all;
  for (const v1::Run& run : runs) all.push_back(ParametersOf(run));
  std::vector<std::string> paths = Differing(all);
  paths.erase(std::remove_if(paths.begin(), paths.end(), IsSeed), paths.end());
  comparison.parameters = paths;
  std::vector<std::pair<Parameters, std::vector<const v1::Run*>>> groups;
  for (size_t i = 0; i < runs.size(); ++i) {
    const Parameters key = Only(all[i], paths);
    const auto found =
        std::find_if(groups.begin(), groups.end(),
                     [&](const auto& group) { return group.first == key; });
    if (found == groups.end()) {
      groups.push_back({key, {&runs[i]}});
    } else {
      found->second.push_back(&runs[i]);
    }
  }
  for (auto& [key, members] : groups) {
    comparison.items.push_back(
        MakeCompared(CountedText(static_cast<int64_t>(members.size()), "run"),
                     key, members, comparison));
  }
  return comparison;
}

Grid ComparisonGrid(const Comparison& comparison) {
  const auto headers = ShortPaths(comparison.parameters);
  Grid grid;
  for (const std::string& path : comparison.parameters) {
    GridColumn column{path, headers.at(path), Align::kLeft, {}, {}};
    for (const Compared& item : comparison.items) {
      column.cells.push_back({item.parameters.at(path), Tone::kStrong});
      column.raw.push_back(item.parameters.at(path));
    }
    grid.push_back(std::move(column));
  }
  const char* header = comparison.grouped ? "runs" : "run";
  GridColumn names{header, header, Align::kRight, {}, {}};
  for (const Compared& item : comparison.items) {
    names.cells.push_back(
        {comparison.grouped ? absl::StrCat(item.run_count) : item.name});
    names.raw.push_back(names.cells.back().text);
  }
  grid.push_back(std::move(names));
  for (const std::string& name : comparison.results) {
    GridColumn mean{
        name, WithUnit(name, comparison.units.at(name)), Align::kRight, {}, {}};
    GridColumn sd{name + "_sd", "", Align::kRight, {}, {}};
    for (const Compared& item : comparison.items) {
      const auto& spread = item.results.at(name);
      mean.cells.push_back({spread ? SpreadText(*spread) : "-"});
      mean.raw.push_back(spread ? ExactText(spread->mean) : "");
      sd.raw.push_back(
          spread && spread->count > 1 ? ExactText(spread->deviation) : "");
      sd.cells.push_back({sd.raw.back()});
    }
    grid.push_back(std::move(mean));
    grid.push_back(std::move(sd));
  }
  return grid;
}

std::string ComparisonText(const Comparison& comparison, const Look& look) {
  constexpr size_t kMostBeside = 6;
  if (comparison.items.size() <= kMostBeside) {
    return SideBySide(comparison, look);
  }
  Grid grid = ComparisonGrid(comparison);
  // The spread stands beside the mean already.
  grid.erase(std::remove_if(grid.begin(), grid.end(),
                            [](const GridColumn& column) {
                              return column.header.empty();
                            }),
             grid.end());
  return RenderTable(grid, look);
}

std::string ComparisonJson(const Comparison& comparison) {
  std::string text = "{\"items\":[";
  for (size_t i = 0; i < comparison.items.size(); ++i) {
    absl::StrAppend(&text, i > 0 ? "," : "", ItemJson(comparison.items[i]));
  }
  return text + "]}";
}

}  // namespace engram::cli
