#include "server/worker/rpc.h"

#include <grpcpp/grpcpp.h>

namespace engram {

std::shared_ptr<grpc::Channel> DialServer(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2000);
  // A proxy named in the environment is for the network, not for a socket.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(),
                                   arguments);
}

void Authorize(const std::string& token, grpc::ClientContext& context) {
  context.AddMetadata("authorization", "Bearer " + token);
}

absl::Status ToStatus(const grpc::Status& status) {
  // The codes are the same by definition.
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                      status.error_message());
}

}  // namespace engram
