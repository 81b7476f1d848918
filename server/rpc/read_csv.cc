#include <cmath>
#include <cstring>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/rpc/array_file.h"

namespace engram {
namespace {

constexpr size_t kMostLineBytes = size_t{16} << 20;
// Elements are gathered up to this.
constexpr size_t kGatheredBytes = size_t{1} << 20;

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

// Lines as they come, with what they have made so far.
class Table {
 public:
  explicit Table(TakeElements take) : take_(take) {}

  absl::Status AddPiece(absl::string_view piece) {
    while (true) {
      const size_t end = piece.find('\n');
      const absl::string_view part = piece.substr(0, end);
      if (line_.size() + part.size() > kMostLineBytes) {
        return Wrong(number_ + 1,
                     absl::StrCat("it is longer than ", kMostLineBytes,
                                  " bytes; a line is one row"));
      }
      line_.append(part.data(), part.size());
      if (end == absl::string_view::npos) return absl::OkStatus();
      if (auto added = EndLine(); !added.ok()) return added;
      piece.remove_prefix(end + 1);
    }
  }

  absl::StatusOr<ArrayFacts> Finish() {
    if (auto added = EndLine(); !added.ok()) return added;
    if (rows_ == 0) return Wrong(number_, "the file has no row of numbers");
    if (auto taken = take_(elements_); !taken.ok()) return taken;
    return ArrayFacts{
        ElementType::kFloat64, ArrayOrder::kRowMajor, {rows_, columns_}};
  }

 private:
  absl::Status EndLine() {
    ++number_;
    const std::string text = std::exchange(line_, {});
    const absl::string_view line = absl::StripAsciiWhitespace(text);
    if (line.empty()) return absl::OkStatus();
    if (rows_ == 0) {
      separator_ = SeparatorOf(line);
      if (number_ == 1 && IsHeader(line, separator_)) return absl::OkStatus();
    }
    const auto found = AddRow(line, separator_, number_, elements_);
    if (!found.ok()) return found.status();
    if (rows_ > 0 && *found != columns_) {
      return Wrong(number_,
                   absl::StrCat("it has ", *found,
                                " columns, the rows before it ", columns_));
    }
    columns_ = *found;
    ++rows_;
    if (elements_.size() < kGatheredBytes) return absl::OkStatus();
    const absl::Status taken = take_(elements_);
    elements_.clear();
    return taken;
  }

  const TakeElements take_;
  std::string line_;
  std::string elements_;
  size_t number_ = 0;  // of the line
  char separator_ = ',';
  int64_t rows_ = 0, columns_ = 0;
};

}  // namespace

absl::StatusOr<ArrayFacts> ReadCsv(const FileBytes& file, TakeElements take) {
  Table table(take);
  const absl::Status read = ForEachPiece(
      file, 0, [&](absl::string_view piece) { return table.AddPiece(piece); });
  if (!read.ok()) return read;
  return table.Finish();
}

}  // namespace engram
