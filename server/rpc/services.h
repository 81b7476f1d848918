#pragma once

#include <memory>

#include "server/rpc/gate.h"
#include "server/rpc/parts.h"

namespace grpc {
class Service;
}

namespace engram {

// The services as gRPC has them, each method joined to its plain function by
// handler.h. Gate and parts outlive them.
std::unique_ptr<grpc::Service> MakeAdminService(Gate& gate, const Parts& parts);
std::unique_ptr<grpc::Service> MakeCatalogService(Gate& gate,
                                                  const Parts& parts);
std::unique_ptr<grpc::Service> MakeDatasetsService(Gate& gate,
                                                   const Parts& parts);
std::unique_ptr<grpc::Service> MakeExperimentsService(Gate& gate,
                                                      const Parts& parts);
std::unique_ptr<grpc::Service> MakeRunsService(Gate& gate, const Parts& parts);

}  // namespace engram
