#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "core/base/mutex.h"
#include "server/store/connection.h"
#include "server/store/durations.h"
#include "server/store/transaction.h"

namespace engram::store {

// The one thread that writes one file. It never waits for company: whatever
// queued while the previous commit ran is committed together.
class Writer {
 public:
  using Work = std::function<absl::Status(Transaction&)>;
  using Done = std::function<void(absl::Status)>;
  using Listener = std::function<void(std::vector<StoredEvent>)>;

  // A log of `checkpoint_pages` is copied into the file after the commit.
  Writer(std::unique_ptr<Connection> connection, int checkpoint_pages);
  // Commits what is queued, empties the log and closes the connection. Every
  // reader of the file is closed before.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  absl::Status Write(Work work);
  void WriteAsync(Work work, Done done);
  // On the writer's thread, outside any transaction, between two commits: one
  // such job a commit, so that writes do not wait for long ones.
  absl::Status RunBetweenCommits(std::function<absl::Status(Connection&)> job);
  void SetCommitListener(Listener listener);

  int64_t commit_count() const { return commit_count_; }
  // From the first write of a commit until it is durable.
  DurationHistogram commit_seconds() const { return commit_seconds_.Read(); }
  int64_t checkpoint_count() const { return checkpoint_count_; }

 private:
  struct Item {
    Work work;
    Done done;
    absl::Status status;
  };
  struct Job {
    std::function<absl::Status(Connection&)> run;
    Done done;
  };

  void Loop();
  bool TakeWork(std::deque<Item>& items, std::deque<Job>& jobs);
  void CommitTogether(std::deque<Item>& items);
  void RunItem(Item& item, Transaction& transaction);
  void RunJob(Job& job);
  void CheckpointIfDue();

  std::unique_ptr<Connection> connection_;
  const int checkpoint_pages_;
  std::atomic<int64_t> commit_count_ = 0, checkpoint_count_ = 0;
  Durations commit_seconds_;

  Mutex mu_;
  CondVar wake_;
  std::deque<Item> items_ GUARDED_BY(mu_);
  std::deque<Job> jobs_ GUARDED_BY(mu_);
  Listener listener_ GUARDED_BY(mu_);
  bool is_stopping_ GUARDED_BY(mu_) = false;

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace engram::store
