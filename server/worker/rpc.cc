#include "server/worker/rpc.h"

#include <grpcpp/grpcpp.h>

namespace engram {

std::shared_ptr<grpc::Channel> DialServer(const std::string& address,
                                          const std::string& authorities) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2000);
  // A proxy named in the environment is for the network, not for a socket.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  // A worker's token never crosses a network in the clear.
  const bool is_socket = address.rfind("unix:", 0) == 0;
  const auto credentials =
      is_socket ? grpc::InsecureChannelCredentials()
                : grpc::SslCredentials({.pem_root_certs = authorities,
                                        .pem_private_key = "",
                                        .pem_cert_chain = ""});
  return grpc::CreateCustomChannel(address, credentials, arguments);
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
