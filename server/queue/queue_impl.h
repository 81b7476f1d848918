#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/mutex.h"
#include "server/queue/attempt_record.h"
#include "server/queue/books.h"
#include "server/queue/queue.h"
#include "server/store/checkpoint_table.h"
#include "server/store/run_table.h"
#include "server/store/store.h"
#include "server/store/user_table.h"
#include "server/store/verification_table.h"
#include "server/store/worker_table.h"

namespace engram {

class RecordLoader;

// What an attempt used, as its worker says.
struct AttemptUse {
  double cpu_seconds = 0;
  int64_t peak_memory_bytes = 0;
};

// How an attempt comes to an end that does not end its run, or that its worker
// did not report.
struct Loss {
  std::string reason;  // of the state change: "worker died"
  RunFault fault;      // of the attempt, and of the run if it is not repeated
  bool counts = true;  // towards max_attempts
  bool repeat = true;  // queued again, as often as max_attempts allows
  RunState attempt_end = RunState::kFailed;
  std::optional<AttemptUse> used = std::nullopt;  // absent: an estimate
};

// Why users queue runs: from then on time limit and deaths count anew.
inline constexpr absl::string_view kSubmitted = "submitted";
inline constexpr absl::string_view kRetried = "retried";
inline constexpr absl::string_view kContinued = "continued";

// What of a run's saved states is kept when it ends so.
store::KeptState KeptAtEnd(RunState end, absl::string_view fault);
// "workers/3" is 3; 0 for anything else.
int64_t WorkerNumber(absl::string_view name);

// Whether what failed so would fail again for ever, rather than for a disk that
// is full or a change that came first.
bool IsFinal(const absl::Status& why);

// The store decides and the books follow. A change is a transaction on the
// writer's thread that reads the state, changes it by one conditional
// statement, and lists what this means for the books; once the commit is
// durable that is entered, still on the writer's thread, so the books change
// in the order of the commits. Calls for users wait for that.
class Queue::Impl {
 public:
  Impl(Options options, store::Store& store, Executor& executor);
  // Waits for the writes under way.
  ~Impl();

  absl::Status Load();

  absl::StatusOr<SubmitOutcome> Submit(const Submission& submission,
                                       const Experiment& experiment,
                                       const SameCommit<SubmitOutcome>& also);
  absl::StatusOr<CountOutcome> Cancel(absl::string_view experiment,
                                      std::optional<int64_t> point,
                                      absl::string_view actor,
                                      absl::string_view reason,
                                      const SameCommit<CountOutcome>& also);
  absl::StatusOr<CountOutcome> Retry(absl::string_view experiment,
                                     std::optional<int64_t> point,
                                     absl::string_view actor,
                                     const SameCommit<CountOutcome>& also);
  absl::StatusOr<CountOutcome> Continue(absl::string_view experiment,
                                        std::optional<int64_t> point,
                                        absl::string_view actor,
                                        const SameCommit<CountOutcome>& also);
  absl::StatusOr<VerifyOutcome> Verify(const RunName& run, bool current,
                                       absl::string_view actor,
                                       const SameCommit<VerifyOutcome>& also);

  absl::StatusOr<Explanation> Explain(const RunName& run);
  QueueSnapshot Snapshot(int64_t limit);
  QueueStatus Status();
  std::vector<WorkerStatus> Workers();
  std::optional<LiveProgress> ProgressOf(const RunName& run,
                                         int64_t verification);
  double RecentCpuSeconds(absl::string_view owner);
  void SetQuota(absl::string_view owner, const store::QuotaRow& quota);
  int64_t Drain(bool drain);
  absl::Status Shutdown();
  void Hurry();

  absl::StatusOr<int64_t> EnlistWorker(const std::string& token_digest);
  absl::StatusOr<AttachedAs> Attached(int64_t number,
                                      const WorkerRegistration& registration,
                                      std::shared_ptr<WorkerLink> link);
  void Heard(int64_t number, const WorkerReport& report);
  void HeardLive(int64_t number, const LiveReport& report);
  void Heartbeat(int64_t number);
  void HandedBack(int64_t number, const std::vector<AttemptKey>& keys);
  void Expel(int64_t number, const absl::Status& why);
  void Detached(int64_t number, const WorkerLink* link);
  void WorkerEnded(int64_t number, const WorkerEnd& end);
  // `told` is what its stream ends with.
  void EndWorker(int64_t number, const WorkerEnd& end,
                 const absl::Status& told);
  void Tick();
  void SetLiveListener(
      std::function<void(const RunName&, const LiveReport&)> listener);

