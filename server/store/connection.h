#pragma once

#include <SQLiteCpp/Database.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/container/node_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/store/statement.h"

namespace engram::store {

// One connection to one database file, for one thread at a time. Everything
// but Open throws SQLite::Exception.
class Connection {
 public:
  struct WriterOptions {
    int page_size = 4096;        // of a file that is new
    int64_t max_page_count = 0;  // 0: SQLite's own limit
  };

  // The connection that writes: makes the file if need be, write-ahead log,
  // synchronous=FULL, foreign keys. It alone checkpoints, and when told to.
  static absl::StatusOr<std::unique_ptr<Connection>> OpenWriter(
      const std::filesystem::path& file, const WriterOptions& options);
  // One that cannot write; to be closed before the writer is.
  static absl::StatusOr<std::unique_ptr<Connection>> OpenReader(
      const std::filesystem::path& file);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // From the cache; `text` is one of a small number.
  Statement Prepare(absl::string_view text);
  // For text that is put together for one use.
  Statement PrepareOnce(const std::string& text);
  void Execute(const char* text);
  // The single number that the text gives.
  int64_t Number(absl::string_view text);

  // Whether no transaction is open: SQLite rolls one back by itself after some
  // failures (a full disk).
  bool is_idle() const;
  void RollBackQuietly();

  // Pages in the write-ahead log after the last commit.
  int wal_pages() const { return wal_pages_; }
  // Copies the log into the file as far as readers allow; with `truncate` also
  // empties it, which succeeds when nobody reads.
  void Checkpoint(bool truncate);

  SQLite::Database& database() { return *database_; }

 private:
  explicit Connection(std::unique_ptr<SQLite::Database> database);
  static int OnCommit(void* self, struct sqlite3* handle, const char* name,
                      int pages);

  std::unique_ptr<SQLite::Database> database_;
  absl::node_hash_map<std::string, Statement::Owned> cache_;
  int wal_pages_ = 0;
};

}  // namespace engram::store
