// Giving work to workers, and what is due with time.
#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "server/queue/disk_guard.h"
#include "server/queue/pick.h"
#include "server/queue/preempt.h"
#include "server/queue/queue_impl.h"
#include "server/queue/record_store.h"

namespace engram {
namespace {

// After a write failed (the disk is full, say) nothing is started for so long.
constexpr int64_t kPauseUs = 1'000'000;
constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

// What is left of the time limit; 0 for no limit.
int64_t TimeLeft(const Work& work) {
  const int64_t limit_s = work.experiment->resources.time_s;
  if (limit_s == 0) return 0;
  return std::max<int64_t>(1, limit_s - work.used_us / 1'000'000);
}

// A promise that what is stored breaks is an error like others.
absl::StatusOr<bool> LoadGuarded(store::Reader& reader, RecordLoader& loader) {
  try {
    return loader.Continue(reader);
  } catch (const ContractViolation& violation) {
    return absl::InternalError(violation.what());
  }
}

}  // namespace

void Queue::Impl::Schedule(Books& books) {
  if (options_.clock->SteadyUs() < books.no_start_before_us) return;
  while (const auto pick = PickNext(books, executor_.capacity(), options_)) {
    Assign(books, books.works.at(pick->work), books.workers.at(pick->worker));
  }
  for (const AskedBack& back :
       AskForRoom(books, executor_.capacity(), options_)) {
    Work& work = books.works.at(back.work);
    AskToYield(work, books, back.reason);
    // Nothing is lost when it does not: it is left alone.
    if (work.yield_reason == back.reason) work.kill_steady_us = kNever;
  }
  SeeToBuilds(books);
}

void Queue::Impl::Assign(Books& books, Work& work, WorkerEntry& worker) {
  books.Give(work, worker);
  const ExperimentEntry& experiment = *work.experiment;
  work.assignment = {.key = {work.attempt->KeyName(), work.attempt->token},
                     .tree_json = "",
                     .metrics_every = experiment.metrics_every,
                     .snapshots = experiment.snapshots,
                     .cpus = experiment.resources.cpus,
                     .memory_bytes = experiment.resources.memory_bytes,
                     .time_s = TimeLeft(work),
                     .verify = work.verification > 0,
                     .resume = std::nullopt,
                     .inputs = {}};
  const auto assignment = std::make_shared<WorkAssignment>(work.assignment);
  if (work.verification > 0) {
    LoadThenStart(work.attempt, assignment,
                  std::make_shared<RecordLoader>(work.key));
  } else {
    StartLater(work.attempt, assignment);
  }
}

// What a verification compares with may be long: it is read in many small
// transactions, between which others are written.
void Queue::Impl::LoadThenStart(
    const std::shared_ptr<AttemptRecord>& attempt,
    const std::shared_ptr<WorkAssignment>& assignment,
    const std::shared_ptr<RecordLoader>& loader) {
  Commit(
      [this, attempt, assignment, loader](store::Transaction& transaction,
                                          Change& change) {
        // When it cannot be read, the start of the verification says so.
        const auto has_more = LoadGuarded(transaction, *loader);
        if (has_more.ok() && !*has_more) {
          attempt->comparer.emplace(loader->Take());
        }
        change.effects.push_back(
            [this, attempt, assignment, loader,
             goes_on = has_more.ok() && *has_more](Books&) {
              if (goes_on) return LoadThenStart(attempt, assignment, loader);
              StartLater(attempt, assignment);
            });
        return absl::OkStatus();
      },
      [this, attempt](Books& entered, const absl::Status& why) {
        entered.store_trouble = std::string(why.message());
        AssignmentFailed(entered, attempt);
      });
}

void Queue::Impl::StartLater(
    const std::shared_ptr<AttemptRecord>& attempt,
    const std::shared_ptr<WorkAssignment>& assignment) {
  Commit(
      [this, assignment, attempt](store::Transaction& transaction,
                                  Change& change) {
        const int64_t now_us = options_.clock->NowUs();
        const absl::Status status =
            attempt->verification > 0
                ? StartVerification(transaction, change, *attempt, *assignment,
                                    now_us)
                : Start(transaction, change, *attempt, *assignment, now_us);
        change.effects.push_back([attempt, assignment, now_us](Books& entered) {
          Work* given = entered.Find(attempt->work);
          if (given == nullptr || given->attempt != attempt) return;
          given->assignment = *assignment;
          given->is_ready = true;
          given->state = RunState::kStarting;
          given->since_us = now_us;
          const auto it = entered.workers.find(attempt->worker);
          if (it != entered.workers.end()) Send(*given, it->second);
        });
        return status;
      },
      [this, attempt](Books& entered, const absl::Status& why) {
        entered.store_trouble = std::string(why.message());
        AssignmentFailed(entered, attempt);
      });
}

void Queue::Impl::Send(Work& work, WorkerEntry& worker) {
  if (worker.link == nullptr) return;
  worker.link->Assign(work.assignment);
  work.is_sent = true;
  // Asked while the assignment was on its way into the store.
  if (!work.yield_reason.empty()) {
    worker.link->Stop(work.assignment.key, StopPurpose::kYield);
  }
}

void Queue::Impl::AssignmentFailed(
    Books& books, const std::shared_ptr<AttemptRecord>& attempt) {
  books.no_start_before_us = options_.clock->SteadyUs() + kPauseUs;
  Work* work = books.Find(attempt->work);
  if (work == nullptr || work->attempt != attempt) return;
  books.TakeBack(*work);
}

void Queue::Impl::Tick() {
  std::vector<std::function<void()>> again;
  {
    MutexLock lock(mu_);
    again.swap(books_.again);
  }
  for (const auto& change : again) change();
  const bool is_disk_low = options_.disk != nullptr && options_.disk->IsLow();
  MutexLock lock(mu_);
  books_.is_disk_low = is_disk_low;
  CheckTimeLimits(books_);
  CheckDeadlines(books_);
  CheckLeases(books_);
  UnpinLost(books_);
  Schedule(books_);
}

// A worker looks at the limit between two ticks. One whose tick does not end
// goes on telling that it lives.
void Queue::Impl::CheckTimeLimits(Books& books) {
  const int64_t now = options_.clock->SteadyUs();
  for (auto& [id, work] : books.works) {
    if (!work.has_begun || work.is_overdue || work.assignment.time_s == 0) {
      continue;
    }
    const int64_t limit_us = work.assignment.time_s * 1'000'000;
    if (now - work.begun_steady_us < limit_us + options_.hang_us) continue;
    work.is_overdue = true;
    executor_.Kill(work.attempt->worker);
  }
}

void Queue::Impl::CheckDeadlines(Books& books) {
  const int64_t now = options_.clock->SteadyUs();
  for (auto& [id, work] : books.works) {
    if (work.kill_steady_us == 0 || now < work.kill_steady_us) continue;
    work.kill_steady_us = 0;
    if (!work.in_hand()) continue;
    const auto worker = books.workers.find(work.attempt->worker);
    if (worker != books.workers.end() && worker->second.hand.front() == id) {
      executor_.Kill(worker->first);
      continue;
    }
    // Its worker executes another one, which is not to suffer.
    LoseLater(work.attempt, {.reason = "taken back: its worker did not answer",
                             .fault = {"CANCELLED", "not begun"},
                             .counts = work.has_begun,
                             .repeat = true});
  }
}

// A worker that says nothing may be dead, or hang: it is killed, so that
// nothing runs whose lease has lapsed, and does not come back.
void Queue::Impl::CheckLeases(Books& books) {
  const int64_t now = options_.clock->SteadyUs();
  for (auto it = books.workers.begin(); it != books.workers.end();) {
    WorkerEntry& worker = it->second;
    if (now - worker.heard_steady_us < options_.lease_us) {
      ++it;
      continue;
    }
    executor_.Kill(worker.number);
    LoseAll(books, worker,
            {.status = absl::StrCat("said nothing for ",
                                    options_.lease_us / 1'000'000, " s"),
             .peak_memory_bytes = 0,
             .out_of_memory = false});
    CloseLink(worker, absl::UnavailableError("the lease has lapsed"));
    it = books.Dismiss(it);
  }
}

}  // namespace engram