 private:
  // What a durable transaction means for the books.
  using Effect = std::function<void(Books&)>;
  struct Change {
    Staging staging;
    std::vector<Effect> effects;
  };
  using ChangeWork = std::function<absl::Status(store::Transaction&, Change&)>;
  using OnFailure = std::function<void(Books&, const absl::Status&)>;

  // Runs the work on the writer's thread, then enters its effects and makes
  // assignments. Without waiting; `failed` runs with the books locked.
  void Commit(ChangeWork work, OnFailure failed);
  // The same, and waits until the effects are entered.
  absl::Status CommitAndWait(ChangeWork work);

  // Of the writer's thread, within a transaction.
  absl::Status EndRun(store::Transaction& transaction, Change& change,
                      const std::shared_ptr<ExperimentEntry>& experiment,
                      store::RunKey key, const store::StateChange& to);
  // A worker's report about an attempt; null: it is fenced. `yield_reason`:
  // why the attempt was asked to yield; empty when it was not.
  absl::Status Enter(store::Transaction& transaction, Change& change,
                     AttemptRecord* attempt, const WorkerReport& report,
                     const std::string& yield_reason);
  absl::Status Begin(store::Transaction& transaction, Change& change,
                     AttemptRecord& attempt, int64_t now_us);
  absl::Status TakeItems(store::Transaction& transaction, Change& change,
                         AttemptRecord& attempt, const ItemsReport& items,
                         int64_t now_us);
  absl::Status Finish(store::Transaction& transaction, Change& change,
                      AttemptRecord& attempt, const FinishedReport& report,
                      const std::string& yield_reason, int64_t now_us);
  absl::Status TakeCheckpoint(store::Transaction& transaction, Change& change,
                              AttemptRecord& attempt,
                              const CheckpointReport& report, int64_t now_us);
  // Gives the attempt the newest checkpoint that its build has made, if any.
  void ResumeFromLast(store::Transaction& transaction, Change& change,
                      AttemptRecord& attempt, WorkAssignment& assignment);
  // The state that the attempt was to go on from cannot be read: the run goes
  // on from the one before, or from the start.
  absl::Status RefuseCheckpoint(store::Transaction& transaction, Change& change,
                                AttemptRecord& attempt,
                                const FinishedReport& report, int64_t now_us);
  // The attempt has saved its state and ended, as asked: QUEUED again.
  absl::Status Yield(store::Transaction& transaction, Change& change,
                     AttemptRecord& attempt, const FinishedReport& report,
                     const std::string& reason, int64_t now_us);
  absl::Status FinishVerification(store::Transaction& transaction,
                                  Change& change, AttemptRecord& attempt,
                                  const FinishedReport& report, int64_t now_us);
  absl::Status EndVerification(store::Transaction& transaction, Change& change,
                               AttemptRecord& attempt,
                               absl::string_view outcome,
                               const std::string& difference,
                               const std::string& result_hash, int64_t now_us);
  absl::Status Lose(store::Transaction& transaction, Change& change,
                    AttemptRecord& attempt, const Loss& loss, int64_t now_us);
  absl::Status Start(store::Transaction& transaction, Change& change,
                     AttemptRecord& attempt, WorkAssignment& assignment,
                     int64_t now_us);
  absl::Status StartVerification(store::Transaction& transaction,
                                 Change& change, AttemptRecord& attempt,
                                 WorkAssignment& assignment, int64_t now_us);
  std::shared_ptr<ExperimentEntry> EntryOf(store::Reader& reader,
                                           store::ExperimentKey key);
  // Those that outlived the former server; the others have ended.
  absl::Status LoadWorkers();
  // Queues the runs again that no living worker has.
  absl::Status TakeBackLost(store::Transaction& transaction,
                            const std::set<int64_t>& living) const;
  void Adopt(Books& books, const store::WorkerRow& row);
  void TakeOver(store::Reader& reader, const store::RunRow& row, Work loaded);
  static void SortHands(Books& books);
  bool IsOurBuild(absl::string_view build) const;
  // Of an attempt whose worker outlived the former server: which items come
  // next, and what is stored of them. Once.
  static absl::Status FindPlace(store::Transaction& transaction, Change& change,
                                AttemptRecord& attempt,
                                const ItemsReport& items);
  // Runs that ended without success, each as `prepare` leaves it. Refused are
  // those that `prepare` gives a status for.
  using Preparation =
      std::function<absl::Status(store::Transaction&, const store::RunRow&)>;
  absl::StatusOr<CountOutcome> QueueAgain(absl::string_view experiment,
                                          std::optional<int64_t> point,
                                          absl::string_view actor,
                                          absl::string_view reason,
                                          const Preparation& prepare,
                                          const SameCommit<CountOutcome>& also);
  // FAILED_PRECONDITION: the run has no checkpoint, or no worker can read it.
  absl::Status MayGoOn(store::Reader& reader, const store::RunRow& row);
  // The kept build that has saved the run's state, which no other can read;
  // empty: whichever this server has.
  std::string BuildToGoOnWith(store::Reader& reader, store::RunKey run);
  bool CanStart(absl::string_view build) const;
  // The build that alone may execute the verification; empty: this server's.
  std::string PinOf(const store::VerificationRow& row) const;
  void LoadUsers(store::Reader& reader);
  void LoadExperiment(store::Reader& reader, store::ExperimentKey key);
  void LoadVerification(store::Reader& reader,
                        const store::VerificationRow& row);
  Explanation ExplainWaiting(const Books& books, const Work& work);
  // RESOURCE_EXHAUSTED: the disk is nearly full, or the owner has used, stored
  // or waits for too much to queue `new_runs` more. By what is stored, this
  // very commit included.
  absl::Status CheckQuota(store::Reader& reader, absl::string_view owner,
                          int64_t new_runs);

