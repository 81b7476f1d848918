#include "server/gateway/gateway.h"

#include <csignal>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/mutex.h"
#include "server/gateway/listener.h"
#include "server/gateway/site.h"

namespace engram {
namespace {

bool IsLoopback(const std::string& address) {
  return address == "::1" || absl::StartsWith(address, "127.");
}

// Requests may arrive before the port, which the site's rules need, is known:
// they wait for the site.
class Door {
 public:
  void Open(const Site& site) {
    MutexLock lock(mu_);
    site_ = &site;
    opened_.NotifyAll();
  }
  const Site& Wait() {
    MutexLock lock(mu_);
    while (site_ == nullptr) opened_.Wait(mu_);
    return *site_;
  }

 private:
  Mutex mu_;
  CondVar opened_;
  const Site* site_ GUARDED_BY(mu_) = nullptr;
};

// What a link leads to: under TLS a name that the certificate has.
std::string LinkHost(const Gateway::Options& options) {
  for (const std::string& name : options.names) {
    if (!absl::StartsWith(name, "*.")) return name;
  }
  const bool is_any = options.address == "0.0.0.0" || options.address == "::";
  return is_any ? "localhost" : options.address;
}

std::string BaseUrl(const Gateway::Options& options, int port) {
  const std::string host = LinkHost(options);
  const bool is_v6 = absl::StrContains(host, ':');
  return absl::StrCat(options.tls.empty() ? "http://" : "https://",
                      is_v6 ? "[" : "", host, is_v6 ? "]" : "", ":", port);
}

}  // namespace

Gateway::Gateway() = default;
Gateway::~Gateway() { Stop(); }

absl::StatusOr<std::unique_ptr<Gateway>> Gateway::Start(Options options) {
  const bool is_https = !options.tls.empty();
  if (!is_https && !IsLoopback(options.address)) {
    return absl::FailedPreconditionError(absl::StrCat(
        "HTTP on ", options.address,
        " would send tokens in the clear; set tls_cert and tls_key, or listen "
        "on 127.0.0.1 or ::1"));
  }
  absl::StatusOr<StaticFiles> files = StaticFiles::Load(options.web_folder);
  if (!files.ok()) return files.status();
  // A client who leaves while his answer is written is no reason to end.
  std::signal(SIGPIPE, SIG_IGN);

  const auto door = std::make_shared<Door>();
  absl::StatusOr<std::unique_ptr<Listener>> listener = Listener::Start(
      {.address = options.address,
       .port = options.port,
       .tls = options.tls,
       .limits = options.limits,
       .handler =
           [door](HttpRequest request, std::shared_ptr<Exchange> exchange) {
             door->Wait().Serve(std::move(request), std::move(exchange));
           },
       .log = std::move(options.log)});
  if (!listener.ok()) return listener.status();

  std::unique_ptr<Gateway> gateway(new Gateway());
  gateway->listener_ = *std::move(listener);
  const int port = gateway->listener_->port();
  gateway->base_url_ = BaseUrl(options, port);
  gateway->site_ = std::make_unique<Site>(Site::Options{
      .base_url = gateway->base_url_,
      .addresses = OwnAddresses(options.address, port, options.names, is_https),
      .cookie = SessionCookie(port, is_https),
      .calls = ConnectCalls(options.channel, options.limits.call_life),
      .logins = std::move(options.logins),
      .metrics = std::move(options.metrics),
      .connection_count =
          [listener = gateway->listener_.get()] {
            return listener->connection_count();
          },
      .files = *std::move(files)});
  door->Open(*gateway->site_);
  return gateway;
}

int Gateway::port() const { return listener_->port(); }

std::string Gateway::base_url() const { return base_url_; }

int Gateway::connection_count() const { return listener_->connection_count(); }

void Gateway::SetStopping() { site_->SetStopping(); }

void Gateway::Stop(std::chrono::milliseconds grace) {
  if (site_ != nullptr) site_->SetStopping();
  if (listener_ != nullptr) listener_->Stop(grace);
}

}  // namespace engram
