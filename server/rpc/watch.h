#pragma once

#include <memory>

#include "server/rpc/gate.h"

namespace grpc {
class Service;
}

namespace engram {

class EventHub;

// Events.Watch. Gate, store and hub outlive it.
std::unique_ptr<grpc::Service> MakeEventsService(Gate& gate,
                                                 store::Store& store,
                                                 EventHub& hub);

}  // namespace engram
