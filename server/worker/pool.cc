#include "server/worker/pool.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/worker/child.h"
#include "server/worker/pool_command.h"

namespace engram {
namespace {

// How often resident sizes are looked at.
constexpr int kWatchMs = 500;
constexpr size_t kMostLineBytes = 8 << 10;

class WorkerPool {
 public:
  explicit WorkerPool(const PoolOptions& options) : options_(options) {}

  absl::Status Run() {
    while (!is_over_) {
      const absl::Status polled = Poll();
      if (!polled.ok()) error_ = polled;
    }
    for (const auto& [id, worker] : workers_) worker.child.KillGroup();
    while (!workers_.empty()) TellEnd(std::string(workers_.begin()->first));
    return error_;
  }

 private:
  struct Worker {
    Child child;
    int64_t memory_bytes;
    bool was_over_memory = false;
  };

  absl::Status Poll() {
    std::vector<pollfd> fds = {{options_.in_fd, POLLIN, 0}};
    std::vector<std::string> ids;
    bool is_watched = false;
    for (const auto& [id, worker] : workers_) {
      fds.push_back({worker.child.pidfd(), POLLIN, 0});
      ids.push_back(id);
      is_watched |= worker.memory_bytes > 0;
    }
    if (poll(fds.data(), fds.size(), is_watched ? kWatchMs : -1) < 0 &&
        errno != EINTR) {
      is_over_ = true;
      return absl::ErrnoToStatus(errno, "the pool cannot wait");
    }
    // Ends first: an id is free again once its end was told.
    for (size_t i = 0; i < ids.size(); ++i) {
      if (fds[i + 1].revents != 0) TellEnd(ids[i]);
    }
    KillWhatIsTooLarge();
    if (fds[0].revents != 0) ReadCommands();
    return absl::OkStatus();
  }

  void ReadCommands() {
    std::array<char, 4096> buffer;
    const ssize_t n = read(options_.in_fd, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) return;
    if (n <= 0) {
      is_over_ = true;
      return;
    }
    unread_.append(buffer.data(), static_cast<size_t>(n));
    size_t end;
    while ((end = unread_.find('\n')) != std::string::npos) {
      Obey(absl::string_view(unread_).substr(0, end));
      unread_.erase(0, end + 1);
    }
    if (unread_.size() > kMostLineBytes) {
      Tell(absl::StrCat("error a line of more than ", kMostLineBytes,
                        " bytes: the pool ends"));
      is_over_ = true;
    }
  }

  void Obey(absl::string_view line) {
    const absl::StatusOr<PoolCommand> command = ParsePoolCommand(line);
    if (!command.ok()) {
      Tell(absl::StrCat("error ", command.status().message()));
    } else if (const auto* start = std::get_if<StartCommand>(&*command)) {
      Start(*start);
    } else {
      const auto worker = workers_.find(std::get<KillCommand>(*command).id);
      if (worker != workers_.end()) worker->second.child.KillGroup();
    }
  }

  void Start(const StartCommand& start) {
    if (workers_.contains(start.id)) {
      Tell(absl::StrCat("error the id ", start.id,
                        " is in use; wait until it has ended"));
      return;
    }
    std::vector<std::string> arguments = options_.arguments;
    arguments.insert(arguments.end(),
                     {"--cpus", absl::StrCat(start.cpus), "--memory",
                      absl::StrCat(start.memory_bytes)});
    absl::StatusOr<Child> child =
        Child::Start(options_.program, std::move(arguments), start.token);
    if (!child.ok()) {
      Tell(absl::StrCat("error start ", start.id, ": ",
                        child.status().message()));
      return;
    }
    const pid_t pid = child->pid();
    workers_.emplace(start.id, Worker{*std::move(child), start.memory_bytes});
    Tell(absl::StrCat("started ", start.id, " ", pid));
  }

  void TellEnd(const std::string& id) {
    const auto worker = workers_.find(id);
    const Child::End end = worker->second.child.Reap();
    const bool was_over_memory = worker->second.was_over_memory;
    workers_.erase(worker);
    Tell(absl::StrCat("ended ", id, " ", was_over_memory ? "memory" : end.how,
                      " ", end.peak_resident_bytes));
  }

  void KillWhatIsTooLarge() {
    for (auto& [id, worker] : workers_) {
      if (worker.memory_bytes <= 0 || worker.was_over_memory) continue;
      if (worker.child.ResidentBytes() <=
          worker.memory_bytes + options_.slack_bytes) {
        continue;
      }
      worker.was_over_memory = true;
      worker.child.KillGroup();
    }
  }

  // Whoever reads is slow at worst; when he is gone the pool ends.
  void Tell(std::string line) {
    line += '\n';
    absl::string_view rest = line;
    while (!rest.empty()) {
      const ssize_t n = write(options_.out_fd, rest.data(), rest.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) {
        is_over_ = true;
        return;
      }
      rest.remove_prefix(static_cast<size_t>(n));
    }
  }

  const PoolOptions& options_;
  std::map<std::string, Worker> workers_;
  std::string unread_;
  bool is_over_ = false;
  absl::Status error_;
};

}  // namespace

absl::Status RunPool(const PoolOptions& options) {
  signal(SIGPIPE, SIG_IGN);
  // Ctrl-C reaches the whole foreground group; the server decides what to do
  // and closes the pipe.
  signal(SIGINT, SIG_IGN);
  return WorkerPool(options).Run();
}

}  // namespace engram
