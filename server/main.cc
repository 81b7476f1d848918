// engramd: settings, then a server until a signal ends it.

#include <signal.h>

#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/base/numerics.h"
#include "server/gateway/gateway.h"
#include "server/rpc/log.h"
#include "server/rpc/server.h"
#include "server/rpc/settings.h"

namespace engram {
namespace {

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

void LogRequest(const RequestLine& line) {
  Log(Severity::kInfo, "http",
      {{"method", line.method},
       {"path", line.path},
       {"status", int64_t{line.status}},
       {"bytes", line.sent_bytes},
       {"ms", static_cast<double>(line.duration_us) / 1000},
       {"peer", line.peer}});
}

// Null when the settings want no HTTP.
absl::StatusOr<std::unique_ptr<Gateway>> StartGateway(const Settings& settings,
                                                      Server& server) {
  if (settings.http_listen.empty()) return nullptr;
  const size_t colon = settings.http_listen.rfind(':');
  Gateway::Options options;
  options.address = settings.http_listen.substr(0, colon);
  if (!absl::SimpleAtoi(settings.http_listen.substr(colon + 1),
                        &options.port)) {
    return absl::InvalidArgumentError("http_listen has no port");
  }
  options.web_folder = settings.web;
  options.channel = server.InProcessChannel();
  // Nothing hands out login codes: whoever shows one is told that it is not
  // known, and browsers use the token itself.
  options.logins.redeem = [](std::string, auto done) {
    done(absl::NotFoundError("there is no such login code"));
  };
  options.logins.end = [](std::string, auto done) { done(absl::OkStatus()); };
  options.log = LogRequest;
  return Gateway::Start(std::move(options));
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

int Serve(const Settings& settings) {
  const sigset_t signals = BlockSignals();
  SetUpLog(settings.log_level, settings.log_format);
  auto server =
      Server::Start({.settings = settings, .surroundings = ThisMachine()});
  if (!server.ok()) return Fail(1, server.status());
  auto gateway = StartGateway(settings, **server);
  if (!gateway.ok()) return Fail(1, gateway.status());
  SayServing(settings, **server, gateway->get());
  int signal = 0;
  sigwait(&signals, &signal);
  Log(Severity::kInfo, "stopping", {{"signal", int64_t{signal}}});
  if (*gateway != nullptr) {
    (*gateway)->SetStopping();
    (*gateway)->Stop();
  }
  (*server)->Stop();
  Log(Severity::kInfo, "stopped");
  return 0;
}

int Run(const std::vector<std::string>& arguments) {
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
  engram::SetNumericEnvironment();
  return engram::Run({argv + 1, argv + argc});
}
