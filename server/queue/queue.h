#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/spec/experiment.h"
#include "server/queue/clock.h"
#include "server/queue/run_inputs.h"
#include "server/queue/run_name.h"
#include "server/queue/run_state.h"
#include "server/queue/worker_link.h"

namespace engram {

namespace store {
class Store;
class Transaction;
struct QuotaRow;
}  // namespace store

class DiskGuard;
class Executor;

// What a run may use.
struct RunResources {
  int cpus = 1;
  int64_t memory_bytes = int64_t{2} << 30;
  // Over the attempts since a user queued it; 0: no limit.
  int64_t time_s = 86'400;
};

// An experiment on its way into the queue: what was said beside its text.
struct Submission {
  std::string owner;   // "ada"
  std::string text;    // as the user sent it, after the preset was looked up
  std::string preset;  // the name it was made from; empty for none
  std::string notes;
  std::vector<std::string> tags;
  int priority = 0;  // the text's and the request's together, -100 to 100
  bool urgent = false;
  RunResources resources;       // no value absent: from text or estimate
  double expected_seconds = 0;  // of one run on one cpu; 0 if not known
  // What the trees name by digest; the chunks are in the store.
  std::vector<ExperimentInput> inputs;
};

// Work in the transaction of the call itself, after everything else of it: the
// stored answer to a request id and the audit row. An error undoes the call.
template <class Outcome>
using SameCommit =
    std::function<absl::Status(store::Transaction&, const Outcome& made)>;

struct SubmitOutcome {
  std::string experiment;  // its id
  int64_t create_us = 0;
};
struct CountOutcome {
  int64_t runs = 0;
};
struct VerifyOutcome {
  RunName run;
  int64_t number = 0;  // of the verification, from 1
  int64_t create_us = 0;
};

// Why a run is where it is.
struct Explanation {
  RunState state = RunState::kQueued;
  std::string text;      // one sentence
  int64_t position = 0;  // from 1; 0 when it does not wait
  std::optional<int64_t> expected_start_us;
};

struct QueueEntry {
  RunName run;
  std::string owner;
  RunState state = RunState::kQueued;
  int64_t position = 0;     // from 1; 0 for what is held
  std::string explanation;  // of the first 100 that wait
  RunResources resources;
  int64_t since_us = 0;
};
struct QueueSnapshot {
  std::vector<QueueEntry> entries;  // what is held, then what waits, in order
  int64_t queued_runs = 0;
  int64_t running_runs = 0;
};

struct QueueStatus {
  int64_t queued_runs = 0;
  int64_t running_runs = 0;
  int cpus = 0;
  int cpus_in_use = 0;
  int64_t memory_bytes = 0;
  int64_t memory_bytes_in_use = 0;
  bool draining = false;
  bool disk_low = false;
  int workers = 0;                   // that are attached
  std::map<RunState, int64_t> runs;  // that have not ended; verifications not
  // When the run that waits longest was queued; absent: none waits.
  std::optional<int64_t> oldest_wait_us;
};

struct WorkerStatus {
  int64_t number = 0;  // "workers/3" is 3
  std::string host;
  int64_t pid = 0;
  std::string build;
  int cpus = 0;
  int64_t connect_us = 0;
  std::optional<RunName> run;  // what it executes
  int held_runs = 0;           // besides
};

// Runs between submit and end: which is next, who has it, what came of it. It
// lives in memory and is rebuilt from the store when it is opened; every change
// is stored before anybody is told. Thread-safe; calls of the first group block
// until what they did is durable.
class Queue {
 public:
  struct Options {
    const Clock* clock = &SystemClock();
    // SHA-256 in hex of the engram-worker file that new runs get; workers of
    // another one are refused. Empty: any is taken.
    std::string build;
    int max_attempts = 3;
    // Workers whose processes have outlived the former server, as the executor
    // knows: what they have in hand stays theirs, for one lease at least.
    std::set<int64_t> living_workers;
    // Those of them that are told to quit after what they execute.
    std::set<int64_t> surplus_workers;
    // A worker that says nothing for so long has lost what it held.
    int64_t lease_us = 60'000'000;
    // A worker ends a run whose time limit has passed; one that has not by then
    // hangs, and is killed.
    int64_t hang_us = 60'000'000;
    // From being asked to stop to being killed.
    int64_t stop_grace_us = 10'000'000;
    // From being asked to yield to being killed: a large state takes a while.
    int64_t yield_grace_us = 60'000'000;
    // How long a server that stops waits for runs to save their states.
    int64_t drain_us = 30'000'000;
    // How long a run that does not fit is passed by smaller ones.
    int64_t pass_limit_us = 600'000'000;
    // Who has stood first for `preempt_wait_us` may have runs that are older
    // than `preempt_age_us` make room, when their owners have used more.
    int64_t preempt_wait_us = 120'000'000;
    int64_t preempt_age_us = 1'800'000'000;
    // For how long the room that was made is kept.
    int64_t room_limit_us = 120'000'000;
    // A worker is given this much work in advance, in short runs alone.
    double prefetch_seconds = 2;
    int prefetch_runs = 16;
    // Looked at before runs are queued, and now and then; null: never.
    DiskGuard* disk = nullptr;
  };

