#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/server.h>

#include <map>
#include <memory>
#include <string>

#include "core/base/mutex.h"

namespace engram {

// What the calls of a FakeServer have seen.
class Calls {
 public:
  void Add(const std::string& what);
  int Count(const std::string& what);
  // Waits until there are that many; false after ten seconds.
  bool WaitFor(const std::string& what, int count);

 private:
  Mutex mu_;
  CondVar changed_;
  std::map<std::string, int> seen_ GUARDED_BY(mu_);
};

// A server of some of the methods, on an in-process channel:
//   Runs.GetRun    the run of that name; "missing" is NOT_FOUND with details,
//                  "forever" ends when it is cancelled (adds "cancelled")
//   Events.Watch   `from_sequence` messages, each with a bookmark from 1 on
//                  (each adds "sent" once taken), then `parents`: "missing" is
//                  NOT_FOUND with details, "forever" ends when it is cancelled
//                  (adds "cancelled"), else DONE
//   Admin.WhoAmI   the "authorization" of the call as `user`, its HTTP peer as
//                  `token`
//   Experiments.GetExperiment  one with 1 MiB of text
class FakeServer {
 public:
  FakeServer();
  ~FakeServer();

  std::shared_ptr<grpc::Channel> Channel();
  Calls& calls();

 private:
  struct Services;
  std::unique_ptr<Services> services_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace engram
