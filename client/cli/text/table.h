#pragma once

#include <string>
#include <vector>

#include "client/cli/text/look.h"

namespace engram::cli {

enum class Align { kLeft, kRight };

struct Cell {
  std::string text;
  Tone tone = Tone::kPlain;
  // `text` in several colours; used where colours are shown and it fits.
  std::string painted = "";
};

// Rows below a header, in columns as wide as their widest cell.
class Table {
 public:
  struct Column {
    std::string header;
    Align align = Align::kLeft;
  };

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // As many cells as there are columns.
  void AddRow(std::vector<Cell> cells);

  // Lines that end in a newline each. Where the columns are together wider
  // than the look, the widest left-aligned ones are cut first.
  std::string Render(const Look& look) const;

  // As above, but long texts go on in further lines in place of being cut.
  std::string RenderWrapped(const Look& look) const;

 private:
  std::vector<int> Widths(int limit) const;
  std::string Line(const std::vector<Cell>& cells,
                   const std::vector<int>& widths, const Look& look) const;

  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace engram::cli
