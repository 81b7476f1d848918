#pragma once

#include <memory>

#include "server/rpc/gate.h"

namespace grpc {
class Service;
}

namespace engram {

class Queue;

// The server's end of Workers.Attach: joins each worker's stream to the queue.
// Gate and queue outlive it.
std::unique_ptr<grpc::Service> MakeWorkersService(Gate& gate, Queue& queue);

}  // namespace engram
