#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include "engram/v1/runs.pb.h"
#include "server/rpc/gate.h"
#include "server/rpc/parts.h"

namespace engram {

// Runs.ReadArray: the manifest, then the chunks, one a message. Each is read
// on the gate's pool when the one before it has gone out, so a slow reader
// holds one chunk and no thread. Gate and parts outlive the reactor.
grpc::ServerWriteReactor<v1::ReadArrayResponse>* StartReadArray(
    Gate& gate, const Parts& parts, grpc::CallbackServerContext* context,
    const v1::ReadArrayRequest* request);

}  // namespace engram
