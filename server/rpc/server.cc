#include "server/rpc/server.h"

#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/impl/service_type.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "server/executor/kept_builds.h"
#include "server/executor/local_executor.h"
#include "server/executor/worker_tokens.h"
#include "server/queue/disk_guard.h"
#include "server/queue/queue.h"
#include "server/rpc/access.h"
#include "server/rpc/attach.h"
#include "server/rpc/blobs.h"
#include "server/rpc/event_message.h"
#include "server/rpc/event_meter.h"
#include "server/rpc/first_start.h"
#include "server/rpc/forget.h"
#include "server/rpc/gate.h"
#include "server/rpc/listener.h"
#include "server/rpc/log.h"
#include "server/rpc/login_links.h"
#include "server/rpc/metrics_page.h"
#include "server/rpc/pool.h"
#include "server/rpc/private_folder.h"
#include "server/rpc/science.h"
#include "server/rpc/services.h"
#include "server/rpc/status.h"
#include "server/rpc/ticker.h"
#include "server/rpc/tokens.h"
#include "server/rpc/watch.h"
#include "server/store/store.h"
#include "server/store/worker_table.h"
#include "server/watch/event_hub.h"

namespace engram {
namespace {

// Unary calls run on these; streams and gRPC's own work on gRPC's threads.
constexpr int kPoolThreads = 16;
constexpr int64_t kSecond = 1'000'000;
// Of every hour; what is left waits for the next one.
constexpr int64_t kForgetFor = 60 * kSecond;
constexpr auto kGrace = std::chrono::seconds(5);

void WarnIfFailed(const char* what, const absl::Status& status) {
  if (status.ok()) return;
  Log(Severity::kWarn, what, {{"error", std::string(status.message())}});
}

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
  absl::Status StartHelper();
  absl::Status AdoptWorkers();
  // Copies the worker's file into the data folder.
  absl::Status KeepBuild();
  absl::Status OpenQueue();
  absl::Status Serve();
  // Where the one who started the server reaches it. Under TLS by the socket,
  // which is his alone and needs no certificate that his client trusts.
  std::string AddressForOwner() const {
    return options_.settings.tls.empty() ? listening_.address
                                         : "unix:" + options_.settings.socket;
  }
  void RunWorkers();
  std::vector<Ticker::Chore> Chores();
  // What may take long: on a thread of its own, so that leases do not wait.
  std::vector<Ticker::Chore> SlowChores();
  absl::Status Forget();
  // Health says so, and so does the log when it changes.
  void WatchDisk();
  void BackUpIfDue();
  absl::StatusOr<std::string> Metrics(
      const std::optional<std::string>& authorization, int http_connections);
  int64_t NowUs() const { return options_.clock->NowUs(); }

