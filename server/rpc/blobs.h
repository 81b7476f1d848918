#pragma once

#include <memory>

#include "server/rpc/gate.h"

namespace grpc {
class Service;
}
namespace engram::store {
class Blobs;
}

namespace engram {

// Blobs: bulk bytes between workers and the store. What waits for the disk runs
// on the gate's pool. Gate and blobs outlive it.
std::unique_ptr<grpc::Service> MakeBlobsService(Gate& gate,
                                                store::Blobs& blobs);

}  // namespace engram
