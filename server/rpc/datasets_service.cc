#include <memory>

#include "absl/strings/str_cat.h"
#include "engram/v1/datasets.grpc.pb.h"
#include "server/rpc/datasets.h"
#include "server/rpc/handler.h"
#include "server/rpc/services.h"
#include "server/rpc/upload_stream.h"

namespace engram {
namespace {

class DatasetsService final : public v1::Datasets::CallbackService {
 public:
  DatasetsService(Gate& gate, const Parts& parts)
      : gate_(gate), parts_(parts) {}

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

 private:
  template <class Request, class Reply>
  grpc::ServerUnaryReactor* Join(grpc::CallbackServerContext* context,
                                 const char* method, const Request* request,
                                 Reply* reply,
                                 absl::StatusOr<Reply> (*call)(const Caller&,
                                                               const Request&,
                                                               const Parts&)) {
    return Handle(gate_, context, absl::StrCat("engram.v1.Datasets.", method),
                  request, reply,
                  [this, call](const Caller& caller, const Request& asked) {
                    return call(caller, asked, parts_);
                  });
  }

  Gate& gate_;
  const Parts& parts_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeDatasetsService(Gate& gate,
                                                   const Parts& parts) {
  return std::make_unique<DatasetsService>(gate, parts);
}

}  // namespace engram
