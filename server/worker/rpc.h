#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"

namespace grpc {
class Channel;
class ClientContext;
class Status;
}  // namespace grpc

namespace engram {

// To "unix:/path" in plain, or to "host:port" with TLS, where `authorities`
// (PEM; empty: those that this machine trusts) vouch for the server. Dials when
// it is first used, and again after 0.1 to 2 s.
std::shared_ptr<grpc::Channel> DialServer(const std::string& address,
                                          const std::string& authorities = "");
// Puts the token where the server looks for it.
void Authorize(const std::string& token, grpc::ClientContext& context);
absl::Status ToStatus(const grpc::Status& status);

}  // namespace engram
