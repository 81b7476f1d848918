#include "running_server.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/sha256.h"
#include "engram/v1/admin.grpc.pb.h"
#include "server/executor/worker_tokens.h"
#include "server/rpc/bearer.h"
#include "server/rpc/log.h"
#include "server/rpc/tokens.h"
#include "server/store/store.h"
#include "server/store/token_table.h"
#include "tests/support/keep_grpc.h"

namespace engram {
namespace {

std::filesystem::path MakeFolder() {
  std::string pattern = testing::TempDir() + "/engram-rpc-XXXXXX";
  return mkdtemp(pattern.data());
}

std::string FirstLine(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  return line;
}

// Straight into the store, for tokens that no call would make; the server
// reads them when it is started again.
void Insert(store::Store& store, const std::string& secret,
            std::optional<int64_t> expire_us,
            std::optional<int64_t> revoke_us) {
  store::TokenRow row;
  row.user = "first";
  row.scope = "admin";
  row.sha256 = Sha256(secret);
  row.create_time_us = 1;
  row.expire_time_us = expire_us;
  ASSERT_TRUE(store
                  .Write([&](store::Transaction& transaction) {
                    row.number = store::InsertToken(transaction, row);
                    if (!revoke_us.has_value()) return absl::OkStatus();
                    return store::RevokeToken(transaction, row.number,
                                              *revoke_us);
                  })
                  .ok());
}

}  // namespace

RunningServer::RunningServer(TlsFiles tls, const Science* science)
    : tls_(std::move(tls)), science_(science), folder_(MakeFolder()) {
  KeepGrpc();
  SetUpLog("error", "text");
  Start();
  admin_token_ = FirstLine(folder_ / "data" / "admin.token");
}

RunningServer::~RunningServer() {
  server_.reset();
  std::error_code error;
  std::filesystem::remove_all(folder_, error);
}

void RunningServer::Start() {
  ServerOptions options;
  options.settings.data = folder_ / "data";
  options.settings.listen = "127.0.0.1:0";
  options.settings.tls = tls_;
  options.settings.socket = folder_ / "workers.sock";
  options.settings.disk_low_water = 1'000'000'000;
  options.free_disk_bytes = [this] { return free_disk_bytes_.load(); };
  options.executor = &executor_;
  options.science = science_;
  // No home directory, so that nothing outside the folder is written.
  options.surroundings.variable = [](absl::string_view name) {
    return name == "USER" ? std::optional<std::string>("first") : std::nullopt;
  };
  auto started = Server::Start(std::move(options));
  ASSERT_TRUE(started.ok()) << started.status();
  server_ = *std::move(started);
}

void RunningServer::Restart() {
  server_.reset();
  Start();
}

std::string RunningServer::MakeToken(const std::string& user, v1::Scope scope) {
  auto stub = v1::Admin::NewStub(InProcess());
  v1::User made;
  v1::CreateUserRequest user_request;
  user_request.set_name(user);
  user_request.set_request_id(FreshId());
  // The user may be there already.
  stub->CreateUser(As(admin_token_).get(), user_request, &made);
  v1::CreateTokenRequest request;
  request.set_user(user);
  request.set_scope(scope);
  request.set_request_id(FreshId());
  v1::CreateTokenResponse reply;
  const grpc::Status status =
      stub->CreateToken(As(admin_token_).get(), request, &reply);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return reply.secret();
}

std::string RunningServer::MakeExpiredToken() {
  const std::string secret = NewSecret();
  Insert(server_->store(), secret, 2, std::nullopt);
  Restart();
  return secret;
}

std::string RunningServer::MakeRevokedToken() {
  const std::string secret = NewSecret();
  Insert(server_->store(), secret, std::nullopt, 2);
  Restart();
  return secret;
}

std::string RunningServer::MakeWorkerToken() {
  return server_->worker_tokens().Make(1);
}

std::shared_ptr<grpc::Channel> RunningServer::InProcess() {
  return server_->InProcessChannel();
}

std::shared_ptr<grpc::Channel> RunningServer::Tcp() {
  if (tls_.empty()) {
    return grpc::CreateChannel(server_->address(),
                               grpc::InsecureChannelCredentials());
  }
  grpc::SslCredentialsOptions options;
  std::ostringstream authorities;
  authorities << std::ifstream(tls_.cert).rdbuf();
  options.pem_root_certs = authorities.str();
  return grpc::CreateChannel(server_->address(), grpc::SslCredentials(options));
}

std::unique_ptr<grpc::ClientContext> As(const std::string& token) {
  auto context = std::make_unique<grpc::ClientContext>();
  if (!token.empty()) context->AddMetadata("authorization", "Bearer " + token);
  return context;
}

std::string FreshId() {
  static std::atomic<int> number{0};
  return absl::StrCat("request-", getpid(), "-", ++number);
}

}  // namespace engram
