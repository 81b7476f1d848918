#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "server/gateway/connect_call.h"
#include "server/gateway/exchange.h"
#include "server/gateway/logins.h"
#include "server/gateway/metrics_source.h"
#include "server/gateway/own_addresses.h"
#include "server/gateway/session_cookie.h"
#include "server/gateway/static_files.h"

namespace engram {

// Everything that is served, by path: methods, login and logout, health, and
// the dashboard's files for all else. Thread-safe.
class Site {
 public:
  struct Options {
    std::string base_url;  // "http://127.0.0.1:7080"
    OwnAddresses addresses;
    SessionCookie cookie;
    ConnectCalls calls;
    Logins logins;
    MetricsSource metrics;
    std::function<int()> connection_count;
    StaticFiles files;
  };
  explicit Site(Options options);

  // A RequestHandler. Refuses first what comes under a foreign name.
  void Serve(HttpRequest request, std::shared_ptr<Exchange> exchange) const;

  // From now on /healthz says "stopping".
  void SetStopping() { is_stopping_ = true; }

 private:
  struct Bearer {
    std::optional<std::string> authorization;  // absent: the client sent none
    bool is_cookie = false;
  };
  Bearer FindBearer(const HttpRequest& request) const;
  // Whether a request that carries a cookie comes from a page of ours.
  bool IsFromOwnPage(const HttpRequest& request) const;

  void ServeMethod(const HttpRequest& request,
                   std::shared_ptr<Exchange> exchange) const;
  void ServeLogin(const HttpRequest& request,
                  std::shared_ptr<Exchange> exchange) const;
  void ServeLogout(const HttpRequest& request,
                   std::shared_ptr<Exchange> exchange) const;
  void ServeMetrics(const HttpRequest& request,
                    std::shared_ptr<Exchange> exchange) const;
  HttpResponse ServePage(const HttpRequest& request) const;
  HttpResponse Health() const;

  const Options options_;
  std::atomic<bool> is_stopping_{false};
};

}  // namespace engram
