#include "server/executor/local_executor.h"

#include <chrono>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/base/contract.h"

namespace engram {
namespace {

// How often the thread looks whether a worker is to be started.
constexpr int kLookMs = 200;

// The worker of "error start ID: WHY"; nothing for any other line.
std::optional<int64_t> NotStarted(absl::string_view line) {
  int64_t number = 0;
  if (!absl::ConsumePrefix(&line, "error start ")) return std::nullopt;
  if (!absl::SimpleAtoi(line.substr(0, line.find(':')), &number)) {
    return std::nullopt;
  }
  return number;
}

}  // namespace

LocalWorkerEnd ReadWorkerEnd(absl::string_view how, int64_t peak_memory_bytes) {
  LocalWorkerEnd end{.status = "",
                     .peak_memory_bytes = peak_memory_bytes,
                     .out_of_memory = how == "memory"};
  if (end.out_of_memory) {
    end.status = "was killed for using too much memory";
  } else if (absl::ConsumePrefix(&how, "exit:")) {
    end.status = absl::StrCat("exited with status ", how);
  } else if (absl::ConsumePrefix(&how, "signal:")) {
    end.status = absl::StrCat("was killed by signal ", how);
  } else {
    end.status = absl::StrCat("ended: ", how);
  }
  return end;
}

absl::StatusOr<std::unique_ptr<LocalExecutor>> LocalExecutor::Open(
    Options options, WorkerTokens& tokens) {
  ENGRAM_EXPECT(!options.pool_command.empty() && options.steady_us);
  auto helper = HelperProcess::Start(options.pool_command);
  if (!helper.ok()) return helper.status();
  return std::unique_ptr<LocalExecutor>(
      new LocalExecutor(std::move(options), tokens, *std::move(helper)));
}

LocalExecutor::LocalExecutor(Options options, WorkerTokens& tokens,
                             std::unique_ptr<HelperProcess> helper)
    : options_(std::move(options)),
      tokens_(tokens),
      helper_(std::move(helper)) {}

LocalExecutor::~LocalExecutor() { Stop(); }

void LocalExecutor::Run(Hooks hooks) {
  ENGRAM_EXPECT(!thread_.joinable());
  hooks_ = std::move(hooks);
  thread_ = std::thread([this] { Loop(); });
}

void LocalExecutor::Stop() {
  {
    MutexLock lock(mu_);
    is_stopping_ = true;
    helper_->CloseInput();
  }
  if (thread_.joinable()) thread_.join();
}

void LocalExecutor::Kill(int64_t worker) {
  std::shared_ptr<HelperProcess> helper;
  {
    MutexLock lock(mu_);
    helper = helper_;
  }
  // A helper that has ended took its workers with it.
  helper->Send(absl::StrCat("kill ", worker)).IgnoreError();
}

bool LocalExecutor::is_stopping() {
  MutexLock lock(mu_);
  return is_stopping_;
}

// The helper says when each worker has ended, also while it stops; then its
// output ends.
void LocalExecutor::Loop() {
  for (;;) {
    std::shared_ptr<HelperProcess> helper;
    {
      MutexLock lock(mu_);
      helper = helper_;
    }
    if (!is_stopping()) StartMissing();
    if (auto line = helper->NextLine(kLookMs)) {
      Obey(*line);
      continue;
    }
    if (!helper->has_ended()) continue;
    while (!started_us_.empty()) {
      Ended(started_us_.begin()->first, ReadWorkerEnd("with its helper", 0));
    }
    if (is_stopping()) return;
    RestartHelper();
  }
}

void LocalExecutor::StartMissing() {
  const int64_t now_us = options_.steady_us();
  while (std::ssize(started_us_) < options_.workers &&
         now_us >= next_start_us_) {
    const auto number = hooks_.enlist();
    if (!number.ok()) {
      next_start_us_ = now_us + options_.pause_us;
      hooks_.warn(absl::StrCat("no worker can be started: ",
                               std::string(number.status().message())));
      return;
    }
    const std::string token = tokens_.Make(*number);
    started_us_[*number] = now_us;
    MutexLock lock(mu_);
    // When this fails the helper has ended, which its output tells, too.
    helper_
        ->Send(absl::StrCat("start ", *number, " ", options_.capacity.cpus, " ",
                            options_.capacity.memory_bytes, " ", token))
        .IgnoreError();
  }
}

void LocalExecutor::Obey(const std::string& line) {
  const std::vector<std::string> words = absl::StrSplit(line, ' ');
  int64_t number = 0;
  int64_t peak = 0;
  if (words[0] == "started") return;
  if (words[0] == "ended" && words.size() == 4 &&
      absl::SimpleAtoi(words[1], &number) &&
      absl::SimpleAtoi(words[3], &peak)) {
    Ended(number, ReadWorkerEnd(words[2], peak));
    return;
  }
  next_start_us_ = options_.steady_us() + options_.pause_us;
  hooks_.warn(absl::StrCat("the worker pool says: ", line));
  // There will be no other end of it: its place is free again.
  if (const auto worker = NotStarted(line)) {
    Ended(*worker, {.status = "could not be started"});
  }
}

void LocalExecutor::Ended(int64_t worker, const LocalWorkerEnd& end) {
  const auto it = started_us_.find(worker);
  if (it == started_us_.end()) return;
  const int64_t now_us = options_.steady_us();
  if (now_us - it->second < options_.pause_us) {
    next_start_us_ = now_us + options_.pause_us;
  }
  started_us_.erase(it);
  tokens_.End(worker);
  hooks_.ended(worker, end);
}

void LocalExecutor::RestartHelper() {
  const int64_t now_us = options_.steady_us();
  next_start_us_ = now_us + options_.pause_us;
  hooks_.warn("the worker pool has ended; another one is started");
  auto helper = HelperProcess::Start(options_.pool_command);
  if (!helper.ok()) {
    // Looked at again with the next turn: the old helper's output has ended.
    hooks_.warn(std::string(helper.status().message()));
    std::this_thread::sleep_for(std::chrono::milliseconds(kLookMs));
    return;
  }
  MutexLock lock(mu_);
  helper_ = *std::move(helper);
  if (is_stopping_) helper_->CloseInput();
}

}  // namespace engram