  const ServerOptions options_;
  EventMeter meter_;
  WorkerTokens worker_tokens_;
  // Outlives the executor, which starts workers of them.
  std::unique_ptr<KeptBuilds> builds_;
  std::string build_;  // today's
  std::unique_ptr<LocalExecutor> local_;
  std::set<int64_t> adopted_;  // workers that the former server started
  std::set<int64_t> surplus_;  // more of them than there are to be
  int adopted_living_ = 0;
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
  std::unique_ptr<Ticker> ticker_;
  std::unique_ptr<Ticker> slow_ticker_;
  std::atomic<bool> is_stopping_{false};
  bool was_disk_low_ = false;      // of the ticker's thread
  int64_t backup_not_before_ = 0;  // of the slow ticker's thread
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
  if (status.ok()) status = KeepBuild();
  if (status.ok()) status = StartHelper();
  if (status.ok()) status = AdoptWorkers();
  if (status.ok()) status = OpenQueue();
  if (status.ok()) status = Serve();
  if (!status.ok()) return status;
  is_started_ = true;
  RunWorkers();
  ticker_ = std::make_unique<Ticker>(Chores());
  slow_ticker_ = std::make_unique<Ticker>(SlowChores());
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

absl::Status Server::Impl::StartHelper() {
  if (options_.executor != nullptr) {
    executor_ = options_.executor;
    return absl::OkStatus();
  }
  const Settings& settings = options_.settings;
  const Clock* clock = options_.clock;
  // It enters another folder.
  const auto absolute = [](const std::string& path) {
    return std::filesystem::absolute(path).string();
  };
  const std::string program = absolute(settings.worker);
  const std::string socket = absolute(settings.socket);
  const std::string control = socket + ".pool";
  auto opened = LocalExecutor::Open(
      {.helper = {.words = {program, "--pool", "--attach", "unix:" + socket,
                            "--control", control, "--spool",
                            absolute(settings.data) + "/spool/workers", "--log",
                            absolute(settings.data) + "/workers.log"},
                  .control = control},
       .program = program,
       .workers = settings.workers,
       .capacity = {.cpus = settings.cpus, .memory_bytes = settings.memory},
       .steady_us = [clock] { return clock->SteadyUs(); },
       .warn = [](const std::string& line) { Log(Severity::kWarn, line); }},
      worker_tokens_);
  if (!opened.ok()) return opened.status();
  local_ = *std::move(opened);
  local_->UseBuilds(*builds_);
  executor_ = local_.get();
  return absl::OkStatus();
}

// Workers that outlived the former server: those that the store knows, too, go
// on, as many as there are to be.
absl::Status Server::Impl::AdoptWorkers() {
  if (local_ == nullptr) return absl::OkStatus();
  std::set<int64_t> unknown = local_->living();
  const absl::Status status = store_->Read([&](store::Reader& reader) {
    for (const store::WorkerRow& row : store::ReadLiveWorkers(reader)) {
      const bool lives = unknown.erase(row.number) > 0;
      if (!lives && !local_->lately_ended().contains(row.number)) continue;
      worker_tokens_.Add(row.number, row.token_digest);
      adopted_.insert(row.number);
      // Empty until it has attached: then it is of whoever had just started.
      if (lives && !row.build.empty() && row.build != build_) {
        local_->NoteBuild(row.number, row.build);
        continue;
      }
      if (lives && ++adopted_living_ > options_.settings.workers) {
        surplus_.insert(row.number);
      }
    }
    return absl::OkStatus();
  });
  // A backup was restored, say.
  for (const int64_t number : unknown) local_->Kill(number);
  return status;
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

// The worker's file may be replaced at any time: what runs are computed with
// is the copy.
absl::Status Server::Impl::KeepBuild() {
  if (options_.executor != nullptr) return absl::OkStatus();
  auto builds = KeptBuilds::Open(std::filesystem::path(options_.settings.data) /
                                 "builds");
  if (!builds.ok()) return builds.status();
  builds_ = *std::move(builds);
  const auto file = builds_->Keep(options_.settings.worker);
  if (!file.ok()) {
    return absl::Status(
        file.status().code(),
        absl::StrCat("worker = ", options_.settings.worker, ": ",
                     std::string(file.status().message()),
                     "; nothing else executes runs: build engram-worker, or "
                     "say where it is with --worker"));
  }
  const absl::Status status =
      store_->Write([&](store::Transaction& transaction) {
        store::StoreBuild(transaction, {.id = file->id,
                                        .first_seen_us = NowUs(),
                                        .byte_size = file->byte_size});
        return absl::OkStatus();
      });
  build_ = file->id;
  return status;
}

absl::Status Server::Impl::OpenQueue() {
  Queue::Options queue_options;
  queue_options.clock = options_.clock;
  queue_options.build = build_;
  queue_options.living_workers = adopted_;
  queue_options.surplus_workers = surplus_;
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
                .build = build_,
                .start_us = NowUs(),
                .disk_low_water_bytes = options_.settings.disk_low_water},
      .now_us = [this] { return NowUs(); },
      .login_links = login_links_.get(),
      .builds = builds_.get()});
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

void Server::Impl::RunWorkers() {
  if (local_ == nullptr) return;
  local_->Run({.enlist =
                   [this](const std::string& token_digest) {
                     return queue_->EnlistWorker(token_digest);
                   },
               .ended =
                   [this](int64_t worker, const LocalWorkerEnd& end) {
                     queue_->WorkerEnded(
                         worker, {.status = end.status,
                                  .peak_memory_bytes = end.peak_memory_bytes,
                                  .out_of_memory = end.out_of_memory});
                   }});
}

absl::Status Server::Impl::Forget() {
  const int64_t until_us = options_.clock->SteadyUs() + kForgetFor;
  return ForgetOld(*store_, NowUs(), [this, until_us] {
    return !is_stopping_ && options_.clock->SteadyUs() < until_us;
  });
}

std::vector<Ticker::Chore> Server::Impl::Chores() {
  return {{kSecond / 4,
           [this] {
             queue_->Tick();
             WatchDisk();
           }},
          {60 * kSecond, [this] {
             WarnIfFailed("last uses of tokens are not stored",
                          tokens_->StoreUses());
           }}};
}

std::vector<Ticker::Chore> Server::Impl::SlowChores() {
  return {{3600 * kSecond,
           [this] {
             WarnIfFailed("old requests and events are not removed", Forget());
           }},
          {kSecond, [this] { BackUpIfDue(); }}};
}

void Server::Impl::WatchDisk() {
  const bool is_low = disk_->was_low();
  if (is_low == was_disk_low_) return;
  was_disk_low_ = is_low;
  Log(is_low ? Severity::kWarn : Severity::kInfo,
      is_low ? "the disk is nearly full: no run is taken or started"
             : "the disk has space again: runs are taken and started",
      {{"free_bytes", store_->FreeDiskBytes()},
       {"disk_low_water", options_.settings.disk_low_water}});
  SetHealth(*listening_.server, kNewRunsHealth, !is_low);
}

void Server::Impl::BackUpIfDue() {
  const int64_t every_us = options_.settings.backup_every_s * kSecond;
  if (every_us == 0 || NowUs() < backup_not_before_) return;
  const auto last_us = store_->LastBackupUs();
  if (last_us && NowUs() - *last_us < every_us) {
    backup_not_before_ = *last_us + every_us;
    return;
  }
  const auto made =
      store_->BackUpPeriodically(NowUs(), options_.settings.backup_keep);
  // One that fails is tried again soon, but not at once.
  backup_not_before_ =
      NowUs() + (made.ok() ? every_us : std::min(every_us, 600 * kSecond));
  WarnIfFailed("the periodic backup failed", made.status());
  if (made.ok()) {
    Log(Severity::kInfo, "backed up",
        {{"folder", made->folder.string()}, {"bytes", made->byte_size}});
  }
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
  is_stopping_ = true;
  // First of all: who asks hears it while everything is still served.
  if (listening_.server != nullptr) {
    auto* health = listening_.server->GetHealthCheckService();
    if (health != nullptr) health->SetServingStatus(false);
  }
  if (store_ != nullptr) store_->CancelBackups();
  ticker_.reset();
  slow_ticker_.reset();
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
