#include "client/cli/text/grid.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "client/cli/text/nearest.h"
#include "client/cli/text/utf8.h"

namespace engram::cli {

namespace {

constexpr size_t kLeastColumns = 3;

Table MakeTable(const Grid& grid) {
  std::vector<Table::Column> columns;
  for (const GridColumn& column : grid) {
    columns.push_back({column.header, column.align});
  }
  Table table(std::move(columns));
  const size_t rows = grid.empty() ? 0 : grid[0].cells.size();
  for (size_t row = 0; row < rows; ++row) {
    std::vector<Cell> cells;
    for (const GridColumn& column : grid) cells.push_back(column.cells[row]);
    table.AddRow(std::move(cells));
  }
  return table;
}

// Cells that the columns take where only their headers and numbers count:
// texts can be cut.
int LeastWidth(const Grid& grid) {
  int width = 0;
  for (const GridColumn& column : grid) {
    int widest = DisplayWidth(column.header);
    for (const Cell& cell : column.cells) {
      const int cells = DisplayWidth(cell.text);
      widest = std::max(
          widest, column.align == Align::kLeft ? std::min(cells, 12) : cells);
    }
    width += widest + 2;
  }
  return width - 2;
}

}  // namespace

std::string RenderTable(const Grid& grid, const Look& look, bool wraps) {
  Grid shown = grid;
  std::vector<std::string> left_out;
  while (look.width > 0 && shown.size() > kLeastColumns &&
         LeastWidth(shown) > look.width) {
    left_out.insert(left_out.begin(), shown.back().name);
    shown.pop_back();
  }
  const Table table = MakeTable(shown);
  std::string text = wraps ? table.RenderWrapped(look) : table.Render(look);
  if (left_out.empty()) return text;
  const std::string more =
      absl::StrCat("no room for: ", absl::StrJoin(left_out, ", "));
  return absl::StrCat(text, Paint(Truncate(more, look.width), Tone::kDim, look),
                      "\n");
}

std::string CsvField(absl::string_view text) {
  if (text.find_first_of(",\"\n\r") == absl::string_view::npos) {
    return std::string(text);
  }
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
}

std::string RenderCsv(const Grid& grid) {
  std::vector<std::string> fields;
  for (const GridColumn& column : grid) fields.push_back(CsvField(column.name));
  std::string text = absl::StrJoin(fields, ",") + "\n";
  const size_t rows = grid.empty() ? 0 : grid[0].raw.size();
  for (size_t row = 0; row < rows; ++row) {
    fields.clear();
    for (const GridColumn& column : grid) {
      fields.push_back(CsvField(column.raw[row]));
    }
    absl::StrAppend(&text, absl::StrJoin(fields, ","), "\n");
  }
  return text;
}

absl::StatusOr<std::vector<size_t>> ChooseColumns(
    const std::string& names, const std::vector<std::string>& known) {
  std::vector<size_t> chosen;
  for (const absl::string_view name : absl::StrSplit(names, ',')) {
    const auto found = std::find(known.begin(), known.end(), name);
    if (found == known.end()) {
      return absl::InvalidArgumentError(
          absl::StrCat("no column ", name, DidYouMean(name, known),
                       " (columns: ", absl::StrJoin(known, ", "), ")"));
    }
    chosen.push_back(static_cast<size_t>(found - known.begin()));
  }
  return chosen;
}

}  // namespace engram::cli
