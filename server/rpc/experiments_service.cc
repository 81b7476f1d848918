#include <memory>

#include "engram/v1/experiments.grpc.pb.h"
#include "server/rpc/experiments.h"
#include "server/rpc/joined_service.h"
#include "server/rpc/services.h"

namespace engram {
namespace {

class ExperimentsService final : public JoinedService<v1::Experiments> {
 public:
  using JoinedService::JoinedService;

  grpc::ServerUnaryReactor* CreateExperiment(
      grpc::CallbackServerContext* context,
      const v1::CreateExperimentRequest* request,
      v1::Experiment* reply) override {
    return Join(context, "CreateExperiment", request, reply,
                engram::CreateExperiment);
  }
  grpc::ServerUnaryReactor* EstimateExperiment(
      grpc::CallbackServerContext* context,
      const v1::EstimateExperimentRequest* request,
      v1::EstimateExperimentResponse* reply) override {
    return Join(context, "EstimateExperiment", request, reply,
                engram::EstimateExperiment);
  }
  grpc::ServerUnaryReactor* GetExperiment(
      grpc::CallbackServerContext* context,
      const v1::GetExperimentRequest* request, v1::Experiment* reply) override {
    return Join(context, "GetExperiment", request, reply,
                engram::GetExperiment);
  }
  grpc::ServerUnaryReactor* ListExperiments(
      grpc::CallbackServerContext* context,
      const v1::ListExperimentsRequest* request,
      v1::ListExperimentsResponse* reply) override {
    return Join(context, "ListExperiments", request, reply,
                engram::ListExperiments);
  }
  grpc::ServerUnaryReactor* UpdateExperiment(
      grpc::CallbackServerContext* context,
      const v1::UpdateExperimentRequest* request,
      v1::Experiment* reply) override {
    return Join(context, "UpdateExperiment", request, reply,
                engram::UpdateExperiment);
  }
  grpc::ServerUnaryReactor* DeleteExperiment(
      grpc::CallbackServerContext* context,
      const v1::DeleteExperimentRequest* request,
      v1::DeleteExperimentResponse* reply) override {
    return Join(context, "DeleteExperiment", request, reply,
                engram::DeleteExperiment);
  }
  grpc::ServerUnaryReactor* Cancel(grpc::CallbackServerContext* context,
                                   const v1::CancelRequest* request,
                                   v1::CancelResponse* reply) override {
    return Join(context, "Cancel", request, reply, engram::Cancel);
  }
  grpc::ServerUnaryReactor* Retry(grpc::CallbackServerContext* context,
                                  const v1::RetryRequest* request,
                                  v1::RetryResponse* reply) override {
    return Join(context, "Retry", request, reply, engram::Retry);
  }
  grpc::ServerUnaryReactor* Continue(grpc::CallbackServerContext* context,
                                     const v1::ContinueRequest* request,
                                     v1::ContinueResponse* reply) override {
    return Join(context, "Continue", request, reply, engram::Continue);
  }
  grpc::ServerUnaryReactor* VerifyRun(grpc::CallbackServerContext* context,
                                      const v1::VerifyRunRequest* request,
                                      v1::Verification* reply) override {
    return Join(context, "VerifyRun", request, reply, engram::VerifyRun);
  }
  grpc::ServerUnaryReactor* GetVerification(
      grpc::CallbackServerContext* context,
      const v1::GetVerificationRequest* request,
      v1::Verification* reply) override {
    return Join(context, "GetVerification", request, reply,
                engram::GetVerification);
  }
};

}  // namespace

std::unique_ptr<grpc::Service> MakeExperimentsService(Gate& gate,
                                                      const Parts& parts) {
  return std::make_unique<ExperimentsService>(gate, parts);
}

}  // namespace engram
