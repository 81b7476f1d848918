#include "client/cli/text/grid.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "client/cli/text/nearest.h"

namespace engram::cli {

std::string RenderTable(const Grid& grid, const Look& look, bool wraps) {
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
  return wraps ? table.RenderWrapped(look) : table.Render(look);
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
