#include <memory>

#include "engram/v1/runs.grpc.pb.h"
#include "server/rpc/joined_service.h"
#include "server/rpc/read_array.h"
#include "server/rpc/runs.h"
#include "server/rpc/services.h"

namespace engram {
namespace {

class RunsService final : public JoinedService<v1::Runs> {
 public:
  using JoinedService::JoinedService;

  grpc::ServerUnaryReactor* GetRun(grpc::CallbackServerContext* context,
                                   const v1::GetRunRequest* request,
                                   v1::Run* reply) override {
    return Join(context, "GetRun", request, reply, engram::GetRun);
  }
  grpc::ServerUnaryReactor* ListRuns(grpc::CallbackServerContext* context,
                                     const v1::ListRunsRequest* request,
                                     v1::ListRunsResponse* reply) override {
    return Join(context, "ListRuns", request, reply, engram::ListRuns);
  }
  grpc::ServerUnaryReactor* ListTransitions(
      grpc::CallbackServerContext* context,
      const v1::ListTransitionsRequest* request,
      v1::ListTransitionsResponse* reply) override {
    return Join(context, "ListTransitions", request, reply,
                engram::ListTransitions);
  }
  grpc::ServerUnaryReactor* ListAttempts(
      grpc::CallbackServerContext* context,
      const v1::ListAttemptsRequest* request,
      v1::ListAttemptsResponse* reply) override {
    return Join(context, "ListAttempts", request, reply, engram::ListAttempts);
  }
  grpc::ServerUnaryReactor* ListSeries(grpc::CallbackServerContext* context,
                                       const v1::ListSeriesRequest* request,
                                       v1::ListSeriesResponse* reply) override {
    return Join(context, "ListSeries", request, reply, engram::ListSeries);
  }
  grpc::ServerUnaryReactor* ReadSeries(grpc::CallbackServerContext* context,
                                       const v1::ReadSeriesRequest* request,
                                       v1::ReadSeriesResponse* reply) override {
    return Join(context, "ReadSeries", request, reply, engram::ReadSeries);
  }
  grpc::ServerUnaryReactor* ListPopulations(
      grpc::CallbackServerContext* context,
      const v1::ListPopulationsRequest* request,
      v1::ListPopulationsResponse* reply) override {
    return Join(context, "ListPopulations", request, reply,
                engram::ListPopulations);
  }
  grpc::ServerUnaryReactor* ReadSpikes(grpc::CallbackServerContext* context,
                                       const v1::ReadSpikesRequest* request,
                                       v1::ReadSpikesResponse* reply) override {
    return Join(context, "ReadSpikes", request, reply, engram::ReadSpikes);
  }
  grpc::ServerUnaryReactor* ListFields(grpc::CallbackServerContext* context,
                                       const v1::ListFieldsRequest* request,
                                       v1::ListFieldsResponse* reply) override {
    return Join(context, "ListFields", request, reply, engram::ListFields);
  }
  grpc::ServerUnaryReactor* ListInputs(grpc::CallbackServerContext* context,
                                       const v1::ListInputsRequest* request,
                                       v1::ListInputsResponse* reply) override {
    return Join(context, "ListInputs", request, reply, engram::ListInputs);
  }
  grpc::ServerUnaryReactor* ListArrays(grpc::CallbackServerContext* context,
                                       const v1::ListArraysRequest* request,
                                       v1::ListArraysResponse* reply) override {
    return Join(context, "ListArrays", request, reply, engram::ListArrays);
  }
  grpc::ServerUnaryReactor* ReadLog(grpc::CallbackServerContext* context,
                                    const v1::ReadLogRequest* request,
                                    v1::ReadLogResponse* reply) override {
    return Join(context, "ReadLog", request, reply, engram::ReadLog);
  }
  grpc::ServerUnaryReactor* ExplainRun(grpc::CallbackServerContext* context,
                                       const v1::ExplainRunRequest* request,
                                       v1::ExplainRunResponse* reply) override {
    return Join(context, "ExplainRun", request, reply, engram::ExplainRun);
  }
  grpc::ServerWriteReactor<v1::ReadArrayResponse>* ReadArray(
      grpc::CallbackServerContext* context,
      const v1::ReadArrayRequest* request) override {
    return StartReadArray(gate_, parts_, context, request);
  }
};

}  // namespace

std::unique_ptr<grpc::Service> MakeRunsService(Gate& gate, const Parts& parts) {
  return std::make_unique<RunsService>(gate, parts);
}

}  // namespace engram
