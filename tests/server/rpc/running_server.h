#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>

#include "engram/v1/access.pb.h"
#include "server/executor/executor.h"
#include "server/rpc/server.h"

namespace engram {

// Two cpus and no worker: what is queued stays so.
class IdleExecutor final : public Executor {
 public:
  Capacity capacity() const override { return {2, int64_t{4} << 30}; }
  void Kill(int64_t /*worker*/) override {}
};

// A whole server on a temporary folder and a free port, without workers.
class RunningServer {
 public:
  // Under TLS with these files, which trust themselves.
  // `science` in place of the core's; it outlives the server.
  explicit RunningServer(TlsFiles tls = {}, const Science* science = nullptr);
  ~RunningServer();

  Server& server() { return *server_; }
  const std::filesystem::path& folder() const { return folder_; }
  // Ends the server and starts another one on the same folder.
  void Restart();

  // What the disk has free from now on; at first plenty.
  void SetFreeDisk(int64_t bytes) { free_disk_bytes_ = bytes; }

  // The first admin's.
  const std::string& admin_token() const { return admin_token_; }
  // Of a new user's token; `life_s` below 0 is one that has expired.
  std::string MakeToken(const std::string& user, v1::Scope scope);
  std::string MakeExpiredToken();
  std::string MakeRevokedToken();
  std::string MakeWorkerToken();

  std::shared_ptr<grpc::Channel> InProcess();
  // Under TLS where the server is.
  std::shared_ptr<grpc::Channel> Tcp();

 private:
  void Start();

  const TlsFiles tls_;
  const Science* const science_;
  std::filesystem::path folder_;
  IdleExecutor executor_;
  std::atomic<int64_t> free_disk_bytes_ = int64_t{1} << 40;
  std::unique_ptr<Server> server_;
  std::string admin_token_;
};

// What a client sends with a call.
std::unique_ptr<grpc::ClientContext> As(const std::string& token);
// A request id that no other call has.
std::string FreshId();

}  // namespace engram
