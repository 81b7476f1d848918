// What workers report: that they are here, what they record, how runs end.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/queue/queue_impl.h"
#include "server/store/user_table.h"
#include "server/store/worker_table.h"

namespace engram {
namespace {

// Why the run at work is what its worker was killed for: it grew beyond its own
// limit, or beyond what the server has.
std::string MemoryMessage(int64_t peak, int64_t limit, int64_t server) {
  if (limit <= peak && peak < server) {
    return absl::StrCat("the run used ", peak >> 20, " MiB, its limit is ",
                        limit >> 20, " MiB: raise `resources.memory`");
  }
  return absl::StrCat(
      "the run used ", peak >> 20, " MiB and asked for ", limit >> 20,
      " MiB; this server has ", server >> 20,
      " MiB for runs: make the run smaller, or give the server more memory");
}

}  // namespace

bool IsFinal(const absl::Status& why) {
  switch (why.code()) {
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kUnknown:
      return false;
    default:
      return true;
  }
}

absl::StatusOr<int64_t> Queue::Impl::EnlistWorker(
    const std::string& token_digest) {
  int64_t number = 0;
  const absl::Status status =
      store_.Write([&](store::Transaction& transaction) {
        store::WorkerRow row;
        row.token_digest = token_digest;
        number = store::InsertWorker(transaction, row);
        return absl::OkStatus();
      });
  if (!status.ok()) return status;
  return number;
}

// A stream may register when its process is dead already, and the file of the
// workers may have been replaced since the server read it.
absl::Status Queue::Impl::MayAttach(
    const Books& books, int64_t number,
    const WorkerRegistration& registration) const {
  if (books.is_shut) {
    return absl::UnavailableError("the server stops; try again later");
  }
  if (books.ended_workers.contains(number)) {
    return absl::FailedPreconditionError(
        absl::StrCat("workers/", number,
                     " has ended, or said nothing for so long that its runs "
                     "were given to others: start another one"));
  }
  // One that the former server started goes on to the end of its attempt.
  const auto known = books.workers.find(number);
  const bool is_adopted =
      known != books.workers.end() && known->second.is_adopted;
  if (!is_adopted && !CanStart(registration.build)) {
    return absl::FailedPreconditionError(absl::StrCat(
        "workers/", number, " is of build ", registration.build.substr(0, 12),
        ", this server started with build ", options_.build.substr(0, 12),
        ": restart the server to compute with the engram-worker file that is "
        "there now, or put the former one back"));
  }
  return absl::OkStatus();
}

absl::StatusOr<AttachedAs> Queue::Impl::Attached(
    int64_t number, const WorkerRegistration& registration,
    std::shared_ptr<WorkerLink> link) {
  AttachedAs as;
  {
    MutexLock lock(mu_);
    if (auto status = MayAttach(books_, number, registration); !status.ok()) {
      return status;
    }
    WorkerEntry& worker = books_.workers[number];
    if (worker.link != nullptr) {
      worker.link->Close(absl::AbortedError("the worker has dialled again"));
    }
    if (worker.number == 0) worker.connect_us = options_.clock->NowUs();
    worker.number = number;
    worker.facts = registration;
    worker.is_of_kept_build = !IsOurBuild(registration.build);
    worker.is_retiring |= !CanStart(registration.build);
    worker.heard_steady_us = options_.clock->SteadyUs();
    worker.link = std::move(link);
    as = {worker.Name(), worker.stored_event};
    worker.link->Registered(as);
    Reconcile(books_, worker);
    if (worker.is_retiring) worker.link->Quit();
  }
  store::WorkerRow row{.number = number,
                       .host = registration.host,
                       .pid = registration.pid,
                       .build = registration.build,
                       .cpus = registration.cpus,
                       .memory_bytes = registration.memory_bytes,
                       .connect_time_us = options_.clock->NowUs(),
                       .end_time_us = std::nullopt,
                       .stored_event = 0};
  Commit(
      [row = std::move(row)](store::Transaction& transaction, Change&) {
        store::IdentifyWorker(transaction, row);
        return absl::OkStatus();
      },
      [](Books&, const absl::Status&) {});
  return as;
}

// After a stream broke: what the worker still has goes on, what it does not
// have is queued again, what it should not have is stopped.
void Queue::Impl::Reconcile(Books& books, WorkerEntry& worker) {
  std::vector<AttemptKey> unknown = worker.facts.held;
  for (const int64_t id : std::vector(worker.hand.begin(), worker.hand.end())) {
    Work& work = books.works.at(id);
    const bool is_held = std::erase(unknown, work.assignment.key) > 0;
    if (!work.is_ready) continue;
    if (!work.is_sent) {
      Send(work, worker);
    } else if (!is_held) {
      LoseLater(work.attempt,
                {.reason = work.has_begun ? "its worker has it no longer"
                                          : "never reached its worker",
                 .fault = {"HANDED_BACK", "not begun"},
                 .counts = false,
                 .repeat = true});
    } else if (work.state == RunState::kCancelling) {
      if (work.kill_steady_us == 0) {
        work.kill_steady_us =
            options_.clock->SteadyUs() + options_.stop_grace_us;
      }
      worker.link->Stop(work.assignment.key, StopPurpose::kCancel);
    } else if (!work.yield_reason.empty()) {
      worker.link->Stop(work.assignment.key, StopPurpose::kYield);
    }
  }
  for (const AttemptKey& key : unknown)
    worker.link->Stop(key, StopPurpose::kCancel);
}

void Queue::Impl::Detached(int64_t number, const WorkerLink* link) {
  MutexLock lock(mu_);
  const auto it = books_.workers.find(number);
  if (it != books_.workers.end() && it->second.link.get() == link) {
    it->second.link.reset();
  }
}

void Queue::Impl::Heartbeat(int64_t number) {
  MutexLock lock(mu_);
  const auto it = books_.workers.find(number);
  if (it != books_.workers.end()) {
    it->second.heard_steady_us = options_.clock->SteadyUs();
  }
}

void Queue::Impl::Heard(int64_t number, const WorkerReport& report) {
  std::shared_ptr<AttemptRecord> attempt;
  std::shared_ptr<Staged<int64_t>> last_event;
  std::optional<LiveProgress> progress;
  std::optional<store::UsageRow> usage;
  std::string yield_reason;
  {
    MutexLock lock(mu_);
    const auto it = books_.workers.find(number);
    if (it == books_.workers.end()) return;
    WorkerEntry& worker = it->second;
    worker.heard_steady_us = options_.clock->SteadyUs();
    last_event = worker.last_event;
    const auto known = books_.attempts.find(report.key.fencing_token);
    if (known != books_.attempts.end() && known->second->worker == number &&
        known->second->KeyName() == report.key.attempt) {
      attempt = known->second;
      yield_reason = books_.works.at(attempt->work).yield_reason;
    }
    if (const auto* finished = std::get_if<FinishedReport>(&report.content);
        finished != nullptr && attempt != nullptr &&
        report.number > worker.charged_event) {
      worker.charged_event = report.number;
      const Work& work = books_.works.at(attempt->work);
      if (work.verification == 0) progress = work.progress;
      const auto used =
          books_.shares.Add(work.owner, finished->cpu_seconds,
                            books_.ShareTime(options_.clock->SteadyUs()));
      usage = {work.owner, used.cpu_seconds, used.as_of_us};
    }
  }
  Commit(
      [=, this](store::Transaction& transaction, Change& change) {
        const int64_t last = last_event->now;
        if (report.number > last + 1) {
          return absl::AbortedError(
              absl::StrCat("event ", report.number, " came after ", last));
        }
        if (report.number == last + 1) {
          change.staging.Set(last_event, report.number);
          store::SetStoredEvent(transaction, number, report.number);
          if (usage) store::StoreUsage(transaction, *usage);
          if (progress) {
            store::SetProgress(transaction, attempt->key, progress->tick,
                               progress->total, progress->tick_name);
          }
          const absl::Status status =
              Enter(transaction, change, attempt.get(), report, yield_reason);
          if (!status.ok()) return status;
        }
        change.effects.push_back([number, event = report.number](Books& books) {
          Acknowledge(books, number, event);
        });
        return absl::OkStatus();
      },
      [=, this](Books& books, const absl::Status& why) {
        ReportFailed(books, number, report, attempt, why);
      });
}

absl::Status Queue::Impl::Enter(store::Transaction& transaction, Change& change,
                                AttemptRecord* attempt,
                                const WorkerReport& report,
                                const std::string& yield_reason) {
  // Fenced: the run is not this worker's any more. What it says is dropped.
  if (attempt == nullptr || !attempt->open->now) return absl::OkStatus();
  const int64_t now_us = options_.clock->NowUs();
  if (std::holds_alternative<BegunReport>(report.content)) {
    return Begin(transaction, change, *attempt, now_us);
  }
  if (const auto* items = std::get_if<ItemsReport>(&report.content)) {
    return TakeItems(transaction, change, *attempt, *items, now_us);
  }
  if (const auto* saved = std::get_if<CheckpointReport>(&report.content)) {
    return TakeCheckpoint(transaction, change, *attempt, *saved, now_us);
  }
  return Finish(transaction, change, *attempt,
                std::get<FinishedReport>(report.content), yield_reason, now_us);
}

void Queue::Impl::Acknowledge(Books& books, int64_t number, int64_t event) {
  const auto it = books.workers.find(number);
  if (it == books.workers.end()) return;
  WorkerEntry& worker = it->second;
  worker.stored_event = std::max(worker.stored_event, event);
  if (worker.link != nullptr) worker.link->Acknowledge(worker.stored_event);
}

// A report that the disk did not take comes again over a new stream; one that
// never can be stored ends its attempt instead.
void Queue::Impl::ReportFailed(Books& books, int64_t number,
                               const WorkerReport& report,
                               std::shared_ptr<AttemptRecord> attempt,
                               const absl::Status& why) {
  const auto it = books.workers.find(number);
  if (it == books.workers.end()) return;
  if (!IsFinal(why) || attempt == nullptr) {
    CloseLink(it->second, absl::UnavailableError(why.message()));
    return;
  }
  const std::string message =
      absl::StrCat("what its worker reported cannot be stored: ",
                   std::string(why.message()));
  Commit(
      [=, this, last_event = it->second.last_event](
          store::Transaction& transaction, Change& change) {
        if (report.number != last_event->now + 1) {
          return absl::AbortedError("an earlier event is missing");
        }
        change.staging.Set(last_event, report.number);
        store::SetStoredEvent(transaction, number, report.number);
        change.effects.push_back([number, report](Books& entered) {
          Acknowledge(entered, number, report.number);
          const auto worker = entered.workers.find(number);
          // It may have ended while this was stored.
          if (worker == entered.workers.end()) return;
          const auto& link = worker->second.link;
          if (link != nullptr) link->Stop(report.key, StopPurpose::kCancel);
        });
        return Lose(transaction, change, *attempt,
                    {.reason = "failed: INTERNAL",
                     .fault = {"INTERNAL", message},
                     .counts = true,
                     .repeat = false},
                    options_.clock->NowUs());
      },
      [number](Books& entered, const absl::Status& status) {
        const auto worker = entered.workers.find(number);
        if (worker == entered.workers.end()) return;
        CloseLink(worker->second, absl::UnavailableError(status.message()));
      });
}

void Queue::Impl::CloseLink(WorkerEntry& worker, const absl::Status& why) {
  if (worker.link == nullptr) return;
  worker.link->Close(why);
  worker.link.reset();
}

void Queue::Impl::HeardLive(int64_t number, const LiveReport& report) {
  std::function<void(const RunName&, const LiveReport&)> live;
  RunName run;
  {
    MutexLock lock(mu_);
    const auto known = books_.attempts.find(report.key.fencing_token);
    if (known == books_.attempts.end() || known->second->worker != number) {
      return;
    }
    Work& work = books_.works.at(known->second->work);
    if (report.progress) work.progress = report.progress;
    if (work.verification > 0) return;
    run = work.run;
    live = live_;
  }
  if (live) live(run, report);
}

void Queue::Impl::HandedBack(int64_t number,
                             const std::vector<AttemptKey>& keys) {
  MutexLock lock(mu_);
  for (const AttemptKey& key : keys) {
    const auto known = books_.attempts.find(key.fencing_token);
    if (known == books_.attempts.end() || known->second->worker != number) {
      continue;
    }
    LoseLater(known->second, {.reason = "handed back by its worker",
                              .fault = {"HANDED_BACK", "not begun"},
                              .counts = false,
                              .repeat = true});
  }
}

void Queue::Impl::WorkerEnded(int64_t number, const WorkerEnd& end) {
  EndWorker(number, end, absl::UnavailableError("the worker has ended"));
}

void Queue::Impl::EndWorker(int64_t number, const WorkerEnd& end,
                            const absl::Status& told) {
  {
    MutexLock lock(mu_);
    const auto it = books_.workers.find(number);
    if (it != books_.workers.end()) {
      LoseAll(books_, it->second, end);
      CloseLink(it->second, told);
      books_.Dismiss(it);
    } else {
      books_.EndWorker(number);
    }
  }
  Commit(
      [number, now_us = options_.clock->NowUs()](
          store::Transaction& transaction, Change&) {
        store::EndWorker(transaction, number, now_us);
        return absl::OkStatus();
      },
      [](Books&, const absl::Status&) {});
}

void Queue::Impl::Expel(int64_t number, const absl::Status& why) {
  executor_.Kill(number);
  EndWorker(number,
            {.status = absl::StrCat("was ended, for it sent what cannot be "
                                    "read: ",
                                    std::string(why.message())),
             .peak_memory_bytes = 0,
             .out_of_memory = false},
            why);
}

// The run that the worker was executing is what it died of; what it held
// besides is innocent.
void Queue::Impl::LoseAll(Books& books, const WorkerEntry& worker,
                          const WorkerEnd& end) {
  bool is_first = true;
  for (const int64_t id : worker.hand) {
    const Work& work = books.works.at(id);
    const bool is_blamed = work.has_begun || (is_first && work.is_sent);
    is_first = false;
    const int64_t limit = work.experiment->resources.memory_bytes;
    Loss loss{
        .reason = "worker died",
        .fault = {"WORKER_DIED", absl::StrCat(worker.Name(), " ", end.status)},
        .counts = is_blamed,
        .repeat = true};
    if (is_blamed && end.out_of_memory) {
      loss.reason = "failed: MEMORY";
      loss.fault = {"MEMORY", MemoryMessage(end.peak_memory_bytes, limit,
                                            executor_.capacity().memory_bytes)};
      loss.repeat = false;
    } else if (work.is_overdue && work.state == RunState::kRunning) {
      loss.reason = "timed out";
      loss.fault = {"TIME",
                    absl::StrCat("its time limit passed, and it had not "
                                 "ended ",
                                 options_.hang_us / 1'000'000,
                                 " s later: its worker was killed")};
      loss.repeat = false;
      loss.attempt_end = RunState::kTimedOut;
    } else if (work.state == RunState::kCancelling) {
      loss.reason = work.kill_steady_us == 0
                        ? "killed: it did not stop in time"
                        : "its worker died before it stopped";
      loss.fault = {"CANCELLED", loss.reason};
      loss.counts = work.has_begun;
    } else if (!work.yield_reason.empty() && work.kill_steady_us == 0) {
      // Killed for not saving its state in time: none of its own fault.
      loss.reason = work.yield_reason;
      loss.counts = false;
    }
    LoseLater(work.attempt, loss);
  }
}

void Queue::Impl::LoseLater(std::shared_ptr<AttemptRecord> attempt,
                            const Loss& loss) {
  Commit(
      [=, this](store::Transaction& transaction, Change& change) {
        return Lose(transaction, change, *attempt, loss,
                    options_.clock->NowUs());
      },
      [=, this](Books& books, const absl::Status&) {
        books.again.push_back([=, this] { LoseLater(attempt, loss); });
      });
}

}  // namespace engram
