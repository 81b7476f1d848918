#include "server/executor/local_executor.h"

#include <signal.h>

#include <chrono>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/base/contract.h"
#include "server/executor/kept_builds.h"

namespace engram {
namespace {

// How often the thread looks whether a worker is to be started.
constexpr int kLookMs = 200;
// For a helper to answer `list`, and to end its workers.
constexpr int kAnswerMs = 10'000;
constexpr int64_t kEndUs = 10'000'000;

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
  ENGRAM_EXPECT(!options.helper.words.empty() && options.steady_us);
  auto helper = FindOrStartHelper(options.helper, options.warn);
  if (!helper.ok()) return helper.status();
  auto listing = List(**helper);
  if (!listing.ok()) return listing.status();
  return std::unique_ptr<LocalExecutor>(new LocalExecutor(
      std::move(options), tokens, *std::move(helper), *std::move(listing)));
}

LocalExecutor::LocalExecutor(Options options, WorkerTokens& tokens,
                             std::unique_ptr<HelperLink> helper,
                             Listing listing)
    : options_(std::move(options)),
      tokens_(tokens),
      living_(std::move(listing.living)),
      helper_(std::move(helper)) {
  const int64_t long_ago_us = options_.steady_us() - options_.pause_us;
  for (const int64_t number : living_) started_us_[number] = long_ago_us;
  for (auto& [number, line] : listing.ends) {
    started_us_[number] = long_ago_us;
    lately_ended_.insert(number);
    first_lines_.push_back(std::move(line));
  }
}

LocalExecutor::~LocalExecutor() {
  if (thread_.joinable()) Stop();
}

absl::StatusOr<LocalExecutor::Listing> LocalExecutor::List(HelperLink& helper) {
  if (auto status = helper.Send("list"); !status.ok()) return status;
  Listing listing;
  while (const auto line = helper.NextLine(kAnswerMs)) {
    const std::vector<std::string> words = absl::StrSplit(*line, ' ');
    if (words[0] == "listed") return listing;
    int64_t number = 0;
    if (words.size() < 4 || !absl::SimpleAtoi(words[1], &number)) continue;
    if (words[0] == "worker") listing.living.insert(number);
    if (words[0] == "ended") {
      listing.ends[number] = *line;
      // It ended between the two lines.
      listing.living.erase(number);
    }
  }
  return absl::UnavailableError(
      absl::StrCat("the worker pool (process ", helper.pid(),
                   ") does not say which workers it has; end that process, "
                   "and start again"));
}

void LocalExecutor::Run(Hooks hooks) {
  ENGRAM_EXPECT(!thread_.joinable());
  hooks_ = std::move(hooks);
  thread_ = std::thread([this] { Loop(); });
}

void LocalExecutor::Stop() {
  std::shared_ptr<HelperLink> told;
  {
    MutexLock lock(mu_);
    is_stopping_ = true;
    stopped_us_ = options_.steady_us();
    told = helper_;
  }
  if (!thread_.joinable()) return EndHelper(*told);
  thread_.join();
}

void LocalExecutor::Kill(int64_t worker) {
  // A helper that has ended took its workers with it.
  helper()->Send(absl::StrCat("kill ", worker)).IgnoreError();
}

std::shared_ptr<HelperLink> LocalExecutor::helper() {
  MutexLock lock(mu_);
  return helper_;
}

bool LocalExecutor::is_stopping() {
  MutexLock lock(mu_);
  return is_stopping_;
}

// The helper says when each worker has ended, also while it stops; then the
// connection ends.
void LocalExecutor::Loop() {
  for (const std::string& line : first_lines_) Obey(line);
  for (;;) {
    const std::shared_ptr<HelperLink> link = helper();
    if (is_stopping()) {
      SeeToTheEnd(*link);
    } else {
      StartMissing();
    }
    if (auto line = link->NextLine(kLookMs)) {
      Obey(*line);
      continue;
    }
    if (!link->has_ended()) continue;
    if (is_stopping()) return EndAll();
    Reconnect();
  }
}

void LocalExecutor::SeeToTheEnd(HelperLink& link) {
  int64_t since_us = options_.steady_us();
  {
    MutexLock lock(mu_);
    since_us -= stopped_us_;
  }
  if (is_told_to_end_) {
    // The kernel ends its workers with it.
    if (since_us >= options_.quit_us + kEndUs) kill(link.pid(), SIGKILL);
  } else if (started_us_.empty() || since_us >= options_.quit_us) {
    is_told_to_end_ = true;
    link.Send("shutdown").IgnoreError();
  }
}

void LocalExecutor::StartMissing() {
  while (std::ssize(started_us_) - std::ssize(kept_build_of_) <
         options_.workers) {
    if (!Start(options_.program, "")) return;
  }
  StartWanted();
}

void LocalExecutor::StartWanted() {
  std::set<std::string> missing;
  {
    MutexLock lock(mu_);
    missing = wanted_;
  }
  for (const auto& [worker, build] : kept_build_of_) missing.erase(build);
  for (const std::string& build : missing) {
    if (!HasBuild(build)) continue;
    const auto program = builds_->Program(build);
    if (!program.ok()) {
      options_.warn(std::string(program.status().message()));
    } else if (!Start(program->string(), build)) {
      return;
    }
  }
}

bool LocalExecutor::Start(const std::string& program,
                          const std::string& kept_build) {
  const int64_t now_us = options_.steady_us();
  if (now_us < next_start_us_) return false;
  const std::string token = WorkerTokens::New();
  const std::string digest = WorkerTokens::Digest(token);
  const auto number = hooks_.enlist(digest);
  if (!number.ok()) {
    next_start_us_ = now_us + options_.pause_us;
    options_.warn(absl::StrCat("no worker can be started: ",
                               std::string(number.status().message())));
    return false;
  }
  tokens_.Add(*number, digest);
  started_us_[*number] = now_us;
  if (!kept_build.empty()) kept_build_of_[*number] = kept_build;
  // When this fails the helper has ended, which the connection tells, too.
  helper()
      ->Send(absl::StrCat("start ", *number, " ", options_.capacity.cpus, " ",
                          options_.capacity.memory_bytes, " ", token, " ",
                          program))
      .IgnoreError();
  return true;
}

bool LocalExecutor::HasBuild(absl::string_view build) const {
  return builds_ != nullptr && builds_->Has(build);
}

void LocalExecutor::WantBuilds(const std::set<std::string>& builds) {
  MutexLock lock(mu_);
  wanted_ = builds;
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
    // Before that it would be told to the next server, too.
    helper()->Send(absl::StrCat("heard ", number)).IgnoreError();
    return;
  }
  next_start_us_ = options_.steady_us() + options_.pause_us;
  options_.warn(absl::StrCat("the worker pool says: ", line));
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
  kept_build_of_.erase(worker);
  tokens_.End(worker);
  hooks_.ended(worker, end);
}

