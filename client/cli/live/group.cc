#include "client/cli/live/group.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/cli/live/rows.h"
#include "client/cli/names.h"
#include "client/cli/spread.h"
#include "client/cli/text/quantity.h"
#include "client/cli/text/table.h"
#include "client/cli/text/utf8.h"
#include "client/cli/wording.h"

namespace engram::cli {
namespace {

constexpr size_t kMostValues = 3;  // summary values beside a group
constexpr int kBar = 16;
constexpr int kWidestValue = 24;

using Key = std::vector<std::string>;

struct Group {
  Key key;
  std::vector<const LiveRun*> runs;
};

// In the order of their first runs.
std::vector<Group> GroupsOf(const Board& board,
                            const std::vector<std::string>& paths) {
  std::vector<Group> groups;
  std::map<Key, size_t> places;
  for (const auto& [id, live] : board.runs()) {
    Key key;
    for (const std::string& path : paths) {
      const auto found = live.run.varying().find(path);
      key.push_back(
          found == live.run.varying().end() ? "-" : ValueText(found->second));
    }
    const auto [place, fresh] = places.emplace(key, groups.size());
    if (fresh) groups.push_back({key, {}});
    groups[place->second].runs.push_back(&live);
  }
  return groups;
}

Cell BarCell(const Group& group, bool failed, const Look& look) {
  double sum = 0;
  for (const LiveRun* live : group.runs) sum += live->Fraction();
  const double fraction = sum / static_cast<double>(group.runs.size());
  const Bar bar = MakeBar(fraction, kBar);
  const Tone tone = failed          ? Tone::kBad
                    : fraction >= 1 ? Tone::kGood
                                    : Tone::kActive;
  return {bar.full + bar.rest, Tone::kPlain,
          Paint(bar.full, tone, look) + Paint(bar.rest, Tone::kDim, look)};
}

std::vector<std::pair<std::string, std::string>> SummaryNames(
    const Board& board) {
  std::map<std::string, std::string> units;
  for (const auto& [key, live] : board.runs()) {
    for (const auto& [name, value] : live.run.summary()) {
      units[name] = value.unit();
    }
  }
  std::vector<std::pair<std::string, std::string>> names;
  for (const std::string& name : board.order().Sorted(units)) {
    names.emplace_back(name, units.at(name));
  }
  names.resize(std::min(names.size(), kMostValues));
  return names;
}

Cell SpreadCell(const Group& group, const std::string& name) {
  std::vector<double> values;
  for (const LiveRun* live : group.runs) {
    const auto found = live->run.summary().find(name);
    if (found == live->run.summary().end()) continue;
    if (const auto value = NumberOf(found->second)) values.push_back(*value);
  }
  return {values.empty() ? "-" : SpreadText(SpreadOf(values))};
}

}  // namespace

std::string GroupRows(const Board& board, const Look& look) {
  std::vector<std::string> paths = VaryingPaths(board);
  paths.erase(std::remove(paths.begin(), paths.end(), "seed"), paths.end());
  const auto headers = ShortPaths(paths);
  const auto names = SummaryNames(board);
  std::vector<Table::Column> columns;
  for (const std::string& path : paths) {
    columns.push_back({headers.at(path), Align::kLeft});
  }
  if (paths.empty()) columns.push_back({"group", Align::kLeft});
  columns.push_back({"", Align::kLeft});
  columns.push_back({"ended", Align::kRight});
  columns.push_back({"failed", Align::kRight});
  for (const auto& [name, unit] : names) {
    columns.push_back({WithUnit(name, unit), Align::kRight});
  }
  Table table(columns);
  for (const Group& group : GroupsOf(board, paths)) {
    std::vector<Cell> cells;
    for (const std::string& value : group.key) {
      cells.push_back({Truncate(value, kWidestValue)});
    }
    if (paths.empty()) cells.push_back({"all runs"});
    int64_t ended = 0;
    int64_t failed = 0;
    for (const LiveRun* live : group.runs) {
      ended += HasEnded(live->run.state()) ? 1 : 0;
      failed += live->run.state() == v1::RUN_STATE_FAILED ||
                        live->run.state() == v1::RUN_STATE_TIMED_OUT
                    ? 1
                    : 0;
    }
    cells.push_back(BarCell(group, failed > 0, look));
    cells.push_back({absl::StrCat(ended, "/", group.runs.size())});
    cells.push_back({failed > 0 ? absl::StrCat(failed) : "-",
                     failed > 0 ? Tone::kBad : Tone::kDim});
    for (const auto& [name, unit] : names) {
      cells.push_back(SpreadCell(group, name));
    }
    table.AddRow(std::move(cells));
  }
  return table.Render(look);
}

}  // namespace engram::cli
