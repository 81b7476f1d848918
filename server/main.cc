// engramd: settings, then a server until a signal ends it; or one of the
// commands for a data folder that no server uses.

#include <signal.h>
#include <sys/stat.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/base/numerics.h"
#include "server/gateway/gateway.h"
#include "server/offline_command.h"
#include "server/rpc/log.h"
#include "server/rpc/login_links.h"
#include "server/rpc/pool.h"
#include "server/rpc/server.h"
#include "server/rpc/settings.h"
#include "server/service_manager.h"

namespace engram {
namespace {

// For the last bytes of answers, once the server itself has stopped.
constexpr std::chrono::seconds kLastAnswers{1};

// Exit codes: 0 stopped by a signal, 1 cannot serve, 2 wrong settings.
int Fail(int code, const absl::Status& status) {
  std::fprintf(stderr, "engramd: %s\n", std::string(status.message()).c_str());
  return code;
}

// The signals that end the server. Blocked before any thread starts, so that
// the one that waits for them is the one that gets them.
sigset_t BlockSignals() {
  signal(SIGPIPE, SIG_IGN);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

void Tell(const std::string& state) {
  TellServiceManager(ThisMachine().variable("NOTIFY_SOCKET").value_or(""),
                     state);
}

void LogRequest(const RequestLine& line) {
  Log(Severity::kInfo, "http",
      {{"method", line.method},
       {"path", line.path},
       {"status", int64_t{line.status}},
       {"bytes", line.sent_bytes},
       {"ms", static_cast<double>(line.duration_us) / 1000},
       {"peer", line.peer}});
}

// The IP address of "localhost" and "[::1]", as they stand in settings.
std::string AddressOf(const std::string& host) {
  if (host == "localhost") return "127.0.0.1";
  if (host.front() == '[') return host.substr(1, host.size() - 2);
  return host;
}

Logins LoginsOf(LoginLinks& links, Pool& pool) {
  Logins logins;
  logins.redeem = [&links, &pool](std::string code, std::string peer,
                                  auto done) {
    pool.Add([&links, code = std::move(code), peer = std::move(peer),
              done = std::move(done)] {
      const auto session = links.Redeem(code, peer);
      if (!session.ok()) return done(session.status());
      done(Logins::Session{session->secret, session->life_s});
    });
  };
  logins.end = [&links, &pool](std::string secret, std::string peer,
                               auto done) {
    pool.Add([&links, secret = std::move(secret), peer = std::move(peer),
              done = std::move(done)] { done(links.End(secret, peer)); });
  };
  return logins;
}

// Null when the settings want no HTTP. What waits for the disk runs on `pool`.
absl::StatusOr<std::unique_ptr<Gateway>> StartGateway(const Settings& settings,
                                                      Server& server,
                                                      Pool& pool) {
  if (settings.http_listen.empty()) return nullptr;
  const size_t colon = settings.http_listen.rfind(':');
  Gateway::Options options;
  options.address = AddressOf(settings.http_listen.substr(0, colon));
  if (!absl::SimpleAtoi(settings.http_listen.substr(colon + 1),
                        &options.port)) {
    return absl::InvalidArgumentError("http_listen has no port");
  }
  if (!settings.tls.empty()) {
    const auto certificate = ReadCertificate(settings.tls);
    if (!certificate.ok()) return certificate.status();
    options.tls = settings.tls;
    options.names = certificate->names;
  }
  options.web_folder = settings.web;
  options.channel = server.InProcessChannel();
  options.logins = LoginsOf(server.login_links(), pool);
  options.metrics = [&server, &pool](MetricsRequest request, auto done) {
    pool.Add([&server, request = std::move(request), done = std::move(done)] {
      done(server.Metrics(request.authorization, request.http_connections));
    });
  };
  options.log = LogRequest;
  auto gateway = Gateway::Start(std::move(options));
  if (gateway.ok()) server.login_links().SetBaseUrl((*gateway)->base_url());
  return gateway;
}

void SayServing(const Settings& settings, const Server& server,
                const Gateway* gateway) {
  Log(Severity::kInfo, "serving",
      {{"address", server.address()},
       {"http", gateway == nullptr ? "" : gateway->base_url()},
       {"data", settings.data},
       {"socket", server.socket()}});
  if (!server.first_token_file().empty()) {
    Log(Severity::kInfo, "the first admin's token was written",
        {{"file", server.first_token_file()}});
  }
}

// While the server stops: another signal means that runs are not to be waited
// for.
class SecondSignal {
 public:
  SecondSignal(const sigset_t& signals, Server& server)
      : thread_([this, signals, &server] { Wait(signals, server); }) {}
  ~SecondSignal() {
    is_over_ = true;
    thread_.join();
  }

 private:
  void Wait(const sigset_t& signals, Server& server) {
    constexpr timespec kLook{.tv_sec = 0, .tv_nsec = 100'000'000};
    while (!is_over_) {
      const int signal = sigtimedwait(&signals, nullptr, &kLook);
      if (signal <= 0) continue;
      Log(Severity::kInfo, "hurrying: runs are not waited for",
          {{"signal", int64_t{signal}}});
      server.Hurry();
    }
  }

  std::atomic<bool> is_over_ = false;
  std::thread thread_;
};

int Serve(const Settings& settings) {
  const sigset_t signals = BlockSignals();
  SetUpLog(settings.log_level, settings.log_format);
  auto server =
      Server::Start({.settings = settings, .surroundings = ThisMachine()});
  if (!server.ok()) return Fail(1, server.status());
  Pool pool(1);
  auto gateway = StartGateway(settings, **server, pool);
  if (!gateway.ok()) return Fail(1, gateway.status());
  SayServing(settings, **server, gateway->get());
  Tell(absl::StrCat("READY=1\nSTATUS=serving on ", (*server)->address()));
  int signal = 0;
  sigwait(&signals, &signal);
  Log(Severity::kInfo, "stopping", {{"signal", int64_t{signal}}});
  Tell("STOPPING=1\nSTATUS=draining");
  // Watchers in browsers, too, are told by the server that it stops.
  if (*gateway != nullptr) (*gateway)->SetStopping();
  {
    const SecondSignal second(signals, **server);
    (*server)->Stop();
  }
  if (*gateway != nullptr) (*gateway)->Stop(kLastAnswers);
  Log(Severity::kInfo, "stopped");
  return 0;
}

int Run(const std::vector<std::string>& arguments) {
  if (const auto done = RunOfflineCommand(arguments)) {
    if (done->ok()) return 0;
    return Fail(absl::IsInvalidArgument(*done) ? 2 : 1, *done);
  }
  auto configuration = ReadConfiguration(arguments, ThisMachine());
  if (!configuration.ok()) return Fail(2, configuration.status());
  if (!configuration->answer.empty()) {
    std::fputs(configuration->answer.c_str(), stdout);
    return 0;
  }
  if (configuration->print_config) {
    std::fputs(PrintConfiguration(*configuration).c_str(), stdout);
    return 0;
  }
  return Serve(configuration->settings);
}

}  // namespace
}  // namespace engram

int main(int argc, char** argv) {
  // Databases, their backups and tokens are for nobody else's eyes, whatever
  // folder they end up in.
  umask(S_IRWXG | S_IRWXO);
  engram::SetNumericEnvironment();
  // gRPC's own lines are not of our log's form, and a stranger's handshake
  // that fails would write one each time.
  setenv("GRPC_VERBOSITY", "NONE", 0);
  return engram::Run({argv + 1, argv + argc});
}
