#include "server/store/reader_pool.h"

#include <SQLiteCpp/Exception.h>

#include <utility>

#include "server/store/sqlite_error.h"

namespace engram::store {
namespace {

// As many as the pool of threads that answers calls has, and a few for the
// server's own.
constexpr int kMaxReaders = 24;

}  // namespace

absl::Status ReaderPool::Read(const std::function<void(Reader&)>& read) {
  absl::StatusOr<std::unique_ptr<Connection>> taken = Take();
  if (!taken.ok()) return taken.status();
  std::unique_ptr<Connection> connection = std::move(*taken);
  absl::Status status;
  try {
    connection->Prepare("BEGIN").Run();
    Snapshot snapshot(*connection);
    read(snapshot);
  } catch (const SQLite::Exception& error) {
    status = ToStatus(error);
  } catch (...) {
    connection->RollBackQuietly();
    GiveBack(std::move(connection));
    throw;  // a broken promise of the caller's: his to hear of
  }
  connection->RollBackQuietly();
  GiveBack(std::move(connection));
  return status;
}

absl::StatusOr<std::unique_ptr<Connection>> ReaderPool::Take() {
  {
    MutexLock lock(mu_);
    ++figures_.reads;
    if (in_use_ >= kMaxReaders) ++figures_.waits;
    while (in_use_ >= kMaxReaders) given_back_.Wait(mu_);
    ++in_use_;
    if (!idle_.empty()) {
      std::unique_ptr<Connection> connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  auto opened = Connection::OpenReader(file_);
  if (!opened.ok()) GiveBack(nullptr);
  return opened;
}

void ReaderPool::GiveBack(std::unique_ptr<Connection> connection) {
  MutexLock lock(mu_);
  if (connection != nullptr) idle_.push_back(std::move(connection));
  --in_use_;
  given_back_.NotifyOne();
}

}  // namespace engram::store
