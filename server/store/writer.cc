#include "server/store/writer.h"

#include <SQLiteCpp/Exception.h>

#include <cstdio>
#include <exception>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "server/store/sqlite_error.h"

namespace engram::store {
namespace {

// Turns what unwinds `run` into a Status: nothing that one work item does may
// end the thread that everybody's writes go through.
template <class Run>
absl::Status Guarded(const Run& run) {
  try {
    return run();
  } catch (const SQLite::Exception& error) {
    return ToStatus(error);
  } catch (const std::exception& error) {
    return absl::InternalError(absl::StrCat("in a write: ", error.what()));
  }
}

// Calls what waits for a commit. What it throws is its own broken promise: the
// commit stands, and the thread goes on for everybody else.
template <class Call>
void CallGuarded(const char* whom, const Call& call) {
  const absl::Status status = Guarded([&] {
    call();
    return absl::OkStatus();
  });
  if (!status.ok())
    std::fprintf(stderr, "store: %s threw after a commit: %s\n", whom,
                 status.ToString().c_str());
}

// Waits for one answer.
class Answer {
 public:
  void Set(absl::Status status) {
    MutexLock lock(mu_);
    status_ = std::move(status);
    is_set_ = true;
    set_.NotifyOne();
  }
  absl::Status Wait() {
    MutexLock lock(mu_);
    while (!is_set_) set_.Wait(mu_);
    return status_;
  }

 private:
  Mutex mu_;
  CondVar set_;
  absl::Status status_ GUARDED_BY(mu_);
  bool is_set_ GUARDED_BY(mu_) = false;
};

}  // namespace

Writer::Writer(std::unique_ptr<Connection> connection, int checkpoint_pages)
    : connection_(std::move(connection)),
      checkpoint_pages_(checkpoint_pages),
      thread_([this] { Loop(); }) {}

Writer::~Writer() {
  {
    MutexLock lock(mu_);
    is_stopping_ = true;
    wake_.NotifyOne();
  }
  thread_.join();
  connection_->Checkpoint(/*truncate=*/true);
}

absl::Status Writer::Write(Work work) {
  // On its own thread it would wait for itself.
  ENGRAM_EXPECT(std::this_thread::get_id() != thread_.get_id());
  Answer answer;
  WriteAsync(std::move(work),
             [&](absl::Status status) { answer.Set(std::move(status)); });
  return answer.Wait();
}

void Writer::WriteAsync(Work work, Done done) {
  MutexLock lock(mu_);
  ENGRAM_EXPECT(!is_stopping_);
  items_.push_back({std::move(work), std::move(done), absl::OkStatus()});
  wake_.NotifyOne();
}

absl::Status Writer::RunBetweenCommits(
    std::function<absl::Status(Connection&)> job) {
  Answer answer;
  {
    MutexLock lock(mu_);
    ENGRAM_EXPECT(!is_stopping_);
    jobs_.push_back({std::move(job), [&](absl::Status status) {
                       answer.Set(std::move(status));
                     }});
    wake_.NotifyOne();
  }
  return answer.Wait();
}

void Writer::SetCommitListener(Listener listener) {
  MutexLock lock(mu_);
  listener_ = std::move(listener);
}

void Writer::Loop() {
  std::deque<Item> items;
  std::deque<Job> jobs;
  while (TakeWork(items, jobs)) {
    if (!items.empty()) CommitTogether(items);
    for (Job& job : jobs) RunJob(job);
    items.clear();
    jobs.clear();
    CheckpointIfDue();
  }
}

bool Writer::TakeWork(std::deque<Item>& items, std::deque<Job>& jobs) {
  MutexLock lock(mu_);
  while (items_.empty() && jobs_.empty() && !is_stopping_) wake_.Wait(mu_);
  items.swap(items_);
  if (!jobs_.empty()) {
    jobs.push_back(std::move(jobs_.front()));
    jobs_.pop_front();
  }
  return !items.empty() || !jobs.empty();
}

void Writer::CommitTogether(std::deque<Item>& items) {
  Transaction transaction(*connection_);
  const auto begun = std::chrono::steady_clock::now();
  absl::Status whole = Guarded([&] {
    connection_->Execute("BEGIN IMMEDIATE");
    for (Item& item : items) {
      RunItem(item, transaction);
      // After some failures (a full disk) SQLite takes back the whole
      // transaction: what ran before in it is lost, too.
      if (connection_->is_idle()) return item.status;
    }
    connection_->Execute("COMMIT");
    ++commit_count_;
    commit_seconds_.Add(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begun)
            .count());
    return absl::OkStatus();
  });
  connection_->RollBackQuietly();
  if (whole.ok() && !transaction.events().empty()) {
    Listener listener;
    {
      MutexLock lock(mu_);
      listener = listener_;
    }
    if (listener)
      CallGuarded("the listener to commits",
                  [&] { listener(std::move(transaction.events())); });
  }
  for (Item& item : items) {
    if (item.status.ok()) item.status = whole;
    CallGuarded("who waited for a write",
                [&] { item.done(std::move(item.status)); });
  }
}

void Writer::RunItem(Item& item, Transaction& transaction) {
  const size_t events_before = transaction.events().size();
  item.status = Guarded([&] {
    connection_->Prepare("SAVEPOINT item").Run();
    return item.work(transaction);
  });
  if (connection_->is_idle()) {
    if (item.status.ok())
      item.status = absl::InternalError("the transaction was taken back");
    return;
  }
  if (!item.status.ok()) {
    transaction.events().resize(events_before);
    connection_->Prepare("ROLLBACK TO item").Run();
  }
  connection_->Prepare("RELEASE item").Run();
}

void Writer::RunJob(Job& job) {
  job.done(Guarded([&] { return job.run(*connection_); }));
}

void Writer::CheckpointIfDue() {
  if (connection_->wal_pages() < checkpoint_pages_) return;
  connection_->Checkpoint(/*truncate=*/false);
  ++checkpoint_count_;
}

}  // namespace engram::store
