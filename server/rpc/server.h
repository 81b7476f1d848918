#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "server/queue/clock.h"
#include "server/rpc/parts.h"
#include "server/rpc/settings.h"

namespace grpc {
class Channel;
}
namespace engram::store {
class Store;
}

namespace engram {

class Executor;
class LoginLinks;
class WorkerTokens;

struct ServerOptions {
  Settings settings;
  Surroundings surroundings;  // for the first start
  const Science* science = nullptr;
  const Clock* clock = &SystemClock();
  // Free bytes of the disk that holds the data folder; null asks the disk.
  std::function<int64_t()> free_disk_bytes = nullptr;
  // In place of local workers, for tests: no helper is started then.
  Executor* executor = nullptr;
};

// A whole server: store, queue, workers, services. Everything that it makes
// lies in the data folder but the socket, and client.yaml on the first start.
class Server {
 public:
  // Serves when it returns. The status says what is in the way and what to do.
  static absl::StatusOr<std::unique_ptr<Server>> Start(ServerOptions options);
  // Stops.
  ~Server();

  // Health flips, running runs save their states and are queued again (30 s at
  // most), watchers'
  // streams end with STOPPING, other calls get 5 s to end; then workers and
  // store are closed. Repeated calls do nothing.
  void Stop();
  // A Stop at work waits no longer for runs to save their states. Any thread.
  void Hurry();

  // "127.0.0.1:7070", with the port that was taken.
  const std::string& address() const;
  const std::string& socket() const;
  // Where the first admin's token was written; empty if not now.
  const std::string& first_token_file() const;
  // A channel that needs no socket.
  std::shared_ptr<grpc::Channel> InProcessChannel();
  // What turns login codes into sessions; works until the server is destroyed.
  LoginLinks& login_links();

  // The page of metrics for the bearer of a token of scope viewer at least; as
  // Gate::Authenticate refuses, else. Until the server is stopped.
  absl::StatusOr<std::string> Metrics(
      const std::optional<std::string>& authorization, int http_connections);

  // For tests.
  store::Store& store();
  WorkerTokens& worker_tokens();

 private:
  class Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace engram