void LocalExecutor::EndAll() {
  while (!started_us_.empty()) {
    Ended(started_us_.begin()->first, ReadWorkerEnd("with its helper", 0));
  }
}

// The helper has ended and its workers with it, or, which is not its way, it
// hung up.
void LocalExecutor::Reconnect() {
  const int64_t now_us = options_.steady_us();
  if (now_us < next_reconnect_us_) return Rest();
  next_start_us_ = next_reconnect_us_ = now_us + options_.pause_us;
  const pid_t former = helper()->pid();
  auto found = FindOrStartHelper(options_.helper, options_.warn);
  if (!found.ok()) {
    // Looked at again with the next turn: the connection has ended.
    options_.warn(std::string(found.status().message()));
    EndAll();
    return Rest();
  }
  options_.warn((*found)->pid() == former
                    ? "the connection to the worker pool broke; it is there "
                      "again"
                    : "the worker pool has ended; another one is started");
  const auto listing = List(**found);
  {
    MutexLock lock(mu_);
    helper_ = *std::move(found);
    is_told_to_end_ = false;
  }
  if (listing.ok()) Reconcile(*listing);
}

// While there is no connection to wait at.
void LocalExecutor::Rest() {
  std::this_thread::sleep_for(std::chrono::milliseconds(kLookMs));
}

void LocalExecutor::Reconcile(const Listing& listing) {
  for (const auto& [number, line] : listing.ends) Obey(line);
  const std::map<int64_t, int64_t> known = started_us_;
  for (const auto& [number, since_us] : known) {
    if (listing.living.contains(number)) continue;
    Ended(number, ReadWorkerEnd("with its helper", 0));
  }
}

}  // namespace engram
