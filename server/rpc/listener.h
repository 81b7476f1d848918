#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/rpc/certificate.h"

namespace grpc {
class Server;
class Service;
}  // namespace grpc

namespace engram {

// Of the headers and trailers of one call, here and in clients of ours: room
// for the faults of a long text.
inline constexpr int kMostMetadataBytes = 1 << 20;

// What the health service calls the readiness for new runs: NOT_SERVING while
// the disk is nearly full. "" is the server, and each service has its name
// (engram.v1.Runs).
inline constexpr char kNewRunsHealth[] = "engram.NewRuns";

// gRPC's server with everything that it offers: the services, health and
// reflection.
struct Listening {
  std::unique_ptr<grpc::Server> server;
  std::string address;  // with the port that was taken
};

// Serves on a TCP address, under TLS 1.2 or later where `tls` names files, and
// on a Unix socket that only this user can open. The files are read again
// within seconds of a change, so a new certificate needs no restart.
// UNAVAILABLE: the address is taken, or the socket's path is longer than the
// 107 bytes that one may have.
absl::StatusOr<Listening> Listen(
    const std::string& address, const std::string& socket, const TlsFiles& tls,
    const std::vector<std::unique_ptr<grpc::Service>>& services);

// Sets one name's answer of the health service; nothing when there is no such
// service.
void SetHealth(grpc::Server& server, const std::string& name, bool is_serving);

}  // namespace engram
