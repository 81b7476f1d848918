// Many clients at once: reads, writes, watches that are dropped in mid-stream.
// Nobody is ever told that a database is locked, and the server holds no more
// memory or file descriptors after than it did.

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/mutex.h"
#include "engram/v1/events.grpc.pb.h"
#include "engram/v1/experiments.grpc.pb.h"
#include "engram/v1/runs.grpc.pb.h"
#include "running_server.h"

namespace engram {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr int kClients = 64;
constexpr const char* kText = R"(name: hammer
experiment:
  type: sequence_learning
  network: {type: rate_rnn, units: 20}
  task: {type: item_sequence, items: 4, units_per_item: 5}
  rule: {type: hebbian}
seed: 1
sweep: {seed: 1..5}
)";

constexpr int64_t kRunsEach = 5;  // of the text's seeds

// What the server may hold more of after the clients' work than before it, when
// nothing leaks [KiB]: for each run that waits, its entry in the queue's books
// and indexes (about 1.5 KiB; twice that is allowed). Whatever else grows has a
// bound of its own, up to which it may be filled at any time: the page caches
// of 24 readers (2 MiB each, SQLite's default) and of the two writers (32 MiB
// each), and the newest events (16,384, of some 600 bytes as messages).
constexpr int64_t kKibARun = 3;
constexpr int64_t kCachesKib = (24 * 2 + 2 * 32 + 16) << 10;

bool IsLong() { return std::getenv("ENGRAM_LONG") != nullptr; }

// Errors that clients were shown, by their text.
class Complaints {
 public:
  void Add(const grpc::Status& status) {
    if (status.ok() || status.error_code() == grpc::StatusCode::CANCELLED) {
      return;
    }
    MutexLock lock(mu_);
    ++counts_[absl::StrCat(static_cast<int>(status.error_code()), " ",
                           status.error_message())];
  }
  std::map<std::string, int> counts() {
    MutexLock lock(mu_);
    return counts_;
  }

 private:
  Mutex mu_;
  std::map<std::string, int> counts_ GUARDED_BY(mu_);
};

class Client {
 public:
  Client(RunningServer& running, Complaints& complaints, unsigned seed)
      : channel_(running.Tcp()),
        experiments_(v1::Experiments::NewStub(channel_)),
        runs_(v1::Runs::NewStub(channel_)),
        events_(v1::Events::NewStub(channel_)),
        token_(running.admin_token()),
        complaints_(complaints),
        random_(seed) {}

  void Work(steady_clock::time_point until) {
    while (steady_clock::now() < until) {
      Once();
      ++calls_;
    }
  }
  int64_t calls() const { return calls_; }
  int64_t runs_made() const { return runs_made_; }

 private:
  void Once() {
    switch (std::uniform_int_distribution<int>(0, 9)(random_)) {
      case 0:
        return Create();
      case 1:
        return Tag();
      case 2:
        return Cancel();
      case 3:
        return WatchAndGo();
      case 4:
      case 5:
        return List("state = QUEUED AND seed >= 2", "seed desc");
      case 6:
        return List("user = first", "");
      default:
        return Get();
    }
  }
  void Create() {
    v1::CreateExperimentRequest request;
    request.mutable_source()->set_text(kText);
    request.set_request_id(FreshId());
    v1::Experiment made;
    complaints_.Add(
        experiments_->CreateExperiment(As(token_).get(), request, &made));
    if (made.name().empty()) return;
    name_ = made.name();
    runs_made_ += kRunsEach;
  }
  void Tag() {
    if (name_.empty()) return;
    v1::UpdateExperimentRequest request;
    request.mutable_experiment()->set_name(name_);
    request.mutable_experiment()->add_tags("hammered");
    request.mutable_update_mask()->add_paths("tags");
    request.set_request_id(FreshId());
    v1::Experiment made;
    complaints_.Add(
        experiments_->UpdateExperiment(As(token_).get(), request, &made));
  }
  void Cancel() {
    if (name_.empty()) return;
    v1::CancelRequest request;
    request.set_name(name_);
    request.set_request_id(FreshId());
    v1::CancelResponse reply;
    complaints_.Add(experiments_->Cancel(As(token_).get(), request, &reply));
  }
  void Get() {
    if (name_.empty()) return;
    v1::GetExperimentRequest request;
    request.set_name(name_);
    v1::Experiment reply;
    complaints_.Add(
        experiments_->GetExperiment(As(token_).get(), request, &reply));
  }
  void List(const std::string& filter, const std::string& order) {
    v1::ListRunsRequest request;
    request.set_filter(filter);
    request.set_order_by(order);
    request.set_page_size(20);
    v1::ListRunsResponse reply;
    complaints_.Add(runs_->ListRuns(As(token_).get(), request, &reply));
  }
  // Reads one response and goes away in the middle of the stream.
  void WatchAndGo() {
    const auto context = As(token_);
    v1::WatchRequest request;
    request.set_from_sequence(-1);
    v1::WatchResponse response;
    auto stream = events_->Watch(context.get(), request);
    stream->Read(&response);
    context->TryCancel();
    complaints_.Add(stream->Finish());
  }

