#include <memory>

#include "absl/strings/str_cat.h"
#include "engram/v1/catalog.grpc.pb.h"
#include "server/rpc/catalog.h"
#include "server/rpc/handler.h"
#include "server/rpc/services.h"

namespace engram {
namespace {

class CatalogService final : public v1::Catalog::CallbackService {
 public:
  CatalogService(Gate& gate, const Parts& parts) : gate_(gate), parts_(parts) {}

  grpc::ServerUnaryReactor* ListComponentTypes(
      grpc::CallbackServerContext* context,
      const v1::ListComponentTypesRequest* request,
      v1::ListComponentTypesResponse* reply) override {
    return Join(context, "ListComponentTypes", request, reply,
                engram::ListComponentTypes);
  }
  grpc::ServerUnaryReactor* GetComponentType(
      grpc::CallbackServerContext* context,
      const v1::GetComponentTypeRequest* request,
      v1::ComponentType* reply) override {
    return Join(context, "GetComponentType", request, reply,
                engram::GetComponentType);
  }
  grpc::ServerUnaryReactor* Describe(grpc::CallbackServerContext* context,
                                     const v1::DescribeRequest* request,
                                     v1::DescribeResponse* reply) override {
    return Join(context, "Describe", request, reply, engram::Describe);
  }
  grpc::ServerUnaryReactor* ListPresets(
      grpc::CallbackServerContext* context,
      const v1::ListPresetsRequest* request,
      v1::ListPresetsResponse* reply) override {
    return Join(context, "ListPresets", request, reply, engram::ListPresets);
  }
  grpc::ServerUnaryReactor* GetPreset(grpc::CallbackServerContext* context,
                                      const v1::GetPresetRequest* request,
                                      v1::Preset* reply) override {
    return Join(context, "GetPreset", request, reply, engram::GetPreset);
  }

 private:
  template <class Request, class Reply>
  grpc::ServerUnaryReactor* Join(grpc::CallbackServerContext* context,
                                 const char* method, const Request* request,
                                 Reply* reply,
                                 absl::StatusOr<Reply> (*call)(const Caller&,
                                                               const Request&,
                                                               const Parts&)) {
    return Handle(gate_, context, absl::StrCat("engram.v1.Catalog.", method),
                  request, reply,
                  [this, call](const Caller& caller, const Request& asked) {
                    return call(caller, asked, parts_);
                  });
  }

  Gate& gate_;
  const Parts& parts_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeCatalogService(Gate& gate,
                                                  const Parts& parts) {
  return std::make_unique<CatalogService>(gate, parts);
}

}  // namespace engram
