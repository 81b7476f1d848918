#pragma once

#include <grpc/grpc.h>

namespace engram {

// gRPC stays up until the process ends. Its last user would wait for a poller
// on the way out, for ten seconds now and then.
inline void KeepGrpc() {
  [[maybe_unused]] static const bool is_kept = (grpc_init(), true);
}

}  // namespace engram
