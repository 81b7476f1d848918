#include "client/cli/text/table.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/cli/text/utf8.h"

namespace engram::cli {
namespace {

constexpr int kGap = 2;
// Below this a cut column says nothing any more.
constexpr int kLeastWidth = 8;

}  // namespace

void Table::AddRow(std::vector<Cell> cells) {
  for (Cell& cell : cells) cell.text = Printable(cell.text);
  cells.resize(columns_.size());
  rows_.push_back(std::move(cells));
}

std::vector<int> Table::Widths(int limit) const {
  std::vector<int> widths;
  for (size_t i = 0; i < columns_.size(); ++i) {
    int width = DisplayWidth(columns_[i].header);
    for (const auto& row : rows_) {
      width = std::max(width, DisplayWidth(row[i].text));
    }
    widths.push_back(width);
  }
  if (limit <= 0) return widths;
  const int gaps = kGap * static_cast<int>(widths.size() - 1);
  while (std::accumulate(widths.begin(), widths.end(), gaps) > limit) {
    size_t widest = widths.size();
    for (size_t i = 0; i < widths.size(); ++i) {
      if (columns_[i].align == Align::kRight || widths[i] <= kLeastWidth) {
        continue;
      }
      if (widest == widths.size() || widths[i] > widths[widest]) widest = i;
    }
    if (widest == widths.size()) break;
    --widths[widest];
  }
  return widths;
}

std::string Table::Line(const std::vector<Cell>& cells,
                        const std::vector<int>& widths,
                        const Look& look) const {
  std::string line;
  int owed = 0;  // spaces before the next text; none end a line
  for (size_t i = 0; i < cells.size(); ++i) {
    std::string text = Truncate(cells[i].text, widths[i]);
    // Spaces alone only hold the column's width.
    if (text.find_first_not_of(' ') == std::string::npos) text.clear();
    const int missing = widths[i] - DisplayWidth(text);
    if (columns_[i].align == Align::kRight) owed += missing;
    if (!text.empty()) {
      line.append(static_cast<size_t>(owed), ' ');
      const bool whole = text.size() == cells[i].text.size();
      const bool as_painted = look.color && whole && !cells[i].painted.empty();
      absl::StrAppend(&line, as_painted ? cells[i].painted
                                        : Paint(text, cells[i].tone, look));
      owed = 0;
    }
    if (columns_[i].align == Align::kLeft) owed += missing;
    owed += kGap;
  }
  return line + "\n";
}

std::string Table::RenderWrapped(const Look& look) const {
  const std::vector<int> widths = Widths(look.width);
  Table broken(columns_);
  for (const auto& row : rows_) {
    std::vector<std::vector<std::string>> parts;
    size_t height = 1;
    for (size_t i = 0; i < row.size(); ++i) {
      parts.push_back(absl::StrSplit(Wrap(row[i].text, widths[i], ""), '\n',
                                     absl::SkipEmpty()));
      height = std::max(height, parts.back().size());
    }
    for (size_t line = 0; line < height; ++line) {
      std::vector<Cell> cells;
      for (size_t i = 0; i < row.size(); ++i) {
        cells.push_back(
            {line < parts[i].size() ? parts[i][line] : "", row[i].tone});
      }
      broken.AddRow(std::move(cells));
    }
  }
  return broken.Render(look);
}

std::string Table::Render(const Look& look) const {
  const std::vector<int> widths = Widths(look.width);
  std::vector<Cell> header;
  for (const Column& column : columns_) {
    header.push_back({column.header, Tone::kDim});
  }
  std::string text = Line(header, widths, look);
  for (const auto& row : rows_) text += Line(row, widths, look);
  return text;
}

}  // namespace engram::cli
