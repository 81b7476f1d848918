#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/mutex.h"
#include "server/executor/executor.h"
#include "server/executor/helper_link.h"
#include "server/executor/start_helper.h"
#include "server/executor/worker_tokens.h"

namespace engram {

class KeptBuilds;

// "ended ID HOW PEAK" as the helper says it.
struct LocalWorkerEnd {
  std::string status;  // "exited with status 1", "was killed by signal 9"
  int64_t peak_memory_bytes = 0;
  bool out_of_memory = false;
};

// Workers on this machine: finds or starts the helper (`engram-worker --pool`),
// takes over the workers that it has, asks it for as many as there are to be,
// and for another whenever one ends. README.md says who outlives whom.
class LocalExecutor final : public Executor {
 public:
  struct Options {
    HelperCommand helper;
    // What a worker executes; an absolute path.
    std::string program;
    int workers = 1;
    Capacity capacity;
    // Before a worker, or the helper, that ended at once is started again.
    int64_t pause_us = 1'000'000;
    // For workers to end by themselves, which they were told, and to clear up.
    int64_t quit_us = 2'000'000;
    std::function<int64_t()> steady_us;  // a clock that never jumps
    // What a person should know: a line for the log. From any thread.
    std::function<void(const std::string&)> warn = [](const std::string&) {};
  };
  struct Hooks {
    // The number of a worker that is about to be started, whose token has this
    // digest.
    std::function<absl::StatusOr<int64_t>(const std::string& token_digest)>
        enlist;
    std::function<void(int64_t worker, const LocalWorkerEnd&)> ended;
  };

  // `tokens` outlives the executor.
  static absl::StatusOr<std::unique_ptr<LocalExecutor>> Open(
      Options options, WorkerTokens& tokens);
  // Stops if it runs; else hangs up, and helper and workers go on.
  ~LocalExecutor() override;

  // Workers that a former server has left: those that live, and those whose end
  // the hooks hear first of all.
  const std::set<int64_t>& living() const { return living_; }
  const std::set<int64_t>& lately_ended() const { return lately_ended_; }

  // Starts the workers. Hooks are called from a thread of the executor, until
  // Stop has returned.
  void Run(Hooks hooks);
  // Ends helper and workers, which were told to quit, and waits for that.
  void Stop();

  // Where other builds than today's come from; before Run, and outlives this.
  void UseBuilds(KeptBuilds& builds) { builds_ = &builds; }
  // Says of which other build a living worker is; before Run.
  void NoteBuild(int64_t worker, const std::string& build) {
    kept_build_of_[worker] = build;
  }

  Capacity capacity() const override { return options_.capacity; }
  bool HasBuild(absl::string_view build) const override;
  void WantBuilds(const std::set<std::string>& builds) override;
  void Kill(int64_t worker) override;

 private:
  // What a helper answers to `list`.
  struct Listing {
    std::set<int64_t> living;
    std::map<int64_t, std::string> ends;  // the lines
  };

  LocalExecutor(Options options, WorkerTokens& tokens,
                std::unique_ptr<HelperLink> helper, Listing listing);
  static absl::StatusOr<Listing> List(HelperLink& helper);
  void Loop();
  void StartMissing();
  void StartWanted();
  // False when none can be started now.
  bool Start(const std::string& program, const std::string& kept_build);
  void Obey(const std::string& line);
  void Ended(int64_t worker, const LocalWorkerEnd& end);
  void Reconnect();
  static void Rest();
  void Reconcile(const Listing& listing);
  void EndAll();
  std::shared_ptr<HelperLink> helper();
  bool is_stopping();
  void SeeToTheEnd(HelperLink& link);

  const Options options_;
  WorkerTokens& tokens_;
  Hooks hooks_;
  std::set<int64_t> living_;
  std::set<int64_t> lately_ended_;
  std::vector<std::string> first_lines_;  // ends from before Run
  // Of the thread: workers with the time of their start, and when the next may
  // be started.
  std::map<int64_t, int64_t> started_us_;
  int64_t next_start_us_ = 0;
  int64_t next_reconnect_us_ = 0;
  bool is_told_to_end_ = false;
  // Of the thread: those of them that are of another build than today's.
  std::map<int64_t, std::string> kept_build_of_;
  KeptBuilds* builds_ = nullptr;
  Mutex mu_;
  // Replaced by the thread alone, used by Kill, too.
  std::shared_ptr<HelperLink> helper_ GUARDED_BY(mu_);
  bool is_stopping_ GUARDED_BY(mu_) = false;
  std::set<std::string> wanted_ GUARDED_BY(mu_);  // builds besides today's
  int64_t stopped_us_ GUARDED_BY(mu_) = 0;
  std::thread thread_;
};

// "exit:0", "signal:9", "memory" in words.
LocalWorkerEnd ReadWorkerEnd(absl::string_view how, int64_t peak_memory_bytes);

}  // namespace engram
