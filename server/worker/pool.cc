#include "server/worker/pool.h"

#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/worker/child.h"
#include "server/worker/pool_command.h"
#include "server/worker/pool_control.h"

namespace engram {
namespace {

// How often resident sizes are looked at, and the size of the log.
constexpr int64_t kWatchMs = 500;
constexpr int64_t kLogMs = 60'000;
// Ends that wait to be heard; the oldest go.
constexpr size_t kMostUnheard = 10'000;

int64_t NowMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

class WorkerPool {
 public:
  explicit WorkerPool(const PoolOptions& options)
      : options_(options), control_(options.listener) {}

  absl::Status Run() {
    while (!is_over_) {
      const absl::Status polled = Poll();
      if (!polled.ok()) error_ = polled;
      LookWhetherAlone();
    }
    for (const auto& [id, worker] : workers_) worker.child.KillGroup();
    while (!workers_.empty()) TellEnd(std::string(workers_.begin()->first));
    control_.Flush();
    // Before the connection ends: then another pool may listen there.
    unlink(options_.control.c_str());
    return error_;
  }

 private:
  struct Worker {
    Child child;
    StartCommand start;
    bool was_over_memory = false;
  };

  absl::Status Poll() {
    const auto control = control_.Polled();
    std::vector<pollfd> fds(control.begin(), control.end());
    std::vector<std::string> ids;
    for (const auto& [id, worker] : workers_) {
      fds.push_back({worker.child.pidfd(), POLLIN, 0});
      ids.push_back(id);
    }
    if (poll(fds.data(), fds.size(), static_cast<int>(WaitMs())) < 0) {
      if (errno == EINTR) return absl::OkStatus();
      is_over_ = true;
      return absl::ErrnoToStatus(errno, "the pool cannot wait");
    }
    // Ends first: an id is free again once its end was told.
    for (size_t i = 0; i < ids.size(); ++i) {
      if (fds[i + 2].revents != 0) TellEnd(ids[i]);
    }
    KillWhatIsTooLarge();
    BoundLog();
    for (const std::string& line : control_.Serve({fds[0], fds[1]})) {
      Obey(line);
    }
    return absl::OkStatus();
  }

  // -1: for ever.
  int64_t WaitMs() const {
    int64_t wait = workers_.empty() || options_.log_fd < 0 ? -1 : kLogMs;
    const auto at_most = [&wait](int64_t ms) {
      wait = wait < 0 ? ms : std::min(wait, ms);
    };
    for (const auto& [id, worker] : workers_) {
      if (worker.start.memory_bytes > 0) at_most(kWatchMs);
    }
    if (!control_.has_server()) {
      at_most(std::max<int64_t>(0, AloneUntilMs() - NowMs()));
    }
    return wait;
  }

  int64_t AloneUntilMs() const {
    const bool is_idle = workers_.empty() && unheard_.empty();
    return alone_since_ms_ +
           (is_idle ? std::min(options_.idle_alone_ms, options_.alone_ms)
                    : options_.alone_ms);
  }

  void LookWhetherAlone() {
    if (control_.has_server()) {
      alone_since_ms_ = NowMs();
    } else if (NowMs() >= AloneUntilMs()) {
      is_over_ = true;
    }
  }

  void Obey(absl::string_view line) {
    const absl::StatusOr<PoolCommand> command = ParsePoolCommand(line);
    if (!command.ok()) {
      control_.Tell(absl::StrCat("error ", command.status().message()));
      return;
    }
    std::visit([this](const auto& told) { Do(told); }, *command);
  }

  void Do(const StartCommand& start) {
    if (workers_.contains(start.id)) {
      control_.Tell(absl::StrCat("error start ", start.id,
                                 ": the id is in use; wait until it has "
                                 "ended"));
      return;
    }
    std::vector<std::string> arguments = options_.arguments;
    arguments.insert(arguments.end(),
                     {"--cpus", absl::StrCat(start.cpus), "--memory",
                      absl::StrCat(start.memory_bytes)});
    absl::StatusOr<Child> child =
        Child::Start(start.program, std::move(arguments), start.token);
    if (!child.ok()) {
      control_.Tell(absl::StrCat("error start ", start.id, ": ",
                                 child.status().message()));
      return;
    }
    const pid_t pid = child->pid();
    unheard_.erase(start.id);
    Worker& worker =
        workers_.emplace(start.id, Worker{*std::move(child), start})
            .first->second;
    worker.start.token.clear();
    control_.Tell(absl::StrCat("started ", start.id, " ", pid));
  }

  void Do(const KillCommand& kill) {
    const auto worker = workers_.find(kill.id);
    if (worker != workers_.end()) worker->second.child.KillGroup();
  }

  void Do(const ListCommand&) {
    for (const auto& [id, line] : unheard_) control_.Tell(line);
    for (const auto& [id, worker] : workers_) {
      control_.Tell(absl::StrCat(
          "worker ", id, " ", worker.child.pid(), " ", worker.start.cpus, " ",
          worker.start.memory_bytes, " ", worker.start.program));
    }
    control_.Tell("listed");
  }

  void Do(const HeardCommand& heard) { unheard_.erase(heard.id); }

  void Do(const ShutdownCommand&) { is_over_ = true; }

  // Kept until the server says that it has heard it: one that is killed may
  // have read the line and done nothing yet.
  void TellEnd(const std::string& id) {
    const auto worker = workers_.find(id);
    const Child::End end = worker->second.child.Reap();
    const bool was_over_memory = worker->second.was_over_memory;
    workers_.erase(worker);
    std::string& line = unheard_[id];
    line = absl::StrCat("ended ", id, " ", was_over_memory ? "memory" : end.how,
                        " ", end.peak_resident_bytes);
    control_.Tell(line);
    if (unheard_.size() > kMostUnheard) unheard_.erase(unheard_.begin());
  }

  void KillWhatIsTooLarge() {
    for (auto& [id, worker] : workers_) {
      if (worker.start.memory_bytes <= 0 || worker.was_over_memory) continue;
      if (worker.child.ResidentBytes() <=
          worker.start.memory_bytes + options_.slack_bytes) {
        continue;
      }
      worker.was_over_memory = true;
      worker.child.KillGroup();
    }
  }

  // Whoever has the file open appends, so what follows begins it anew.
  void BoundLog() const {
    struct stat file {};
    if (options_.log_fd < 0 || fstat(options_.log_fd, &file) != 0 ||
        file.st_size <= options_.most_log_bytes) {
      return;
    }
    // A log that cannot be cut is no reason to end anybody.
    static_cast<void>(!ftruncate(options_.log_fd, 0));
  }

  const PoolOptions& options_;
  PoolControl control_;
  std::map<std::string, Worker> workers_;
  std::map<std::string, std::string> unheard_;  // ended lines by id
  int64_t alone_since_ms_ = NowMs();
  bool is_over_ = false;
  absl::Status error_;
};

}  // namespace

absl::Status RunPool(const PoolOptions& options) {
  signal(SIGPIPE, SIG_IGN);
  // Ctrl-C and a terminal that closes are the server's to act on.
  signal(SIGINT, SIG_IGN);
  signal(SIGHUP, SIG_IGN);
  return WorkerPool(options).Run();
}

}  // namespace engram
