#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "server/executor/executor.h"
#include "server/queue/attempt_record.h"
#include "server/queue/fair_share.h"
#include "server/queue/queue.h"
#include "server/queue/waiting_line.h"
#include "server/store/user_table.h"

namespace engram {

// What the queue remembers of an experiment.
struct ExperimentEntry {
  std::string id;
  store::ExperimentKey key{};
  std::string owner;
  int priority = 0;
  bool urgent = false;
  RunResources resources;
  int64_t metrics_every = 1;
  std::map<std::string, std::vector<int64_t>> snapshots;
  std::string after;  // id; empty for none
  int64_t create_us = 0;
  double expected_seconds = 0;  // of a run; 0 if not known
  int64_t measured_runs = 0;    // that the above is the mean of; 0: a guess
  // Runs that have not ended; of the writer's thread.
  std::shared_ptr<Staged<int64_t>> open_runs =
      std::make_shared<Staged<int64_t>>(0);
  int64_t known_open_runs = 0;  // the same as the books have it

  // What a run counts for in the order [cpu-seconds].
  double Charge() const;
  void Measure(double seconds);
};

// A run that has not ended, or a verification that has not.
struct Work {
  int64_t id = 0;
  std::shared_ptr<ExperimentEntry> experiment;
  RunName run;
  store::RunKey key{};
  int verification = 0;  // its number; 0: the run itself
  std::string owner;     // of the run, or who asked for the verification
  RunState state = RunState::kQueued;
  int64_t since_us = 0;
  int attempts = 0;     // begun ones
  int deaths = 0;       // of workers that executed it, since a user queued it
  int64_t used_us = 0;  // of the time limit, likewise
  // The only build that may execute it; empty: whichever this server has. Set
  // by Books::Pin once the books have it.
  std::string build;
  // While a worker has it in hand.
  std::shared_ptr<AttemptRecord> attempt;
  WorkAssignment assignment;
  bool is_ready = false;  // its assignment is durable
  bool is_sent = false;   // the assignment has left
  bool has_begun = false;
  int64_t begun_steady_us = 0;
  int64_t kill_steady_us = 0;  // when it is killed for not stopping; 0: never
  bool is_overdue = false;     // hangs beyond its time limit, to be killed
  std::string yield_reason;    // why it was asked to yield; empty: it was not
  // While it waits: since when it has stood first and cannot start.
  std::optional<int64_t> blocked_since_steady_us;
  std::optional<LiveProgress> progress;

  bool in_hand() const { return attempt != nullptr; }
  // Of the present attempt, as if it kept all of its cpus busy; 0 before it
  // has begun.
  double CpuSeconds(int64_t steady_us) const;
};

// A worker process that has attached.
struct WorkerEntry {
  int64_t number = 0;
  WorkerRegistration facts;
  int64_t connect_us = 0;
  int64_t heard_steady_us = 0;
  std::shared_ptr<WorkerLink> link;  // null while the stream is broken
  std::deque<int64_t> hand;          // ids of works, the present one first
  bool is_adopted = false;           // outlived the former server
  bool is_retiring = false;          // is given nothing more, and told to quit
  // Of another build than this server's: given only what is pinned to that.
  bool is_of_kept_build = false;
  int64_t stored_event = 0;
  int64_t charged_event = 0;  // Finished up to here count in the fair share
  // The last event taken; of the writer's thread.
  std::shared_ptr<Staged<int64_t>> last_event =
      std::make_shared<Staged<int64_t>>(0);

  std::string Name() const;
};

// The waiting run that others were asked to make room for; 0: none. Until then
// what becomes free is kept for it.
struct RoomMaking {
  int64_t work = 0;
  int64_t until_steady_us = 0;
};

// Everything that the queue holds in memory. It follows the store: what is
// here has been committed, apart from which works are in whose hand. Not
// thread-safe.
class Books {
 public:
  std::map<std::string, std::shared_ptr<ExperimentEntry>> experiments;
  std::map<int64_t, Work> works;
  std::map<store::RunKey, int64_t> work_of_run;  // no verifications
  std::map<int64_t, WorkerEntry> workers;
  std::set<int64_t> ended_workers;  // the newest of them
  std::map<int64_t, std::shared_ptr<AttemptRecord>> attempts;  // by token
  std::map<std::string, store::QuotaRow> quotas;
  FairShare shares;
  WaitingLine line;                     // of what could start
  std::set<std::string> wanted_builds;  // as the executor was told
  int64_t last_token = 0;
  bool is_draining = false;
  bool is_disk_low = false;  // as of the last tick
  bool is_shut = false;
  // Processor time decays by a clock that does not jump: UTC as it was when
  // the queue was opened, less the steady clock's time then [us].
  int64_t share_epoch_us = 0;
  RoomMaking room;
  // After a failed write no run is started for a while.
  int64_t no_start_before_us = 0;
  std::string store_trouble;  // why it failed
  // Changes that must come to pass: tried again at every tick.
  std::vector<std::function<void()>> again;

  Work& Add(Work work);
  // Forgets a work; out of line and hand first.
  void Remove(int64_t id);
  Work* Find(int64_t id);
  Work* FindRun(store::RunKey key);
  // Only workers of this build may execute the work; empty: of this server's.
  void Pin(Work& work, const std::string& build);
  // What works are pinned to.
  std::set<std::string> PinnedBuilds() const;
  // Puts a queued work into the line, unless its experiment waits for another.
  void Wait(Work& work);
  // Marks a worker, attached or not, as ended: it does not attach again.
  void EndWorker(int64_t number);
  // Forgets an attached worker, which has ended; the one after it.
  std::map<int64_t, WorkerEntry>::iterator Dismiss(
      std::map<int64_t, WorkerEntry>::iterator worker);
  // Out of the line, into a worker's hand, as its next attempt.
  void Give(Work& work, WorkerEntry& worker);
  // Out of its worker's hand, back to waiting.
  void TakeBack(Work& work);
  // Out of its worker's hand.
  void Release(Work& work);
  // An experiment's run has ended: others may have waited for it.
  void RunEnded(ExperimentEntry& experiment);

  int64_t QueuedOf(absl::string_view owner) const;
  int64_t HeldOf(absl::string_view owner) const;
  // What time it is for `shares`.
  int64_t ShareTime(int64_t steady_us) const {
    return share_epoch_us + steady_us;
  }
  // What a user has used, what is at work included [cpu-seconds].
  double UsedBy(absl::string_view owner, int64_t steady_us) const;
  // The same, with what he has in hand counted in advance, at its expected
  // length: what the order goes by.
  double ShareOf(absl::string_view owner, int64_t steady_us) const;
  WaitingLine::Walk Order(int64_t steady_us) const;

 private:
  bool IsHeldBack(const ExperimentEntry& experiment) const;
  template <class Charge>  // double(const Work&)
  double SumOf(absl::string_view owner, int64_t steady_us,
               const Charge& charge) const;

  std::map<int64_t, bool> in_line_;
  // Works that wait for an experiment, by its id.
  std::map<std::string, std::set<int64_t>> held_back_;
  std::map<std::string, int64_t, std::less<>> queued_;
  std::map<std::string, int64_t> pinned_;  // number of works by build
  int64_t last_work_ = 0;
};

}  // namespace engram
