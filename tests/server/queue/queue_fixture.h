#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/mutex.h"
#include "gtest/gtest.h"
#include "server/executor/executor.h"
#include "server/queue/queue.h"
#include "server/store/run_table.h"
#include "server/store/store.h"
#include "server/store/user_table.h"

namespace engram {

// Turned by hand.
class FakeClock final : public Clock {
 public:
  int64_t NowUs() const override {
    MutexLock lock(mu_);
    return 1'750'000'000'000'000 + elapsed_us_ + set_by_us_;
  }
  int64_t SteadyUs() const override { return elapsed(); }
  void Advance(double seconds) {
    MutexLock lock(mu_);
    elapsed_us_ += static_cast<int64_t>(seconds * 1e6);
  }
  // As somebody sets the machine's clock: no time passes.
  void SetBy(double seconds) {
    MutexLock lock(mu_);
    set_by_us_ += static_cast<int64_t>(seconds * 1e6);
  }

 private:
  int64_t elapsed() const {
    MutexLock lock(mu_);
    return elapsed_us_;
  }
  mutable Mutex mu_;
  int64_t elapsed_us_ GUARDED_BY(mu_) = 0;
  int64_t set_by_us_ GUARDED_BY(mu_) = 0;
};

// Remembers whom it was told to kill.
class FakeExecutor final : public Executor {
 public:
  Capacity capacity() const override {
    return {.cpus = 4, .memory_bytes = int64_t{16} << 30};
  }
  void Kill(int64_t worker) override {
    MutexLock lock(mu_);
    killed_.push_back(worker);
  }
  bool HasBuild(absl::string_view build) const override {
    MutexLock lock(mu_);
    return kept_.contains(std::string(build));
  }
  void WantBuilds(const std::set<std::string>& builds) override {
    MutexLock lock(mu_);
    wanted_ = builds;
  }
  // As if the file of that build were in the data folder, or not.
  void Keep(const std::string& build, bool keep = true) {
    MutexLock lock(mu_);
    keep ? void(kept_.insert(build)) : void(kept_.erase(build));
  }
  std::set<std::string> wanted() const {
    MutexLock lock(mu_);
    return wanted_;
  }
  std::vector<int64_t> killed() const {
    MutexLock lock(mu_);
    return killed_;
  }

 private:
  mutable Mutex mu_;
  std::vector<int64_t> killed_ GUARDED_BY(mu_);
  std::set<std::string> kept_ GUARDED_BY(mu_);
  std::set<std::string> wanted_ GUARDED_BY(mu_);
};

// The worker's end of a link: what the queue has sent.
class FakeLink final : public WorkerLink {
 public:
  void Registered(const AttachedAs& as) override;
  void Assign(const WorkAssignment& assignment) override;
  void Stop(const AttemptKey& key, StopPurpose purpose) override;
  void Acknowledge(int64_t event) override;
  void Quit() override;
  void Close(const absl::Status& why) override;

  std::vector<WorkAssignment> assigned() const;
  std::vector<AttemptKey> stopped() const;
  // Of those that were asked to yield; they are in `stopped`, too.
  std::vector<AttemptKey> yielded() const;
  int64_t acknowledged() const;
  std::optional<absl::Status> closed() const;
  bool was_quit() const;

 private:
  mutable Mutex mu_;
  std::vector<WorkAssignment> assigned_ GUARDED_BY(mu_);
  std::vector<AttemptKey> stopped_ GUARDED_BY(mu_);
  std::vector<AttemptKey> yielded_ GUARDED_BY(mu_);
  int64_t acknowledged_ GUARDED_BY(mu_) = 0;
  std::optional<absl::Status> closed_ GUARDED_BY(mu_);
  bool was_quit_ GUARDED_BY(mu_) = false;
};

// A queue on a real store in a temporary folder, with users ada and bob.
class QueueTest : public ::testing::Test {
 protected:
  // A worker that does as the test says.
  struct Worker {
    QueueTest* test;
    int64_t number;
    std::shared_ptr<FakeLink> link;
    int64_t events = 0;

    // The newest assignment; the test fails when there is none.
    WorkAssignment Given() const;
    void Begin(const AttemptKey& key);
    void Record(const AttemptKey& key, int64_t first_ordinal,
                std::vector<RecordedItem> items);
    // Puts a state of `bytes` into the store, then reports it.
    void Save(const AttemptKey& key, int64_t tick, int64_t item_count,
              const std::string& bytes, bool is_final = false);
    void Finish(const AttemptKey& key, FinishedReport report);
    void Succeed(const AttemptKey& key, int64_t item_count,
                 const std::string& result_hash = "r1:same");
    void Fail(const AttemptKey& key, const std::string& reason);
    void Report(WorkerReport report);
  };

  void SetUp() override;
  void TearDown() override;

  // Stops queue and store and opens both again, as a server that restarts.
  void Restart();
  // Waits until nothing is on its way to the store.
  void Settle();
  // As a worker of this server's build says of itself.
  WorkerRegistration Registration() const;
  // `build`: empty for this server's.
  Worker Attach(int64_t number, std::vector<AttemptKey> held = {},
                const std::string& build = "");
  // Submits the small experiment of the core's tests with `more` in its text;
  // returns its id.
  std::string Submit(const std::string& more = "",
                     const std::string& owner = "ada");
  absl::StatusOr<SubmitOutcome> TrySubmit(const std::string& more,
                                          Submission submission);
  void SetQuota(const store::QuotaRow& quota, const std::string& user = "ada");
  store::RunRow Row(const std::string& experiment, int64_t point = 0);
  std::string State(const std::string& experiment, int64_t point = 0);

  std::filesystem::path folder_;
  FakeClock clock_;
  FakeExecutor executor_;
  Queue::Options options_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<Queue> queue_;
};

// The manifest of a vector of bytes, one chunk.
RecordedManifest ManifestOf(const std::string& bytes);

// Items of a record.
RecordedItem PointItem(double x, double value);
RecordedItem SummaryItem(double value);
RecordedItem LogItem(const std::string& text);

}  // namespace engram
