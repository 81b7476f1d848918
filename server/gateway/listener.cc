#include "server/gateway/listener.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <optional>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/mutex.h"
#include "server/gateway/connection.h"
#include "server/gateway/tls_context.h"
#include "server/gateway/wire.h"

namespace engram {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr int kThreads = 2;

// Accepting fails for a moment when the process is out of file descriptors.
constexpr std::chrono::milliseconds kAcceptPause{100};

}  // namespace

struct Listener::Parts {
  explicit Parts(Options given)
      : acceptor(asio::make_strand(io)), pause(acceptor.get_executor()) {
    context.limits = given.limits;
    context.handler = std::move(given.handler);
    context.log = std::move(given.log);
    context.exchange_made = [this] {
      MutexLock lock(mu);
      ++exchanges;
    };
    context.exchange_gone = [this] {
      MutexLock lock(mu);
      --exchanges;
      changed.NotifyAll();
    };
  }

  absl::Status Open(const std::string& address, int wanted_port);
  absl::Status LoadCertificate(const TlsFiles& files);
  void Accept();
  std::unique_ptr<Wire> WireOf(tcp::socket socket);
  void OnAccepted(error_code error, tcp::socket socket);
  void Remove(Connection* connection);
  void Stop(std::chrono::milliseconds grace);
  void WaitForEnd(std::chrono::milliseconds time);

  asio::io_context io{kThreads};
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>>
      work{asio::make_work_guard(io)};
  tcp::acceptor acceptor;
  asio::steady_timer pause;
  std::unique_ptr<TlsContext> tls;  // null: plain HTTP
  ConnectionContext context;
  int port = 0;
  std::vector<std::thread> threads;

  Mutex mu;
  CondVar changed;
  bool is_stopping GUARDED_BY(mu) = false;
  int exchanges GUARDED_BY(mu) = 0;
  std::set<Connection*> connections GUARDED_BY(mu);
};

absl::Status Listener::Parts::Open(const std::string& address,
                                   int wanted_port) {
  error_code error;
  const auto ip = asio::ip::make_address(address, error);
  if (error) {
    return absl::InvalidArgumentError(absl::StrCat(
        address, " is not an IP address; give one such as 127.0.0.1 or ::1"));
  }
  const tcp::endpoint endpoint(ip, static_cast<uint16_t>(wanted_port));
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    return absl::UnavailableError(
        absl::StrCat("HTTP cannot listen on ", address, ":", wanted_port, ": ",
                     error.message(),
                     "; choose another address by the setting http_listen"));
  }
  port = acceptor.local_endpoint(error).port();
  return absl::OkStatus();
}

absl::Status Listener::Parts::LoadCertificate(const TlsFiles& files) {
  if (files.empty()) return absl::OkStatus();
  auto loaded = TlsContext::Load(files);
  if (!loaded.ok()) return loaded.status();
  tls = *std::move(loaded);
  return absl::OkStatus();
}

void Listener::Parts::Accept() {
  acceptor.async_accept(asio::make_strand(io),
                        [this](error_code error, tcp::socket socket) {
                          OnAccepted(error, std::move(socket));
                        });
}

std::unique_ptr<Wire> Listener::Parts::WireOf(tcp::socket socket) {
  if (tls == nullptr) return MakePlainWire(std::move(socket));
  return MakeTlsWire(std::move(socket),
                     tls->Current(std::chrono::steady_clock::now()));
}

void Listener::Parts::OnAccepted(error_code error, tcp::socket socket) {
  if (error == asio::error::operation_aborted || !acceptor.is_open()) return;
  if (error) {
    pause.expires_after(kAcceptPause);
    pause.async_wait([this](error_code stopped) {
      if (!stopped && acceptor.is_open()) Accept();
    });
    return;
  }
  const auto connection = std::make_shared<Connection>(
      WireOf(std::move(socket)), context, [this](Connection* c) { Remove(c); });
  bool is_busy = false;
  bool is_dropped = false;
  {
    MutexLock lock(mu);
    if (is_stopping) return;
    const int count = static_cast<int>(connections.size());
    is_busy = count >= context.limits.connections;
    // Not even a refusal for those far beyond.
    is_dropped = count >= 2 * context.limits.connections;
    if (!is_dropped) connections.insert(connection.get());
  }
  if (is_busy && !is_dropped) connection->StartBusy();
  if (!is_busy) connection->Start();
  Accept();
}

void Listener::Parts::Remove(Connection* connection) {
  MutexLock lock(mu);
  connections.erase(connection);
  changed.NotifyAll();
}

void Listener::Parts::Stop(std::chrono::milliseconds grace) {
  {
    MutexLock lock(mu);
    if (is_stopping) return;
    is_stopping = true;
    // Each erases itself on a strand, under this mutex: all here are alive.
    for (Connection* connection : connections) connection->Finish();
  }
  asio::post(acceptor.get_executor(), [this] {
    error_code ignored;
    acceptor.close(ignored);
    pause.cancel();
  });
  WaitForEnd(grace);
  {
    MutexLock lock(mu);
    for (Connection* connection : connections) connection->Close();
    while (!connections.empty() || exchanges > 0) changed.Wait(mu);
  }
  work.reset();
  for (std::thread& thread : threads) thread.join();
  threads.clear();
}

void Listener::Parts::WaitForEnd(std::chrono::milliseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  MutexLock lock(mu);
  while (!connections.empty() || exchanges > 0) {
    const auto left = end - std::chrono::steady_clock::now();
    if (left <= left.zero()) return;
    changed.WaitFor(mu, left);
  }
}

absl::StatusOr<std::unique_ptr<Listener>> Listener::Start(Options options) {
  const std::string address = options.address;
  const int port = options.port;
  const TlsFiles tls = options.tls;
  auto parts = std::make_unique<Parts>(std::move(options));
  if (absl::Status status = parts->LoadCertificate(tls); !status.ok()) {
    return status;
  }
  if (absl::Status status = parts->Open(address, port); !status.ok()) {
    return status;
  }
  parts->Accept();
  for (int i = 0; i < kThreads; ++i) {
    parts->threads.emplace_back([p = parts.get()] { p->io.run(); });
  }
  return std::unique_ptr<Listener>(new Listener(std::move(parts)));
}

Listener::Listener(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Listener::~Listener() { Stop(std::chrono::milliseconds(0)); }

int Listener::port() const { return parts_->port; }

int Listener::connection_count() const {
  MutexLock lock(parts_->mu);
  return static_cast<int>(parts_->connections.size());
}

void Listener::Stop(std::chrono::milliseconds grace) { parts_->Stop(grace); }

}  // namespace engram
