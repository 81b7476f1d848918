// What workers that outlived the former server have in hand, as it is taken
// over: from the rows of workers, runs and attempts, and from what the workers
// say when they attach again.
#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"
#include "server/queue/move_run.h"
#include "server/queue/queue_impl.h"
#include "server/queue/record_store.h"
#include "server/store/attempt_table.h"
#include "server/store/checkpoint_table.h"
#include "server/store/worker_table.h"

namespace engram {
namespace {

using store::Transaction;

// The row of the attempt that a held run is in; absent when it has not begun.
std::optional<store::AttemptRow> OpenAttempt(store::Reader& reader,
                                             const store::RunRow& row) {
  for (store::AttemptRow& attempt : store::ReadAttempts(reader, row.key)) {
    if (!attempt.end_time_us && attempt.fencing_token == row.fencing_token) {
      return std::move(attempt);
    }
  }
  return std::nullopt;
}

// Where the present attempt of a held run went on from. One that has not begun
// has saved nothing since it was given the newest state.
std::optional<ResumePoint> ResumedFrom(
    store::Reader& reader, const store::RunRow& row,
    const std::optional<store::AttemptRow>& open) {
  if (open) {
    if (open->resumed_tick == 0) return std::nullopt;
    return ResumePoint{open->resumed_tick, open->resumed_item};
  }
  const auto states = store::ReadCheckpoints(reader, row.key);
  if (states.empty()) return std::nullopt;
  return ResumePoint{states.front().tick, states.front().item_count};
}

// Numbers are given in the order in which an attempt first uses its series.
std::map<int, SeriesInfo> NumberSeries(const std::vector<RecordedItem>& items) {
  std::map<int, SeriesInfo> series;
  std::set<std::string> names;
  for (const RecordedItem& item : items) {
    const auto* point = std::get_if<RecordedPoint>(&item);
    if (point != nullptr && names.insert(point->declared->name).second) {
      series[static_cast<int>(series.size())] = *point->declared;
    }
  }
  return series;
}

}  // namespace

int64_t WorkerNumber(absl::string_view name) {
  int64_t number = 0;
  if (!absl::ConsumePrefix(&name, "workers/") ||
      !absl::SimpleAtoi(name, &number)) {
    return 0;
  }
  return number;
}

bool Queue::Impl::IsOurBuild(absl::string_view build) const {
  return options_.build.empty() || build == options_.build;
}

absl::Status Queue::Impl::LoadWorkers() {
  std::vector<store::WorkerRow> rows;
  const absl::Status status = store_.Write([&](Transaction& transaction) {
    rows = store::ReadLiveWorkers(transaction);
    std::erase_if(rows, [&](const store::WorkerRow& row) {
      if (options_.living_workers.contains(row.number)) return false;
      store::EndWorker(transaction, row.number, options_.clock->NowUs());
      return true;
    });
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  MutexLock lock(mu_);
  for (const store::WorkerRow& row : rows) Adopt(books_, row);
  return absl::OkStatus();
}

void Queue::Impl::Adopt(Books& books, const store::WorkerRow& row) {
  WorkerEntry& worker = books.workers[row.number];
  worker.number = row.number;
  worker.facts.host = row.host;
  worker.facts.pid = row.pid;
  worker.facts.build = row.build;
  worker.facts.cpus = row.cpus;
  worker.facts.memory_bytes = row.memory_bytes;
  worker.connect_us = row.connect_time_us;
  // Leases stood still while no server was there: one full term from now on.
  worker.heard_steady_us = options_.clock->SteadyUs();
  worker.stored_event = worker.charged_event = row.stored_event;
  // Nothing is written yet: both threads may touch it.
  *worker.last_event = Staged<int64_t>(row.stored_event);
  worker.is_adopted = true;
  worker.is_of_kept_build = !IsOurBuild(row.build);
  worker.is_retiring = options_.surplus_workers.contains(row.number);
}

// The run keeps its state, its attempt and its fencing token. What its worker
// did while no server was there comes when it attaches.
void Queue::Impl::TakeOver(store::Reader& reader, const store::RunRow& row,
                           Work loaded) {
  const auto open = OpenAttempt(reader, row);
  const auto resumed = ResumedFrom(reader, row, open);
  const int64_t now_us = options_.clock->NowUs();
  const int64_t steady_us = options_.clock->SteadyUs();
  MutexLock lock(mu_);
  WorkerEntry& worker = books_.workers.at(WorkerNumber(row.worker));
  Work& work = books_.Add(std::move(loaded));
  books_.Release(work);
  work.attempt = std::make_shared<AttemptRecord>(
      AttemptRecord{.work = work.id,
                    .run = work.run,
                    .key = work.key,
                    .verification = 0,
                    .number = open ? open->number : work.attempts + 1,
                    .token = row.fencing_token,
                    .worker = worker.number,
                    .worker_name = worker.Name(),
                    .host = worker.facts.host,
                    .build = worker.facts.build,
                    .deaths = work.deaths,
                    .experiment = work.experiment});
  work.assignment.key = {work.attempt->KeyName(), row.fencing_token};
  work.state = StateOf(row);
  work.is_ready = work.is_sent = true;
  worker.hand.push_back(work.id);
  books_.attempts[row.fencing_token] = work.attempt;
  work.attempt->resumed = resumed;
  *work.attempt->ordinal = Staged<int64_t>(row.stored_ordinal);
  *work.attempt->ordinal_is_guess = Staged<bool>(true);
  if (!open) return;
  work.has_begun = true;
  // It ran on while no server was there.
  work.begun_steady_us =
      steady_us - std::max<int64_t>(0, now_us - open->start_time_us);
  *work.attempt->begun_us = Staged<int64_t>(open->start_time_us);
  *work.attempt->begun_steady_us = Staged<int64_t>(work.begun_steady_us);
}

// What a worker executes, then what it was given first.
void Queue::Impl::SortHands(Books& books) {
  const auto place = [&books](int64_t id) {
    const Work& work = books.works.at(id);
    return std::pair(!work.has_begun, work.attempt->token);
  };
  for (auto& [number, worker] : books.workers) {
    std::sort(worker.hand.begin(), worker.hand.end(),
              [&](int64_t a, int64_t b) { return place(a) < place(b); });
  }
}

absl::Status Queue::Impl::FindPlace(Transaction& transaction, Change& change,
                                    AttemptRecord& attempt,
                                    const ItemsReport& items) {
  if (!attempt.ordinal_is_guess->now) return absl::OkStatus();
  const int64_t stored = attempt.ordinal->now;
  const int64_t skipped = attempt.resumed ? attempt.resumed->item_count : 0;
  // Items that follow upon no stored one are refused as ever.
  if (items.first_ordinal <= skipped || items.first_ordinal > stored + 1) {
    return absl::OkStatus();
  }
  auto record = LoadRecord(transaction, attempt.key, skipped);
  if (!record.ok()) return record.status();
  change.staging.Set(attempt.ordinal_is_guess, false);
  change.staging.Set(attempt.ordinal, items.first_ordinal - 1);
  attempt.series = NumberSeries(*record);
  if (items.first_ordinal > stored) return absl::OkStatus();
  attempt.comparer.emplace(*std::move(record), skipped);
  for (const auto& [number, info] : attempt.series) {
    attempt.comparer->Declare(number, info);
  }
  return absl::OkStatus();
}

}  // namespace engram
