#include "server/store/connection.h"

#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "server/store/sqlite_error.h"

namespace engram::store {
namespace {

// A second program on the file can only be a person with a shell: he is waited
// for this long [ms].
constexpr int kBusyTimeoutMs = 5000;

}  // namespace

Connection::Connection(std::unique_ptr<SQLite::Database> database)
    : database_(std::move(database)) {
  // The last connection to close would otherwise checkpoint, whichever it is;
  // version 3.40.1 can damage a log that two connections checkpoint.
  sqlite3_db_config(database_->getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1,
                    nullptr);
  sqlite3_extended_result_codes(database_->getHandle(), 1);
}

Connection::~Connection() { cache_.clear(); }

absl::StatusOr<std::unique_ptr<Connection>> Connection::OpenWriter(
    const std::filesystem::path& file, const WriterOptions& options) {
  try {
    auto connection = std::unique_ptr<Connection>(
        new Connection(std::make_unique<SQLite::Database>(
            file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE,
            kBusyTimeoutMs)));
    Connection& c = *connection;
    c.Execute(absl::StrCat("PRAGMA page_size=", options.page_size).c_str());
    c.Execute("PRAGMA journal_mode=WAL");
    c.Execute("PRAGMA synchronous=FULL");
    c.Execute("PRAGMA foreign_keys=ON");
    c.Execute("PRAGMA temp_store=MEMORY");
    c.Execute("PRAGMA cache_size=-32768");
    c.Execute("PRAGMA journal_size_limit=67108864");
    if (options.max_page_count > 0)
      c.Execute(absl::StrCat("PRAGMA max_page_count=", options.max_page_count)
                    .c_str());
    // Replaces SQLite's own checkpoint after every 1,000 pages.
    sqlite3_wal_hook(c.database_->getHandle(), &Connection::OnCommit, &c);
    return connection;
  } catch (const SQLite::Exception& error) {
    return ToStatus(error);
  }
}

absl::StatusOr<std::unique_ptr<Connection>> Connection::OpenReader(
    const std::filesystem::path& file) {
  try {
    auto connection = std::unique_ptr<Connection>(
        new Connection(std::make_unique<SQLite::Database>(
            file.string(), SQLite::OPEN_READWRITE, kBusyTimeoutMs)));
    connection->Execute("PRAGMA query_only=ON");
    connection->Execute("PRAGMA wal_autocheckpoint=0");
    connection->Execute("PRAGMA temp_store=MEMORY");
    return connection;
  } catch (const SQLite::Exception& error) {
    return ToStatus(error);
  }
}

Statement Connection::Prepare(absl::string_view text) {
  Statement::Owned& home = cache_[text];
  if (home == nullptr)
    return Statement(
        std::make_unique<SQLite::Statement>(*database_, std::string(text)),
        &home);
  Statement::Owned statement = std::move(home);
  return Statement(std::move(statement), &home);
}

Statement Connection::PrepareOnce(const std::string& text) {
  return Statement(std::make_unique<SQLite::Statement>(*database_, text),
                   nullptr);
}

void Connection::Execute(const char* text) { database_->exec(text); }

int64_t Connection::Number(absl::string_view text) {
  Statement statement = PrepareOnce(std::string(text));
  ENGRAM_EXPECT(statement.Step());
  return statement.Int64(0);
}

bool Connection::is_idle() const {
  return sqlite3_get_autocommit(database_->getHandle()) != 0;
}

void Connection::RollBackQuietly() {
  if (!is_idle()) database_->tryExec("ROLLBACK");
}

void Connection::Checkpoint(bool truncate) {
  sqlite3_wal_checkpoint_v2(
      database_->getHandle(), nullptr,
      truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE,
      nullptr, nullptr);
}

int Connection::OnCommit(void* self, sqlite3*, const char*, int pages) {
  static_cast<Connection*>(self)->wal_pages_ = pages;
  return SQLITE_OK;
}

}  // namespace engram::store
