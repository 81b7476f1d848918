#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "server/gateway/exchange.h"
#include "server/gateway/limits.h"
#include "server/gateway/request_line.h"
#include "server/rpc/certificate.h"

namespace engram {

// Accepts connections on one TCP address and serves them by two threads.
class Listener {
 public:
  struct Options {
    std::string address = "127.0.0.1";
    int port = 0;  // 0 takes a free one
    TlsFiles tls;  // empty: plain HTTP
    GatewayLimits limits;
    RequestHandler handler;
    std::function<void(const RequestLine&)> log;
  };
  // INVALID_ARGUMENT: not an address. FAILED_PRECONDITION: the certificate's
  // files cannot be used. UNAVAILABLE: it cannot be listened on,
  // mostly because another process does.
  static absl::StatusOr<std::unique_ptr<Listener>> Start(Options options);
  // Stops.
  ~Listener();

  int port() const;
  // Connections that are open.
  int connection_count() const;
  // Accepts no more; gives answers under way that time to end; closes every
  // connection, waits until every Exchange has been let go, and ends the
  // threads. Not from a handler.
  void Stop(std::chrono::milliseconds grace);

 private:
  struct Parts;
  explicit Listener(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace engram
