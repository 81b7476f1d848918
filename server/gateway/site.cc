#include "server/gateway/site.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/gateway/pages.h"

namespace engram {
namespace {

// https://prometheus.io/docs/instrumenting/exposition_formats/
constexpr char kPrometheusText[] = "text/plain; version=0.0.4; charset=utf-8";

HttpResponse Text(int status, std::string text) {
  return {.status = status,
          .fields = {{"Content-Type", "text/plain; charset=utf-8"},
                     {"Cache-Control", "no-store"}},
          .body = std::move(text)};
}

HttpResponse WrongMethod(const std::string& got, const std::string& wanted) {
  HttpResponse response =
      Text(405, absl::StrCat("got ", got, ", wanted ", wanted, "\n"));
  response.fields.emplace_back("Allow", wanted);
  return response;
}

bool IsRead(const HttpRequest& request) {
  return request.method == "GET" || request.method == "HEAD";
}

// What goes with every answer.
void AddSecurityFields(HttpResponse& response, bool is_https_alone) {
  bool has_policy = false;
  for (const auto& field : response.fields) {
    has_policy = has_policy || field.first == "Content-Security-Policy";
  }
  if (!has_policy) {
    response.fields.emplace_back("Content-Security-Policy",
                                 ContentSecurityPolicy(""));
  }
  for (const auto& [name, value] :
       {std::pair{"X-Content-Type-Options", "nosniff"},
        {"X-Frame-Options", "DENY"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"}}) {
    response.fields.emplace_back(name, value);
  }
  if (is_https_alone) {
    response.fields.emplace_back("Strict-Transport-Security",
                                 "max-age=31536000");
  }
}

// Browsers are told to use TLS alone from now on. For localhost that would
// shut them out of every other program's pages there.
bool IsHttpsAlone(const HttpRequest& request) {
  const auto host = request.Field("host");
  return request.is_encrypted && host &&
         !absl::StartsWithIgnoreCase(*host, "localhost");
}

// Adds them to whatever the exchange is answered with.
class SecureExchange : public Exchange {
 public:
  SecureExchange(std::shared_ptr<Exchange> inner, bool is_https_alone)
      : inner_(std::move(inner)), is_https_alone_(is_https_alone) {}

  void Respond(HttpResponse response) override {
    AddSecurityFields(response, is_https_alone_);
    inner_->Respond(std::move(response));
  }
  void Begin(HttpResponse head) override {
    AddSecurityFields(head, is_https_alone_);
    inner_->Begin(std::move(head));
  }
  void Write(std::string bytes, std::function<void(bool)> written) override {
    inner_->Write(std::move(bytes), std::move(written));
  }
  void End() override { inner_->End(); }
  void OnDisconnect(std::function<void()> gone) override {
    inner_->OnDisconnect(std::move(gone));
  }

 private:
  const std::shared_ptr<Exchange> inner_;
  const bool is_https_alone_;
};

HttpResponse LoginFailed() {
  return MessagePage(
      404, "This login link does not work",
      "A link works once and for ten minutes. Make a new one with the call "
      "engram.v1.Admin/CreateLoginLink, and open it in this browser.");
}

}  // namespace

Site::Site(Options options) : options_(std::move(options)) {}

void Site::Serve(HttpRequest request,
                 std::shared_ptr<Exchange> exchange) const {
  exchange = std::make_shared<SecureExchange>(std::move(exchange),
                                              IsHttpsAlone(request));
  if (request.FieldCount("host") != 1) {
    return exchange->Respond(Text(400, "got no single Host, wanted one\n"));
  }
  const std::string host(*request.Field("host"));
  if (!options_.addresses.IsOwnHost(host)) {
    return exchange->Respond(Text(
        421, absl::StrCat("got Host ", host.substr(0, 100), ", wanted one of ",
                          options_.addresses.List(), "\n")));
  }
  if (ConnectCalls::IsMethodPath(request.path)) {
    return ServeMethod(request, std::move(exchange));
  }
  if (request.path == "/login") return ServeLogin(request, exchange);
  if (request.path == "/logout") return ServeLogout(request, exchange);
  if (!IsRead(request)) {
    return exchange->Respond(WrongMethod(request.method, "GET, HEAD"));
  }
  if (request.path == "/metrics" && options_.metrics) {
    return ServeMetrics(request, exchange);
  }
  exchange->Respond(request.path == "/healthz" ? Health() : ServePage(request));
}

Site::Bearer Site::FindBearer(const HttpRequest& request) const {
  if (const auto field = request.Field("authorization")) {
    return {.authorization = std::string(*field), .is_cookie = false};
  }
  const auto cookies = request.Field("cookie");
  if (!cookies) return {};
  const auto secret = options_.cookie.Read(*cookies);
  if (!secret) return {};
  return {.authorization = absl::StrCat("Bearer ", *secret), .is_cookie = true};
}

bool Site::IsFromOwnPage(const HttpRequest& request) const {
  const auto origin = request.Field("origin");
  return request.FieldCount("origin") == 1 &&
         options_.addresses.IsOwnOrigin(*origin);
}

void Site::ServeMethod(const HttpRequest& request,
                       std::shared_ptr<Exchange> exchange) const {
  const Bearer bearer = FindBearer(request);
  if (bearer.is_cookie && !IsFromOwnPage(request)) {
    const std::string origin(request.Field("origin").value_or("none"));
    return exchange->Respond(ConnectRefusal(
        403,
        absl::PermissionDeniedError(absl::StrCat(
            "got Origin ", origin.substr(0, 100),
            ", wanted this server's own: "
            "a session cookie counts for this server's pages alone; programs "
            "send a token as \"Authorization: Bearer ...\""))));
  }
  options_.calls.Serve(request, bearer.authorization, std::move(exchange));
}

void Site::ServeLogin(const HttpRequest& request,
                      std::shared_ptr<Exchange> exchange) const {
  // HEAD would use the code up without anybody being logged in.
  if (request.method != "GET") {
    return exchange->Respond(WrongMethod(request.method, "GET"));
  }
  const auto code = QueryValue(request.query, "code");
  if (!code || code->empty() || !options_.logins.redeem) {
    return exchange->Respond(LoginFailed());
  }
  options_.logins.redeem(
      *code, request.SchemeAndPeer(),
      [exchange, cookie = options_.cookie](
          const absl::StatusOr<Logins::Session>& session) {
        if (absl::IsNotFound(session.status())) {
          return exchange->Respond(LoginFailed());
        }
        if (!session.ok()) {
          return exchange->Respond(MessagePage(
              503, "Logging in did not work",
              "The server could not keep the session. Try the link again in a "
              "moment, or make a new one."));
        }
        exchange->Respond(
            {.status = 303,
             .fields = {{"Location", "/"},
                        {"Set-Cookie",
                         cookie.Set(session->secret, session->life_s)},
                        {"Cache-Control", "no-store"}},
             .body = ""});
      });
}

void Site::ServeLogout(const HttpRequest& request,
                       std::shared_ptr<Exchange> exchange) const {
  if (request.method != "POST") {
    return exchange->Respond(WrongMethod(request.method, "POST"));
  }
  if (!IsFromOwnPage(request)) {
    return exchange->Respond(
        Text(403, "got another page's Origin, wanted this server's own\n"));
  }
  HttpResponse done{.status = 204,
                    .fields = {{"Set-Cookie", options_.cookie.Clear()},
                               {"Cache-Control", "no-store"}},
                    .body = ""};
  const auto secret =
      options_.cookie.Read(request.Field("cookie").value_or(""));
  if (!secret || !options_.logins.end) return exchange->Respond(done);
  options_.logins.end(
      *secret, request.SchemeAndPeer(),
      [exchange, done](const absl::Status& status) {
        exchange->Respond(
            status.ok() ? done
                        : Text(503, "the session was not ended; try again\n"));
      });
}

// A cookie does not count: the page is for programs, which send a token.
void Site::ServeMetrics(const HttpRequest& request,
                        std::shared_ptr<Exchange> exchange) const {
  MetricsRequest asked{.authorization = std::nullopt,
                       .http_connections = options_.connection_count()};
  if (const auto field = request.Field("authorization")) {
    asked.authorization = std::string(*field);
  }
  options_.metrics(
      std::move(asked), [exchange](absl::StatusOr<std::string> page) {
        if (page.ok()) {
          HttpResponse response = Text(200, *std::move(page));
          response.fields[0].second = kPrometheusText;
          return exchange->Respond(std::move(response));
        }
        const bool is_unknown = absl::IsUnauthenticated(page.status());
        HttpResponse refusal =
            Text(is_unknown                                ? 401
                 : absl::IsPermissionDenied(page.status()) ? 403
                                                           : 503,
                 absl::StrCat(page.status().message(), "\n"));
        if (is_unknown) {
          refusal.fields.emplace_back("WWW-Authenticate", "Bearer");
        }
        exchange->Respond(std::move(refusal));
      });
}

HttpResponse Site::ServePage(const HttpRequest& request) const {
  if (!options_.files.HasPages() && request.path == "/") {
    return WelcomePage(options_.base_url);
  }
  return options_.files.Serve(request);
}

HttpResponse Site::Health() const {
  return is_stopping_ ? Text(503, "stopping\n") : Text(200, "ok\n");
}

}  // namespace engram
