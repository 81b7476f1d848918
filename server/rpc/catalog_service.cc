#include <memory>

#include "engram/v1/catalog.grpc.pb.h"
#include "server/rpc/catalog.h"
#include "server/rpc/joined_service.h"
#include "server/rpc/services.h"

namespace engram {
namespace {

class CatalogService final : public JoinedService<v1::Catalog> {
 public:
  using JoinedService::JoinedService;

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
};

}  // namespace

std::unique_ptr<grpc::Service> MakeCatalogService(Gate& gate,
                                                  const Parts& parts) {
  return std::make_unique<CatalogService>(gate, parts);
}

}  // namespace engram
