#include "server/rpc/server.h"

#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/impl/service_type.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "server/executor/worker_tokens.h"
#include "server/queue/disk_guard.h"
#include "server/queue/queue.h"
#include "server/rpc/access.h"
#include "server/rpc/attach.h"
#include "server/rpc/blobs.h"
#include "server/rpc/event_message.h"
#include "server/rpc/event_meter.h"
#include "server/rpc/first_start.h"
#include "server/rpc/gate.h"
#include "server/rpc/listener.h"
#include "server/rpc/local_workers.h"
#include "server/rpc/log.h"
#include "server/rpc/login_links.h"
#include "server/rpc/metrics_page.h"
#include "server/rpc/pool.h"
#include "server/rpc/private_folder.h"
#include "server/rpc/science.h"
#include "server/rpc/services.h"
#include "server/rpc/status.h"
#include "server/rpc/tokens.h"
#include "server/rpc/upkeep.h"
#include "server/rpc/watch.h"
#include "server/store/store.h"
#include "server/watch/event_hub.h"

namespace engram {
namespace {

// Unary calls run on these; streams and gRPC's own work on gRPC's threads.
constexpr int kPoolThreads = 16;
constexpr auto kGrace = std::chrono::seconds(5);

}  // namespace

// In the order in which the parts need each other; destroyed the other way
// round.
class Server::Impl {
 public:
  explicit Impl(ServerOptions options) : options_(std::move(options)) {}
  ~Impl() { Stop(); }

  absl::Status Start();
  void Stop();

 private:
  friend class Server;

  absl::Status CheckCertificate() const;
  absl::Status OpenStore();
  absl::Status StartWorkers();
  absl::Status OpenQueue();
  absl::Status Serve();
  // Where the one who started the server reaches it. Under TLS by the socket,
  // which is his alone and needs no certificate that his client trusts.
  std::string AddressForOwner() const {
    return options_.settings.tls.empty() ? listening_.address
                                         : "unix:" + options_.settings.socket;
  }
  absl::StatusOr<std::string> Metrics(
      const std::optional<std::string>& authorization, int http_connections);
  int64_t NowUs() const { return options_.clock->NowUs(); }

