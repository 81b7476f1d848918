#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace engram::store {

class Reader;
class Transaction;

// A worker process that has attached.
struct WorkerRow {
  int64_t number = 0;  // "workers/3"; given by InsertWorker, never used again
  std::string host{};
  int64_t pid = 0;
  std::string build{};
  int cpus = 0;
  int64_t memory_bytes = 0;
  int64_t connect_time_us = 0;
  std::optional<int64_t> end_time_us{};
  int64_t stored_event = 0;  // the greatest of its event numbers that is stored
  std::string token_digest{};  // SHA-256 in hex of its token
};

int64_t InsertWorker(Transaction& transaction, const WorkerRow& row);
// What a worker says of itself when it attaches: host, pid, build, cpus, memory
// and connect time of the row with this number.
void IdentifyWorker(Transaction& transaction, const WorkerRow& row);
std::vector<WorkerRow> ReadLiveWorkers(Reader& reader);  // not ended
void EndWorker(Transaction& transaction, int64_t number, int64_t now_us);
// In the same transaction as what the event brought.
void SetStoredEvent(Transaction& transaction, int64_t number, int64_t event);

// An engram-worker file that a run names.
struct BuildRow {
  std::string id{};  // SHA-256 in hex
  int64_t first_seen_us = 0;
  int64_t byte_size = 0;
};
void StoreBuild(Transaction& transaction, const BuildRow& row);  // once
std::vector<BuildRow> ReadBuilds(Reader& reader);
void RemoveBuild(Transaction& transaction, absl::string_view id);
// Those that runs, their checkpoints or pending verifications name.
std::set<std::string> NamedBuilds(Reader& reader);

}  // namespace engram::store
