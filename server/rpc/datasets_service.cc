#include <memory>

#include "engram/v1/datasets.grpc.pb.h"
#include "server/rpc/datasets.h"
#include "server/rpc/joined_service.h"
#include "server/rpc/services.h"
#include "server/rpc/upload_stream.h"

namespace engram {
namespace {

class DatasetsService final : public JoinedService<v1::Datasets> {
 public:
  using JoinedService::JoinedService;

  grpc::ServerUnaryReactor* ListDatasets(
      grpc::CallbackServerContext* context,
      const v1::ListDatasetsRequest* request,
      v1::ListDatasetsResponse* reply) override {
    return Join(context, "ListDatasets", request, reply, engram::ListDatasets);
  }
  grpc::ServerUnaryReactor* GetDataset(grpc::CallbackServerContext* context,
                                       const v1::GetDatasetRequest* request,
                                       v1::Dataset* reply) override {
    return Join(context, "GetDataset", request, reply, engram::GetDataset);
  }
  grpc::ServerUnaryReactor* DeleteDataset(
      grpc::CallbackServerContext* context,
      const v1::DeleteDatasetRequest* request,
      v1::DeleteDatasetResponse* reply) override {
    return Join(context, "DeleteDataset", request, reply,
                engram::DeleteDataset);
  }
  grpc::ServerBidiReactor<v1::UploadDatasetRequest, v1::UploadDatasetResponse>*
  UploadDataset(grpc::CallbackServerContext* context) override {
    return StartUpload(gate_, parts_, context);
  }
};

}  // namespace

std::unique_ptr<grpc::Service> MakeDatasetsService(Gate& gate,
                                                   const Parts& parts) {
  return std::make_unique<DatasetsService>(gate, parts);
}

}  // namespace engram
