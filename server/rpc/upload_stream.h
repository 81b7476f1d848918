#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include "engram/v1/datasets.pb.h"
#include "server/rpc/gate.h"
#include "server/rpc/parts.h"

namespace engram {

// Datasets.UploadDataset: each message is taken on the gate's pool before the
// next one is read. Gate and parts outlive the reactor.
grpc::ServerBidiReactor<v1::UploadDatasetRequest, v1::UploadDatasetResponse>*
StartUpload(Gate& gate, const Parts& parts,
            grpc::CallbackServerContext* context);

}  // namespace engram
