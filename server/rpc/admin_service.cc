#include <memory>

#include "engram/v1/admin.grpc.pb.h"
#include "server/rpc/admin.h"
#include "server/rpc/create_login_link.h"
#include "server/rpc/joined_service.h"
#include "server/rpc/services.h"

namespace engram {
namespace {

class AdminService final : public JoinedService<v1::Admin> {
 public:
  using JoinedService::JoinedService;

  grpc::ServerUnaryReactor* WhoAmI(grpc::CallbackServerContext* context,
                                   const v1::WhoAmIRequest* request,
                                   v1::WhoAmIResponse* reply) override {
    return Join(context, "WhoAmI", request, reply, engram::WhoAmI);
  }
  grpc::ServerUnaryReactor* CreateUser(grpc::CallbackServerContext* context,
                                       const v1::CreateUserRequest* request,
                                       v1::User* reply) override {
    return Join(context, "CreateUser", request, reply, engram::CreateUser);
  }
  grpc::ServerUnaryReactor* ListUsers(grpc::CallbackServerContext* context,
                                      const v1::ListUsersRequest* request,
                                      v1::ListUsersResponse* reply) override {
    return Join(context, "ListUsers", request, reply, engram::ListUsers);
  }
  grpc::ServerUnaryReactor* UpdateQuota(grpc::CallbackServerContext* context,
                                        const v1::UpdateQuotaRequest* request,
                                        v1::User* reply) override {
    return Join(context, "UpdateQuota", request, reply, engram::UpdateQuota);
  }
  grpc::ServerUnaryReactor* CreateToken(
      grpc::CallbackServerContext* context,
      const v1::CreateTokenRequest* request,
      v1::CreateTokenResponse* reply) override {
    return Join(context, "CreateToken", request, reply, engram::CreateToken);
  }
  grpc::ServerUnaryReactor* ListTokens(grpc::CallbackServerContext* context,
                                       const v1::ListTokensRequest* request,
                                       v1::ListTokensResponse* reply) override {
    return Join(context, "ListTokens", request, reply, engram::ListTokens);
  }
  grpc::ServerUnaryReactor* RevokeToken(
      grpc::CallbackServerContext* context,
      const v1::RevokeTokenRequest* request,
      v1::RevokeTokenResponse* reply) override {
    return Join(context, "RevokeToken", request, reply, engram::RevokeToken);
  }
  grpc::ServerUnaryReactor* CreateLoginLink(
      grpc::CallbackServerContext* context,
      const v1::CreateLoginLinkRequest* request,
      v1::CreateLoginLinkResponse* reply) override {
    return Join(context, "CreateLoginLink", request, reply,
                engram::CreateLoginLink);
  }
  grpc::ServerUnaryReactor* ListAuditEntries(
      grpc::CallbackServerContext* context,
      const v1::ListAuditEntriesRequest* request,
      v1::ListAuditEntriesResponse* reply) override {
    return Join(context, "ListAuditEntries", request, reply,
                engram::ListAuditEntries);
  }
  grpc::ServerUnaryReactor* Drain(grpc::CallbackServerContext* context,
                                  const v1::DrainRequest* request,
                                  v1::DrainResponse* reply) override {
    return Join(context, "Drain", request, reply, engram::Drain);
  }
  grpc::ServerUnaryReactor* Backup(grpc::CallbackServerContext* context,
                                   const v1::BackupRequest* request,
                                   v1::BackupResponse* reply) override {
    return Join(context, "Backup", request, reply, engram::Backup);
  }
  grpc::ServerUnaryReactor* Check(grpc::CallbackServerContext* context,
                                  const v1::CheckRequest* request,
                                  v1::CheckResponse* reply) override {
    return Join(context, "Check", request, reply, engram::Check);
  }
  grpc::ServerUnaryReactor* CollectGarbage(
      grpc::CallbackServerContext* context,
      const v1::CollectGarbageRequest* request,
      v1::CollectGarbageResponse* reply) override {
    return Join(context, "CollectGarbage", request, reply,
                engram::CollectGarbage);
  }
  grpc::ServerUnaryReactor* GetStatus(grpc::CallbackServerContext* context,
                                      const v1::GetStatusRequest* request,
                                      v1::ServerStatus* reply) override {
    return Join(context, "GetStatus", request, reply, engram::GetStatus);
  }
  grpc::ServerUnaryReactor* ListQueue(grpc::CallbackServerContext* context,
                                      const v1::ListQueueRequest* request,
                                      v1::ListQueueResponse* reply) override {
    return Join(context, "ListQueue", request, reply, engram::ListQueue);
  }
  grpc::ServerUnaryReactor* ListWorkers(
      grpc::CallbackServerContext* context,
      const v1::ListWorkersRequest* request,
      v1::ListWorkersResponse* reply) override {
    return Join(context, "ListWorkers", request, reply, engram::ListWorkers);
  }
};

}  // namespace

std::unique_ptr<grpc::Service> MakeAdminService(Gate& gate,
                                                const Parts& parts) {
  return std::make_unique<AdminService>(gate, parts);
}

}  // namespace engram
