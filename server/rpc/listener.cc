#include "server/rpc/listener.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <sys/stat.h>

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "server/rpc/access.h"

namespace engram {
namespace {

constexpr size_t kLongestSocket = 107;
// At the files of the certificate, which may have been renewed.
constexpr unsigned int kSecondsBetweenLooks = 5;

absl::Status CannotListen(const std::string& address) {
  return absl::UnavailableError(absl::StrCat(
      "cannot listen on ", address,
      ": another program, perhaps another "
      "engramd, has that address; end it, or give another with --listen"));
}

std::shared_ptr<grpc::ServerCredentials> Credentials(const TlsFiles& tls) {
  if (tls.empty()) return grpc::InsecureServerCredentials();
  namespace experimental = grpc::experimental;
  experimental::TlsServerCredentialsOptions options(
      std::make_shared<experimental::FileWatcherCertificateProvider>(
          tls.key, tls.cert, kSecondsBetweenLooks));
  options.watch_identity_key_cert_pairs();
  // Who calls is told by his token.
  options.set_cert_request_type(GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
  return experimental::TlsServerCredentials(options);
}

}  // namespace

absl::StatusOr<Listening> Listen(
    const std::string& address, const std::string& socket, const TlsFiles& tls,
    const std::vector<std::unique_ptr<grpc::Service>>& services) {
  if (socket.size() > kLongestSocket) {
    return absl::UnavailableError(
        absl::StrCat("the path of the workers' socket has ", socket.size(),
                     " bytes (", socket, "); at most ", kLongestSocket,
                     " are possible: give a shorter "
                     "one with --socket"));
  }
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  int port = 0;
  // Otherwise a second server would share the port in silence.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMostMetadataBytes);
  builder.AddListeningPort(address, Credentials(tls), &port);
  // What a server that was killed has left; no other can be listening, because
  // its path belongs to the data folder, which is locked.
  std::error_code error;
  std::filesystem::remove(socket, error);
  builder.AddListeningPort("unix:" + socket, grpc::InsecureServerCredentials());
  for (const auto& service : services) builder.RegisterService(service.get());
  Listening listening;
  listening.server = builder.BuildAndStart();
  if (listening.server == nullptr || port == 0) return CannotListen(address);
  // Stopping sets every name that is known then.
  SetHealth(*listening.server, kNewRunsHealth, true);
  for (const std::string& method : AllMethods()) {
    SetHealth(*listening.server, method.substr(0, method.rfind('.')), true);
  }
  if (chmod(socket.c_str(), S_IRUSR | S_IWUSR) != 0) {
    return absl::UnavailableError(
        absl::StrCat("cannot make the socket ", socket, " private"));
  }
  listening.address =
      absl::StrCat(address.substr(0, address.rfind(':')), ":", port);
  return listening;
}

void SetHealth(grpc::Server& server, const std::string& name, bool is_serving) {
  auto* health = server.GetHealthCheckService();
  if (health != nullptr) health->SetServingStatus(name, is_serving);
}

}  // namespace engram