  // With the books locked.
  void Schedule(Books& books);
  void Assign(Books& books, Work& work, WorkerEntry& worker);
  void LoadThenStart(const std::shared_ptr<AttemptRecord>& attempt,
                     const std::shared_ptr<WorkAssignment>& assignment,
                     const std::shared_ptr<RecordLoader>& loader);
  void StartLater(const std::shared_ptr<AttemptRecord>& attempt,
                  const std::shared_ptr<WorkAssignment>& assignment);
  static void Send(Work& work, WorkerEntry& worker);
  void AssignmentFailed(Books& books,
                        const std::shared_ptr<AttemptRecord>& attempt);
  absl::Status MayAttach(const Books& books, int64_t number,
                         const WorkerRegistration& registration) const;
  void Reconcile(Books& books, WorkerEntry& worker);
  static void Acknowledge(Books& books, int64_t number, int64_t event);
  static void CloseLink(WorkerEntry& worker, const absl::Status& why);
  void LoseAll(Books& books, const WorkerEntry& worker, const WorkerEnd& end);
  // Tried again until it is stored.
  void LoseLater(std::shared_ptr<AttemptRecord> attempt, const Loss& loss);
  void ReportFailed(Books& books, int64_t number, const WorkerReport& report,
                    std::shared_ptr<AttemptRecord> attempt,
                    const absl::Status& why);
  void AskToStop(Work& work, Books& books, int64_t now_us);
  // The run is to save its state and to be queued again, `reason` standing in
  // its history: it goes on later, or elsewhere. One that was not begun is
  // taken back. Who does not answer within `yield_grace_us` is killed, which
  // is not held against the run. Nothing for one that is not in hand, is being
  // cancelled or was asked before.
  void AskToYield(Work& work, Books& books, const std::string& reason);
  void AskAllToYield(Books& books);
  static bool AnyWaitedFor(const Books& books);
  void TakeBackAll(Books& books);
  // Asks for workers of the kept builds that works are pinned to, and lets go
  // of those that nothing is pinned to any more.
  void SeeToBuilds(Books& books);
  // Works of a build that is not kept any more begin anew with this server's.
  void UnpinLost(Books& books);
  void CheckTimeLimits(Books& books);
  void CheckDeadlines(Books& books);
  void CheckLeases(Books& books);

  const Options options_;
  store::Store& store_;
  Executor& executor_;
  // Read by the writer's thread under the mutex, too: see Commit.
  Mutex mu_;
  CondVar settled_;
  Books books_ GUARDED_BY(mu_);
  bool is_hurried_ GUARDED_BY(mu_) = false;
  // Raised anywhere, lowered under the mutex.
  std::atomic<int64_t> in_flight_ = 0;
  std::function<void(const RunName&, const LiveReport&)> live_ GUARDED_BY(mu_);
};

}  // namespace engram
