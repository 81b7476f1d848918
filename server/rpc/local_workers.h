#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "server/queue/clock.h"
#include "server/rpc/settings.h"

namespace engram::store {
class Store;
}

namespace engram {

class Executor;
class KeptBuilds;
class LocalExecutor;
class Queue;
class WorkerTokens;

// The workers of this machine, as a server has them: the build that they are
// of, the helper that starts them, and those that outlived the former server.
//
//   KeepBuild -> Start -> (the queue is opened) -> Run -> Stop
class LocalWorkers {
 public:
  // All outlives it.
  LocalWorkers(const Settings& settings, const Clock& clock,
               WorkerTokens& tokens);
  ~LocalWorkers();

  // Copies the worker's file into the data folder: the file may be replaced at
  // any time, and what runs are computed with is the copy.
  absl::Status KeepBuild(store::Store& store);
  // Finds or starts the helper. Workers that outlived the former server, and
  // that the store knows, too, go on, as many as there are to be.
  absl::Status Start(store::Store& store);
  // From now on there are as many workers as there are to be.
  void Run(Queue& queue);
  void Stop();

  Executor& executor();
  KeptBuilds& builds() { return *builds_; }
  // SHA-256 of today's file.
  const std::string& build() const { return build_; }
  const std::set<int64_t>& adopted() const { return adopted_; }
  // More of the adopted than there are to be.
  const std::set<int64_t>& surplus() const { return surplus_; }

 private:
  absl::Status StartHelper();
  absl::Status Adopt(store::Store& store);

  const Settings& settings_;
  const Clock& clock_;
  WorkerTokens& tokens_;
  // Outlives the executor, which starts workers of them.
  std::unique_ptr<KeptBuilds> builds_;
  std::string build_;
  std::unique_ptr<LocalExecutor> executor_;
  std::set<int64_t> adopted_;
  std::set<int64_t> surplus_;
};

}  // namespace engram
