#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/mutex.h"
#include "server/executor/executor.h"
#include "server/executor/helper_process.h"
#include "server/executor/worker_tokens.h"

namespace engram {

// "ended ID HOW PEAK" as the helper says it.
struct LocalWorkerEnd {
  std::string status;  // "exited with status 1", "was killed by signal 9"
  int64_t peak_memory_bytes = 0;
  bool out_of_memory = false;
};

// Workers on this machine: starts the helper (`engram-worker --pool`), asks it
// for as many worker processes as there are to be, and for another whenever one
// ends. The lines between them are in server/worker/README.md.
class LocalExecutor final : public Executor {
 public:
  struct Options {
    // "/usr/bin/engram-worker", "--pool", "--attach", "unix:/..."
    std::vector<std::string> pool_command;
    int workers = 1;
    Capacity capacity;
    // Before a worker, or the helper, that ended at once is started again.
    int64_t pause_us = 1'000'000;
    std::function<int64_t()> steady_us;  // a clock that never jumps
  };
  struct Hooks {
    // The number of a worker that is about to be started.
    std::function<absl::StatusOr<int64_t>()> enlist;
    std::function<void(int64_t worker, const LocalWorkerEnd&)> ended;
    // What a person should know: a line for the log.
    std::function<void(const std::string&)> warn;
  };

  // Starts the helper; before any database is opened, so that it holds none of
  // our files. `tokens` outlives the executor.
  static absl::StatusOr<std::unique_ptr<LocalExecutor>> Open(
      Options options, WorkerTokens& tokens);
  // Stops.
  ~LocalExecutor() override;

  // Starts the workers. Hooks are called from a thread of the executor, until
  // Stop has returned.
  void Run(Hooks hooks);
  // Ends helper and workers and waits for that.
  void Stop();

  Capacity capacity() const override { return options_.capacity; }
  void Kill(int64_t worker) override;

 private:
  LocalExecutor(Options options, WorkerTokens& tokens,
                std::unique_ptr<HelperProcess> helper);
  void Loop();
  void StartMissing();
  void Obey(const std::string& line);
  void Ended(int64_t worker, const LocalWorkerEnd& end);
  void RestartHelper();
  bool is_stopping();

  const Options options_;
  WorkerTokens& tokens_;
  Hooks hooks_;
  // Of the thread: started workers with the time of that, and when the next
  // may be started.
  std::map<int64_t, int64_t> started_us_;
  int64_t next_start_us_ = 0;
  Mutex mu_;
  // Replaced by the thread alone, used by Kill, too.
  std::shared_ptr<HelperProcess> helper_ GUARDED_BY(mu_);
  bool is_stopping_ GUARDED_BY(mu_) = false;
  std::thread thread_;
};

// "exit:0", "signal:9", "memory" in words.
LocalWorkerEnd ReadWorkerEnd(absl::string_view how, int64_t peak_memory_bytes);

}  // namespace engram
