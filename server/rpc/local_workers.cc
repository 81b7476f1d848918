#include "server/rpc/local_workers.h"

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "server/executor/kept_builds.h"
#include "server/executor/local_executor.h"
#include "server/executor/worker_tokens.h"
#include "server/queue/queue.h"
#include "server/rpc/log.h"
#include "server/store/store.h"
#include "server/store/worker_table.h"

namespace engram {

LocalWorkers::LocalWorkers(const Settings& settings, const Clock& clock,
                           WorkerTokens& tokens)
    : settings_(settings), clock_(clock), tokens_(tokens) {}

LocalWorkers::~LocalWorkers() = default;

absl::Status LocalWorkers::KeepBuild(store::Store& store) {
  auto builds =
      KeptBuilds::Open(std::filesystem::path(settings_.data) / "builds");
  if (!builds.ok()) return builds.status();
  builds_ = *std::move(builds);
  const auto file = builds_->Keep(settings_.worker);
  if (!file.ok()) {
    return absl::Status(
        file.status().code(),
        absl::StrCat("worker = ", settings_.worker, ": ",
                     std::string(file.status().message()),
                     "; nothing else executes runs: build engram-worker, or "
                     "say where it is with --worker"));
  }
  const absl::Status status = store.Write([&](store::Transaction& transaction) {
    store::StoreBuild(transaction, {.id = file->id,
                                    .first_seen_us = clock_.NowUs(),
                                    .byte_size = file->byte_size});
    return absl::OkStatus();
  });
  build_ = file->id;
  return status;
}

absl::Status LocalWorkers::Start(store::Store& store) {
  const absl::Status status = StartHelper();
  return status.ok() ? Adopt(store) : status;
}

absl::Status LocalWorkers::StartHelper() {
  // It enters another folder.
  const auto absolute = [](const std::string& path) {
    return std::filesystem::absolute(path).string();
  };
  const std::string program = absolute(settings_.worker);
  const std::string socket = absolute(settings_.socket);
  const std::string control = socket + ".pool";
  auto opened = LocalExecutor::Open(
      {.helper = {.words = {program, "--pool", "--attach", "unix:" + socket,
                            "--control", control, "--spool",
                            absolute(settings_.data) + "/spool/workers",
                            "--log", absolute(settings_.data) + "/workers.log"},
                  .control = control},
       .program = program,
       .workers = settings_.workers,
       .capacity = {.cpus = settings_.cpus, .memory_bytes = settings_.memory},
       .steady_us = [this] { return clock_.SteadyUs(); },
       .warn = [](const std::string& line) { Log(Severity::kWarn, line); }},
      tokens_);
  if (!opened.ok()) return opened.status();
  executor_ = *std::move(opened);
  executor_->UseBuilds(*builds_);
  return absl::OkStatus();
}

absl::Status LocalWorkers::Adopt(store::Store& store) {
  std::set<int64_t> unknown = executor_->living();
  int living = 0;
  const absl::Status status = store.Read([&](store::Reader& reader) {
    for (const store::WorkerRow& row : store::ReadLiveWorkers(reader)) {
      const bool lives = unknown.erase(row.number) > 0;
      if (!lives && !executor_->lately_ended().contains(row.number)) continue;
      tokens_.Add(row.number, row.token_digest);
      adopted_.insert(row.number);
      // Empty until it has attached: then it is of whoever had just started.
      if (lives && !row.build.empty() && row.build != build_) {
        executor_->NoteBuild(row.number, row.build);
        continue;
      }
      if (lives && ++living > settings_.workers) surplus_.insert(row.number);
    }
    return absl::OkStatus();
  });
  // A backup was restored, say.
  for (const int64_t number : unknown) executor_->Kill(number);
  return status;
}

void LocalWorkers::Run(Queue& queue) {
  executor_->Run({.enlist =
                      [&queue](const std::string& token_digest) {
                        return queue.EnlistWorker(token_digest);
                      },
                  .ended =
                      [&queue](int64_t worker, const LocalWorkerEnd& end) {
                        queue.WorkerEnded(
                            worker, {.status = end.status,
                                     .peak_memory_bytes = end.peak_memory_bytes,
                                     .out_of_memory = end.out_of_memory});
                      }});
}

void LocalWorkers::Stop() { executor_->Stop(); }

Executor& LocalWorkers::executor() { return *executor_; }

}  // namespace engram