  const std::shared_ptr<grpc::Channel> channel_;
  const std::unique_ptr<v1::Experiments::Stub> experiments_;
  const std::unique_ptr<v1::Runs::Stub> runs_;
  const std::unique_ptr<v1::Events::Stub> events_;
  const std::string token_;
  Complaints& complaints_;
  std::mt19937 random_;
  std::string name_;
  int64_t calls_ = 0;
  int64_t runs_made_ = 0;
};

int64_t Descriptors() {
  int64_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd"))
    count += entry.is_symlink() ? 1 : 0;
  return count;
}

int64_t ResidentKib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (absl::StartsWith(line, "VmRSS:")) {
      return std::stoll(line.substr(line.find_first_of("0123456789")));
    }
  }
  return 0;
}

struct Done {
  int64_t calls = 0;
  int64_t runs = 0;
};

// Lets the clients work for so long.
Done Hammer(RunningServer& running, Complaints& complaints,
            steady_clock::duration length, unsigned seed) {
  const auto until = steady_clock::now() + length;
  std::vector<std::unique_ptr<Client>> clients;
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < kClients; ++i) {
    clients.push_back(std::make_unique<Client>(running, complaints, seed + i));
    threads.emplace_back(
        [&client = *clients.back(), until] { client.Work(until); });
  }
  Done done;
  for (std::thread& thread : threads) thread.join();
  for (const auto& client : clients) {
    done.calls += client->calls();
    done.runs += client->runs_made();
  }
  return done;
}

TEST(HammerTest, SixtyFourClientsAreServedAndLeaveNothing) {
  RunningServer running;
  Complaints complaints;
  const auto part = IsLong() ? seconds(20) : seconds(1);
  Hammer(running, complaints, part, 1);
  const int64_t descriptors = Descriptors();
  const int64_t resident = ResidentKib();
  Done done = Hammer(running, complaints, part, 100);
  const Done more = Hammer(running, complaints, part, 200);
  done.calls += more.calls;
  done.runs += more.runs;
  const int64_t growth = ResidentKib() - resident;
  EXPECT_GT(done.calls, kClients);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  // A sanitizer keeps what was freed for a while.
  EXPECT_LE(growth, done.runs * kKibARun + kCachesKib);
#endif
  EXPECT_TRUE(complaints.counts().empty())
      << testing::PrintToString(complaints.counts());
  // Connections of the clients that went are closed a moment later; readers of
  // the store's pool may have become more.
  EXPECT_LE(Descriptors(), descriptors + 2 * kClients);
  std::printf("%lld calls, %lld runs, memory %+lld KiB, descriptors %+lld\n",
              static_cast<long long>(done.calls),
              static_cast<long long>(done.runs), static_cast<long long>(growth),
              static_cast<long long>(Descriptors() - descriptors));
}

}  // namespace
}  // namespace engram