  // `executor` may be told to start workers before Open returns; both outlive
  // the queue. Runs that were in the hand of a worker which has ended are
  // queued again.
  static absl::StatusOr<std::unique_ptr<Queue>> Open(Options options,
                                                     store::Store& store,
                                                     Executor& executor);
  ~Queue();

  // For users. `actor` is "users/ada".

  // RESOURCE_EXHAUSTED: the owner's quota allows no more runs that wait, or he
  // has used more processor time or stores more than it allows; or the disk is
  // nearly full.
  absl::StatusOr<SubmitOutcome> Submit(const Submission& submission,
                                       const Experiment& experiment,
                                       const SameCommit<SubmitOutcome>& also);
  // Of an experiment, or one run of it. Runs that have ended are left alone.
  absl::StatusOr<CountOutcome> Cancel(absl::string_view experiment,
                                      std::optional<int64_t> point,
                                      absl::string_view actor,
                                      absl::string_view reason,
                                      const SameCommit<CountOutcome>& also);
  // FAILED_PRECONDITION: the one run named has SUCCEEDED or has not ended.
  // RESOURCE_EXHAUSTED: as for Submit, by the experiment's owner.
  absl::StatusOr<CountOutcome> Retry(absl::string_view experiment,
                                     std::optional<int64_t> point,
                                     absl::string_view actor,
                                     const SameCommit<CountOutcome>& also);
  // FAILED_PRECONDITION: no checkpoint, or its build is not kept.
  absl::StatusOr<CountOutcome> Continue(absl::string_view experiment,
                                        std::optional<int64_t> point,
                                        absl::string_view actor,
                                        const SameCommit<CountOutcome>& also);
  // FAILED_PRECONDITION: not SUCCEEDED, or its build is not here and `current`
  // is not set. RESOURCE_EXHAUSTED: as for Submit, by who asks.
  absl::StatusOr<VerifyOutcome> Verify(const RunName& run, bool current,
                                       absl::string_view actor,
                                       const SameCommit<VerifyOutcome>& also);

  // NOT_FOUND: no such run.
  absl::StatusOr<Explanation> Explain(const RunName& run) const;
  QueueSnapshot Snapshot(int64_t limit) const;
  QueueStatus Status() const;
  std::vector<WorkerStatus> Workers() const;
  // What a held run last reported; absent when nothing has come.
  std::optional<LiveProgress> ProgressOf(const RunName& run) const;
  // Of a verification that runs.
  std::optional<LiveProgress> ProgressOf(const RunName& run,
                                         int64_t verification) const;
  // cpu-seconds of a user, with a half-life of 7 days, what runs included.
  double RecentCpuSeconds(absl::string_view owner) const;

  // Called by what changes a user's quota, once that is durable.
  void SetQuota(absl::string_view owner, const store::QuotaRow& quota);

  // Starts no more runs, or starts them again. Returns what is still at work.
  int64_t Drain(bool drain);
  // Takes everything back from the workers, stored as QUEUED "drained": those
  // that run save their states first, for `drain_us` at most. After it no run
  // starts and workers are refused.
  absl::Status Shutdown();
  // A Shutdown at work, or one to come, waits for no state to be saved. Any
  // thread.
  void Hurry();

  // For the server side of Attach; see worker_link.h. None blocks.

  // `number` says whose token was shown. The link is used until Detached.
  // FAILED_PRECONDITION: the worker has ended, or is of another build.
  absl::StatusOr<AttachedAs> Attached(int64_t number,
                                      const WorkerRegistration& registration,
                                      std::shared_ptr<WorkerLink> link);
  void Heard(int64_t number, const WorkerReport& report);
  void HeardLive(int64_t number, const LiveReport& report);
  void Heartbeat(int64_t number);
  void HandedBack(int64_t number, const std::vector<AttemptKey>& keys);
  // It sent what no worker of ours sends: it is killed, and what it held is
  // taken back as from one that died.
  void Expel(int64_t number, const absl::Status& why);
  // The stream broke: the worker may come back until its lease lapses.
  void Detached(int64_t number, const WorkerLink* link);

  // For the executor and the clock's thread.

  // The number of a worker that is about to be started: "workers/3" is 3.
  // Numbers are never used again. `token_digest` is stored for the next server.
  absl::StatusOr<int64_t> EnlistWorker(const std::string& token_digest);
  // A worker's process has ended.
  void WorkerEnded(int64_t number, const WorkerEnd& end);
  // Lapsed leases, deadlines, writes to be tried again. Due every 250 ms.
  void Tick();

  // Hears every live report that counts: progress and previews. Called with no
  // lock held; must not block.
  void SetLiveListener(
      std::function<void(const RunName&, const LiveReport&)> listener);

 private:
  class Impl;
  explicit Queue(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace engram
