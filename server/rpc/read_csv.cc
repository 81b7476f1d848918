#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/rpc/array_file.h"

namespace engram {
namespace {

absl::Status Wrong(size_t line, absl::string_view message) {
  return absl::InvalidArgumentError(
      absl::StrCat("CSV, line ", line, ": ", message));
}

// What separates columns: the one of tab, semicolon and comma that the first
// line has, in this order, because a comma may be a decimal mark elsewhere.
char SeparatorOf(absl::string_view line) {
  for (const char separator : {'\t', ';', ','}) {
    if (line.find(separator) != absl::string_view::npos) return separator;
  }
  return ',';
}

bool IsNumber(absl::string_view cell) {
  double value = 0;
  return absl::SimpleAtod(cell, &value);
}

bool IsHeader(absl::string_view line, char separator) {
  for (const absl::string_view cell : absl::StrSplit(line, separator)) {
    if (!IsNumber(absl::StripAsciiWhitespace(cell))) return true;
  }
  return false;
}

// Appends the line's numbers; returns how many.
absl::StatusOr<int64_t> AddRow(absl::string_view line, char separator,
                               size_t number, std::string& bytes) {
  int64_t columns = 0;
  for (absl::string_view cell : absl::StrSplit(line, separator)) {
    cell = absl::StripAsciiWhitespace(cell);
    ++columns;
    double value = 0;
    if (!absl::SimpleAtod(cell, &value) || !std::isfinite(value)) {
      return Wrong(number, absl::StrCat("column ", columns, " holds '",
                                        cell.substr(0, 40),
                                        "'; every cell is a finite number"));
    }
    char raw[sizeof value];
    std::memcpy(raw, &value, sizeof value);
    bytes.append(raw, sizeof value);
  }
  return columns;
}

}  // namespace

absl::StatusOr<ArrayFile> ReadCsv(absl::string_view file) {
  ArrayFile array;
  array.type = ElementType::kFloat64;
  array.order = ArrayOrder::kRowMajor;
  int64_t rows = 0, columns = 0;
  size_t number = 0;
  char separator = ',';
  for (absl::string_view line : absl::StrSplit(file, '\n')) {
    ++number;
    line = absl::StripAsciiWhitespace(line);
    if (line.empty()) continue;
    if (columns == 0 && rows == 0) {
      separator = SeparatorOf(line);
      if (number == 1 && IsHeader(line, separator)) continue;
    }
    auto found = AddRow(line, separator, number, array.converted);
    if (!found.ok()) return found.status();
    if (rows > 0 && *found != columns) {
      return Wrong(number,
                   absl::StrCat("it has ", *found,
                                " columns, the rows before it ", columns));
    }
    columns = *found;
    ++rows;
  }
  if (rows == 0) return Wrong(number, "the file has no row of numbers");
  array.shape = {rows, columns};
  return array;
}

}  // namespace engram