  const ServerOptions options_;
  EventMeter meter_;
  WorkerTokens worker_tokens_;
  std::unique_ptr<LocalWorkers> local_;  // null: the executor is a test's
  Executor* executor_ = nullptr;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<EventHub> hub_;
  std::unique_ptr<Tokens> tokens_;
  std::unique_ptr<LoginLinks> login_links_;
  std::unique_ptr<DiskGuard> disk_;
  std::unique_ptr<Queue> queue_;
  std::unique_ptr<Parts> parts_;
  std::unique_ptr<Pool> pool_;
  std::unique_ptr<Gate> gate_;
  std::vector<std::unique_ptr<grpc::Service>> services_;
  Listening listening_;
  std::unique_ptr<Upkeep> upkeep_;
  std::string first_token_file_;
  bool is_started_ = false;
  bool is_stopped_ = false;
};

absl::Status Server::Impl::Start() {
  const Settings& settings = options_.settings;
  absl::Status status =
      CheckListen("listen", settings.listen, !settings.tls.empty());
  if (status.ok()) status = CheckCertificate();
  if (status.ok()) status = MakePrivateFolder(settings.data);
  if (status.ok()) status = CloseToOthers(settings.data);
  if (status.ok()) {
    status =
        MakePrivateFolder(std::filesystem::path(settings.socket).parent_path());
  }
  // The store first: the helper belongs to whoever has the data folder.
  if (status.ok()) status = OpenStore();
  if (status.ok()) status = StartWorkers();
  if (status.ok()) status = OpenQueue();
  if (status.ok()) status = Serve();
  if (!status.ok()) return status;
  is_started_ = true;
  if (local_ != nullptr) local_->Run(*queue_);
  upkeep_.reset(new Upkeep({.settings = settings,
                            .clock = *options_.clock,
                            .store = *store_,
                            .queue = *queue_,
                            .tokens = *tokens_,
                            .disk = *disk_,
                            .set_ready = [this](bool is_ready) {
                              SetHealth(*listening_.server, kNewRunsHealth,
                                        is_ready);
                            }}));
  return absl::OkStatus();
}

absl::Status Server::Impl::CheckCertificate() const {
  const TlsFiles& files = options_.settings.tls;
  if (files.empty()) return absl::OkStatus();
  const auto certificate = ReadCertificate(files);
  if (!certificate.ok()) return certificate.status();
  const std::string warning = ValidityWarning(files, *certificate, NowUs());
  if (!warning.empty()) Log(Severity::kWarn, warning);
  return absl::OkStatus();
}

absl::Status Server::Impl::StartWorkers() {
  executor_ = options_.executor;
  if (executor_ != nullptr) return absl::OkStatus();
  local_ = std::make_unique<LocalWorkers>(options_.settings, *options_.clock,
                                          worker_tokens_);
  if (auto kept = local_->KeepBuild(*store_); !kept.ok()) return kept;
  if (auto started = local_->Start(*store_); !started.ok()) return started;
  executor_ = &local_->executor();
  return absl::OkStatus();
}

absl::Status Server::Impl::OpenStore() {
  store::StoreOptions store_options;
  store_options.folder = options_.settings.data;
  auto store = store::Store::Open(store_options);
  if (!store.ok()) return store.status();
  store_ = *std::move(store);
  // Before anything is written, because it listens to every commit.
  auto hub = EventHub::Open(
      {.clock = options_.clock,
       .committed = [this](const auto& events) { meter_.Committed(events); }},
      *store_, {.event = EventMessage, .present = PresentMessage});
  if (!hub.ok()) return hub.status();
  hub_ = *std::move(hub);
  auto tokens =
      Tokens::Open(*store_, worker_tokens_, [this] { return NowUs(); });
  if (!tokens.ok()) return tokens.status();
  tokens_ = *std::move(tokens);
  login_links_ = std::make_unique<LoginLinks>(*store_, *tokens_,
                                              [this] { return NowUs(); });
  return absl::OkStatus();
}

absl::Status Server::Impl::OpenQueue() {
  Queue::Options queue_options;
  queue_options.clock = options_.clock;
  if (local_ != nullptr) {
    queue_options.build = local_->build();
    queue_options.living_workers = local_->adopted();
    queue_options.surplus_workers = local_->surplus();
  }
  auto free_disk_bytes = options_.free_disk_bytes;
  if (!free_disk_bytes) {
    free_disk_bytes = [this] { return store_->FreeDiskBytes(); };
  }
  disk_ = std::make_unique<DiskGuard>(std::move(free_disk_bytes),
                                      options_.settings.disk_low_water);
  queue_options.disk = disk_.get();
  auto queue = Queue::Open(queue_options, *store_, *executor_);
  if (!queue.ok()) return queue.status();
  queue_ = *std::move(queue);
  queue_->SetLiveListener([this](const RunName& run, const LiveReport& report) {
    hub_->Live(run, LiveMessage(run, report, NowUs()));
  });
  parts_.reset(new Parts{
      .store = *store_,
      .queue = *queue_,
      .tokens = *tokens_,
      .science = *options_.science,
      .facts = {.version = ENGRAM_VERSION,
                .build = queue_options.build,
                .start_us = NowUs(),
                .disk_low_water_bytes = options_.settings.disk_low_water},
      .now_us = [this] { return NowUs(); },
      .login_links = login_links_.get(),
      .builds = local_ == nullptr ? nullptr : &local_->builds()});
  return absl::OkStatus();
}

absl::Status Server::Impl::Serve() {
  pool_ = std::make_unique<Pool>(kPoolThreads);
  gate_ = std::make_unique<Gate>(*tokens_, *store_, *pool_,
                                 [this] { return NowUs(); });
  gate_->SetOnEnd(
      [this](const std::string& method, const absl::Status& status,
             double seconds) { meter_.CallEnded(method, status, seconds); });
  services_.push_back(MakeAdminService(*gate_, *parts_));
  services_.push_back(MakeCatalogService(*gate_, *parts_));
  services_.push_back(MakeDatasetsService(*gate_, *parts_));
  services_.push_back(MakeExperimentsService(*gate_, *parts_));
  services_.push_back(MakeRunsService(*gate_, *parts_));
  services_.push_back(MakeEventsService(*gate_, *store_, *hub_));
  services_.push_back(MakeWorkersService(*gate_, *queue_));
  services_.push_back(MakeBlobsService(*gate_, store_->blobs()));
  auto listening = Listen(options_.settings.listen, options_.settings.socket,
                          options_.settings.tls, services_);
  if (!listening.ok()) return listening.status();
  listening_ = *std::move(listening);
  auto file = MakeFirstAdmin(*store_, *tokens_, options_.settings.data,
                             AddressForOwner(), options_.surroundings, NowUs());
  if (!file.ok()) return file.status();
  first_token_file_ = file->value_or("");
  return absl::OkStatus();
}

absl::StatusOr<std::string> Server::Impl::Metrics(
    const std::optional<std::string>& authorization, int http_connections) {
  const auto caller = tokens_->Check(authorization);
  absl::Status status = caller.status();
  if (status.ok() && !Includes(caller->scope, v1::SCOPE_VIEWER)) {
    status = NotPermitted("SCOPE_TOO_WEAK",
                          "/metrics needs a token of scope viewer");
  }
  if (!status.ok()) {
    meter_.CallEnded("GET /metrics", status, 0);
    return status;
  }
  Figures figures{.facts = parts_->facts,
                  .now_us = NowUs(),
                  .queue = queue_->Status(),
                  .store = store_->Figures(),
                  .watch = hub_->figures(),
                  .free_disk_bytes = disk_->free_bytes(),
                  .last_backup_us = store_->LastBackupUs(),
                  .http_connections = http_connections};
  return MetricsPage(figures, meter_);
}

void Server::Impl::Stop() {
  if (std::exchange(is_stopped_, true)) return;
  // First of all: who asks hears it while everything is still served.
  if (listening_.server != nullptr) {
    auto* health = listening_.server->GetHealthCheckService();
    if (health != nullptr) health->SetServingStatus(false);
  }
  if (store_ != nullptr) store_->CancelBackups();
  upkeep_.reset();
  // A server that could not start leaves runs and workers to the next one.
  if (is_started_) {
    WarnIfFailed("runs could not be taken back", queue_->Shutdown());
  }
  // After the drain, so that watchers see it and then STOPPING.
  if (hub_ != nullptr) hub_->Stop();
  if (is_started_ && local_ != nullptr) local_->Stop();
  if (listening_.server != nullptr) {
    listening_.server->Shutdown(std::chrono::system_clock::now() + kGrace);
    listening_.server->Wait();
    std::error_code error;
    std::filesystem::remove(options_.settings.socket, error);
  }
  pool_.reset();
  if (tokens_ != nullptr) {
    WarnIfFailed("last uses of tokens are not stored", tokens_->StoreUses());
  }
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

absl::StatusOr<std::unique_ptr<Server>> Server::Start(ServerOptions options) {
  if (options.science == nullptr) options.science = &BuiltinScience();
  auto impl = std::make_unique<Impl>(std::move(options));
  absl::Status status = impl->Start();
  if (!status.ok()) return status;
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

void Server::Stop() { impl_->Stop(); }
void Server::Hurry() { impl_->queue_->Hurry(); }
const std::string& Server::address() const { return impl_->listening_.address; }
const std::string& Server::socket() const {
  return impl_->options_.settings.socket;
}
const std::string& Server::first_token_file() const {
  return impl_->first_token_file_;
}
std::shared_ptr<grpc::Channel> Server::InProcessChannel() {
  // The gateway passes on whatever details an answer has.
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, kMostMetadataBytes);
  return impl_->listening_.server->InProcessChannel(arguments);
}
LoginLinks& Server::login_links() { return *impl_->login_links_; }
absl::StatusOr<std::string> Server::Metrics(
    const std::optional<std::string>& authorization, int http_connections) {
  return impl_->Metrics(authorization, http_connections);
}
store::Store& Server::store() { return *impl_->store_; }
WorkerTokens& Server::worker_tokens() { return impl_->worker_tokens_; }

}  // namespace engram
