#pragma once

#include <chrono>
#include <cstdint>

namespace engram {

// Bounds on what a client can make the gateway hold or wait for.
struct GatewayLimits {
  int64_t body_bytes = 8 << 20;
  // Of all requests together that are arriving or being parsed.
  int64_t all_bodies_bytes = 64 << 20;
  int header_bytes = 16 << 10;
  int connections = 256;
  // A request has arrived, a piece of an answer (256 KiB) has left, and a
  // connection has got its next request's first byte within this time.
  std::chrono::milliseconds idle{60'000};
  // A call ends with deadline_exceeded after this, whatever it asked for.
  std::chrono::milliseconds call_life{3'600'000};
};

}  // namespace engram
