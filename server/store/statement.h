#pragma once

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Statement.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>

#include "absl/strings/string_view.h"

namespace engram::store {

// Bytes to bind as a BLOB rather than as TEXT. They are not copied: they stay
// where they are until the statement has run.
struct Blob {
  absl::string_view bytes;
};

// A value whose type is known when the statement is made only.
using SqlValue = std::variant<std::monostate, int64_t, double, std::string>;

// A prepared statement, borrowed from its connection's cache for the time of
// this object. Throws SQLite::Exception, as everything below Store::Read and
// Store::Write does.
class Statement {
 public:
  using Owned = std::unique_ptr<SQLite::Statement>;

  // Gives the statement back to `home` when it is empty then.
  Statement(Owned statement, Owned* home)
      : statement_(std::move(statement)), home_(home) {}
  Statement(Statement&&) = default;
  ~Statement();

  // Binds the next parameters in order of their place in the text.
  template <class... Args>
  Statement& Bind(const Args&... args) {
    (BindOne(args), ...);
    return *this;
  }

  // True while there is a row.
  bool Step() { return statement_->executeStep(); }
  // For statements that give no row; returns how many rows were changed.
  int64_t Run();
  // Runs, and makes ready for the next row to be bound.
  void RunAgain();
  // Makes ready to be bound and stepped from the beginning.
  void Reset();

  int64_t Int64(int column) const {
    return statement_->getColumn(column).getInt64();
  }
  int Int(int column) const { return statement_->getColumn(column).getInt(); }
  double Real(int column) const {
    return statement_->getColumn(column).getDouble();
  }
  std::string Text(int column) const { return std::string(View(column)); }
  // TEXT or BLOB, valid until the next Step.
  absl::string_view View(int column) const;
  bool IsNull(int column) const {
    return statement_->getColumn(column).isNull();
  }
  std::optional<int64_t> MaybeInt64(int column) const;
  SqlValue Any(int column) const;

 private:
  template <class T>
  void BindOne(const T& value) {
    const int index = ++bound_;
    if constexpr (std::is_same_v<T, Blob>) {
      statement_->bindNoCopy(index, value.bytes.data(),
                             static_cast<int>(value.bytes.size()));
    } else if constexpr (std::is_same_v<T, SqlValue>) {
      BindAny(index, value);
    } else if constexpr (std::is_integral_v<T>) {
      statement_->bind(index, static_cast<int64_t>(value));
    } else if constexpr (std::is_floating_point_v<T>) {
      statement_->bind(index, static_cast<double>(value));
    } else if constexpr (std::is_enum_v<T>) {
      statement_->bind(index, static_cast<int64_t>(value));
    } else if constexpr (std::is_same_v<T, std::nullopt_t>) {
      statement_->bind(index);
    } else if constexpr (std::is_constructible_v<absl::string_view, T>) {
      statement_->bind(index, std::string(absl::string_view(value)));
    } else if (value.has_value()) {  // an optional
      --bound_;
      BindOne(*value);
    } else {
      statement_->bind(index);
    }
  }
  void BindAny(int index, const SqlValue& value);

  Owned statement_;
  Owned* home_;  // where it goes back to; null for one that is not cached
  int bound_ = 0;
};

}  // namespace engram::store
