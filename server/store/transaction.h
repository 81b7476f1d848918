#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/store/event_table.h"

namespace engram::store {

class Connection;
class Statement;

// What the functions of the *_table.h headers read through: one consistent
// snapshot of the database. Lives for one call of Store::Read or Store::Write
// and is used by the thread that runs it alone.
//
// A failure of the database itself (disk full, I/O error) leaves the functions
// as an exception that Store::Read and Store::Write turn into their Status;
// code between them need not look for it, but must not swallow it.
class Reader {
 public:
  explicit Reader(Connection& connection) : connection_(connection) {}
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // For the sources of this folder: a cached statement, reset and unbound.
  Statement Prepare(absl::string_view sql);
  // The same for text that is put together for one use.
  Statement PrepareOnce(const std::string& sql);

 protected:
  ~Reader() = default;
  Connection& connection_;
};

// A snapshot for one reading call.
class Snapshot final : public Reader {
 public:
  using Reader::Reader;
};

// Also writes. Everything that one work item wrote becomes durable together or
// not at all.
class Transaction final : public Reader {
 public:
  using Reader::Reader;

  // Gives the event the next sequence number, stores it, and keeps it for the
  // commit listener. Fills `sequence` and `experiment_id`; returns the number.
  int64_t Append(StoredEvent event);

  // Key of the row inserted last.
  int64_t LastKey();

  // Of the store: what happened since the transaction began.
  std::vector<StoredEvent>& events() { return events_; }

 private:
  std::vector<StoredEvent> events_;
};

}  // namespace engram::store
