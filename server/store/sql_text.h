#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/store/statement.h"

namespace engram::store {

// SQL put together for one use, with the values of its question marks in
// order. What came from outside goes into `values`, never into `text`.
struct SqlText {
  std::string text;
  std::vector<SqlValue> values;

  SqlText() = default;
  SqlText(absl::string_view sql, std::vector<SqlValue> bound = {})  // NOLINT
      : text(sql), values(std::move(bound)) {}

  SqlText& operator+=(const SqlText& part) {
    text += part.text;
    values.insert(values.end(), part.values.begin(), part.values.end());
    return *this;
  }
  friend SqlText operator+(SqlText left, const SqlText& right) {
    left += right;
    return left;
  }
};

// "(a AND b AND c)"; "1" for none.
inline SqlText Joined(const std::vector<SqlText>& parts,
                      absl::string_view with) {
  if (parts.empty()) return SqlText("1");
  SqlText all("(");
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) all.text += absl::StrCat(" ", with, " ");
    all += parts[i];
  }
  all.text += ")";
  return all;
}

class Reader;

// Ready to be stepped, with its values bound.
Statement Prepared(Reader& reader, const SqlText& sql);

}  // namespace engram::store
