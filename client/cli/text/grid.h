#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/cli/text/look.h"
#include "client/cli/text/table.h"

namespace engram::cli {

// A column of a listing: what people read, and what programs do.
struct GridColumn {
  std::string name;    // in CSV headers and --columns
  std::string header;  // in tables, with the unit
  Align align = Align::kLeft;
  std::vector<Cell> cells;
  std::vector<std::string> raw;  // as many as `cells`
};

using Grid = std::vector<GridColumn>;

// Where there is no room for every column, those at the right are left out
// and named below. With `wraps`, long texts go on in further lines in place of
// being cut.
std::string RenderTable(const Grid& grid, const Look& look, bool wraps = false);

// RFC 4180, but with plain newlines.
std::string RenderCsv(const Grid& grid);

// One field, quoted where it must be.
std::string CsvField(absl::string_view text);

// Which of `known` are wanted: those of the comma-separated `names`, in that
// order. INVALID_ARGUMENT names the nearest known column.
absl::StatusOr<std::vector<size_t>> ChooseColumns(
    const std::string& names, const std::vector<std::string>& known);

}  // namespace engram::cli
