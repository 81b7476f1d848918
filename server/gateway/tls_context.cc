#include "server/gateway/tls_context.h"

#include <openssl/ssl.h>

#include <string>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/rpc/log.h"

namespace engram {
namespace {

namespace ssl = boost::asio::ssl;

constexpr std::chrono::seconds kBetweenLooks{5};

// Of what a client offers, the gateway speaks HTTP/1.1 alone.
int ChooseProtocol(SSL* /*connection*/, const unsigned char** chosen,
                   unsigned char* chosen_size, const unsigned char* offered,
                   unsigned int offered_size, void* /*unused*/) {
  static constexpr unsigned char kOurs[] = "\x08http/1.1";
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, chosen_size, kOurs, sizeof kOurs - 1,
                            offered, offered_size) != OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_NOACK;
  }
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

absl::StatusOr<std::unique_ptr<TlsContext>> TlsContext::Load(TlsFiles files) {
  std::unique_ptr<TlsContext> loaded(new TlsContext(std::move(files)));
  loaded->times_ = loaded->FileTimes();
  auto context = loaded->Read();
  if (!context.ok()) return context.status();
  loaded->current_ = *std::move(context);
  return loaded;
}

std::shared_ptr<ssl::context> TlsContext::Current(
    std::chrono::steady_clock::time_point now) {
  if (now < next_look_) return current_;
  next_look_ = now + kBetweenLooks;
  const Times times = FileTimes();
  if (times == times_) return current_;
  times_ = times;
  auto fresh = Read();
  if (fresh.ok()) {
    current_ = *std::move(fresh);
    Log(Severity::kInfo, "a renewed certificate is in use for HTTP",
        {{"file", files_.cert}});
  } else {
    Log(Severity::kWarn, "the certificate was changed and is not used",
        {{"why", std::string(fresh.status().message())}});
  }
  return current_;
}

absl::StatusOr<std::shared_ptr<ssl::context>> TlsContext::Read() const {
  // Says in words what OpenSSL says in numbers.
  const auto certificate = ReadCertificate(files_);
  if (!certificate.ok()) return certificate.status();
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  boost::system::error_code error;
  context->use_certificate_chain_file(files_.cert, error);
  if (!error) {
    context->use_private_key_file(files_.key, ssl::context::pem, error);
  }
  SSL_CTX* const native = context->native_handle();
  const bool is_set =
      !error && SSL_CTX_check_private_key(native) == 1 &&
      SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION) == 1;
  if (!is_set) {
    return absl::FailedPreconditionError(absl::StrCat(
        "tls_cert = ", files_.cert, ": TLS cannot use it: ", error.message()));
  }
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION);
  // A connection that waits keeps no buffers.
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(native, ChooseProtocol, nullptr);
  return context;
}

TlsContext::Times TlsContext::FileTimes() const {
  std::error_code missing;
  return {std::filesystem::last_write_time(files_.cert, missing),
          std::filesystem::last_write_time(files_.key, missing)};
}

}  // namespace engram
