#include "server/store/statement.h"

#include "core/base/contract.h"

namespace engram::store {

Statement::~Statement() {
  if (statement_ == nullptr) return;
  if (home_ == nullptr || *home_ != nullptr) return;
  statement_->tryReset();
  *home_ = std::move(statement_);
}

int64_t Statement::Run() {
  const bool has_row = statement_->executeStep();
  ENGRAM_EXPECT(!has_row);
  return statement_->getChanges();
}

void Statement::RunAgain() {
  Run();
  Reset();
}

void Statement::Reset() {
  statement_->reset();
  bound_ = 0;
}

absl::string_view Statement::View(int column) const {
  const SQLite::Column cell = statement_->getColumn(column);
  // The pointer is asked for first: it settles the type that the size is of.
  const void* bytes = cell.getBlob();
  return {static_cast<const char*>(bytes),
          static_cast<size_t>(cell.getBytes())};
}

std::optional<int64_t> Statement::MaybeInt64(int column) const {
  if (IsNull(column)) return std::nullopt;
  return Int64(column);
}

SqlValue Statement::Any(int column) const {
  const SQLite::Column cell = statement_->getColumn(column);
  if (cell.isInteger()) return cell.getInt64();
  if (cell.isFloat()) return cell.getDouble();
  if (cell.isNull()) return std::monostate();
  return Text(column);
}

void Statement::BindAny(int index, const SqlValue& value) {
  if (const auto* integer = std::get_if<int64_t>(&value)) {
    statement_->bind(index, *integer);
  } else if (const auto* real = std::get_if<double>(&value)) {
    statement_->bind(index, *real);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    statement_->bind(index, *text);
  } else {
    statement_->bind(index);
  }
}

}  // namespace engram::store
