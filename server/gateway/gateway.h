#pragma once

#include <grpcpp/channel.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/gateway/limits.h"
#include "server/gateway/logins.h"
#include "server/gateway/metrics_source.h"
#include "server/gateway/request_line.h"
#include "server/rpc/certificate.h"

namespace engram {

class Listener;
class Site;

// HTTP/1.1 to the server: the Connect protocol to its methods, and the
// dashboard's files. README.md tells the rules. Two threads of its own.
class Gateway {
 public:
  struct Options {
    std::string address = "127.0.0.1";  // of loopback where there is no TLS
    int port = 7080;                    // 0 takes a free one
    TlsFiles tls;                       // empty: plain HTTP
    // Host names beside the address and localhost, without port, as a
    // certificate has them: "lab.example", "*.lab.example". The first is the
    // one that links have.
    std::vector<std::string> names;
    std::filesystem::path web_folder;        // may be absent
    std::shared_ptr<grpc::Channel> channel;  // to the server, in-process
    Logins logins;
    MetricsSource metrics;                        // empty: there is no page
    std::function<void(const RequestLine&)> log;  // called on I/O threads
    GatewayLimits limits;
  };

  // FAILED_PRECONDITION: an address beyond loopback without TLS, where tokens
  // would cross the wire in the clear, or files of a certificate that cannot
  // be used. UNAVAILABLE: the port is taken. Makes the process
  // ignore SIGPIPE, which a client who leaves would otherwise end it by.
  static absl::StatusOr<std::unique_ptr<Gateway>> Start(Options options);
  // Stops.
  ~Gateway();

  int port() const;
  std::string base_url()
      const;  // "http://127.0.0.1:7080", "https://lab.example:7080"
  int connection_count() const;

  // /healthz says "stopping" from now on; everything is served as before.
  void SetStopping();
  // Gives answers under way that time to end, then cancels their calls, closes
  // every connection and waits until all of it is over.
  void Stop(std::chrono::milliseconds grace = std::chrono::milliseconds(0));

 private:
  Gateway();

  std::string base_url_;
  std::unique_ptr<Site> site_;
  std::unique_ptr<Listener> listener_;
};

}  // namespace engram
