// The client of the service's benchmarks: drives a server that runs and prints
// one line of JSON. run.py starts the server and says what the figures mean.
//
//   service_client latency ADDRESS TOKEN_FILE TEXT_FILE COUNT
//   service_client watchers ADDRESS TOKEN_FILE EXPERIMENT COUNT SECONDS STALLED

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engram/v1/events.grpc.pb.h"
#include "engram/v1/experiments.grpc.pb.h"

namespace engram {
namespace {

using Clock = std::chrono::steady_clock;

double SecondsNow() {
  return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

std::string FileText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

double Quantile(std::vector<double>& values, double part) {
  if (values.empty()) return -1;
  std::sort(values.begin(), values.end());
  const auto last = static_cast<double>(values.size() - 1);
  return values[static_cast<size_t>(part * last + 0.5)];
}

// A UUID (RFC 9562, version 4).
std::string RequestId() {
  static std::mt19937_64 random{std::random_device{}()};
  const uint64_t a = random(), b = random();
  return absl::StrFormat("%08x-%04x-4%03x-a%03x-%012x", a >> 32,
                         (a >> 16) & 0xffff, a & 0xfff, b >> 52,
                         b & 0xffffffffffff);
}

class Session {
 public:
  Session(std::string address, const std::string& token_file)
      : address_(std::move(address)), token_(FileText(token_file)) {
    while (!token_.empty() && token_.back() == '\n') token_.pop_back();
  }

  // Each has a connection of its own.
  std::shared_ptr<grpc::Channel> Channel(int number) const {
    grpc::ChannelArguments arguments;
    arguments.SetInt("engram.bench.channel", number);
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetMaxReceiveMessageSize(-1);
    return grpc::CreateCustomChannel(
        address_, grpc::InsecureChannelCredentials(), arguments);
  }
  void Authorize(grpc::ClientContext& context) const {
    context.AddMetadata("authorization", absl::StrCat("Bearer ", token_));
  }

 private:
  const std::string address_;
  std::string token_;
};

// Remembers when the first progress or points of each run came.
class FirstProgress final : public grpc::ClientReadReactor<v1::WatchResponse> {
 public:
  FirstProgress(const Session& session, v1::Events::Stub& events) {
    session.Authorize(context_);
    request_.set_from_sequence(-1);
    events.async()->Watch(&context_, &request_, this);
    StartRead(&response_);
    StartCall();
  }

  void OnReadDone(bool ok) override {
    if (!ok) return;
    const double now = SecondsNow();
    {
      const std::lock_guard lock(mu_);
      is_open_ = true;
      for (const v1::Event& event : response_.events()) Take(event, now);
    }
    changed_.notify_all();
    response_.Clear();
    StartRead(&response_);
  }
  void OnDone(const grpc::Status&) override {
    const std::lock_guard lock(mu_);
    is_done_ = true;
    changed_.notify_all();
  }

  // When the first came; negative when none came within 10 s.
  double WaitFor(const std::string& experiment) {
    std::unique_lock lock(mu_);
    const auto is_there = [&] { return seen_ == experiment; };
    wanted_ = experiment;
    for (const auto& [name, at] : early_) {
      if (absl::StartsWith(name, experiment)) {
        early_.clear();
        return at;
      }
    }
    if (!changed_.wait_for(lock, std::chrono::seconds(10), is_there)) return -1;
    early_.clear();
    return seen_at_;
  }
  void WaitUntilOpen() {
    std::unique_lock lock(mu_);
    changed_.wait_for(lock, std::chrono::seconds(20), [&] { return is_open_; });
  }
  void End() {
    context_.TryCancel();
    std::unique_lock lock(mu_);
    changed_.wait(lock, [&] { return is_done_; });
  }

 private:
  void Take(const v1::Event& event, double now) {
    const bool is_progress = event.has_points_stored() ||
                             (event.has_live() && event.live().has_progress());
    if (!is_progress) return;
    if (!wanted_.empty() && absl::StartsWith(event.parent(), wanted_)) {
      if (seen_ != wanted_) seen_at_ = now;
      seen_ = wanted_;
    } else if (early_.empty() || early_.back().first != event.parent()) {
      early_.emplace_back(event.parent(), now);
    }
  }

  grpc::ClientContext context_;
  v1::WatchRequest request_;
  v1::WatchResponse response_;
  std::mutex mu_;
  std::condition_variable changed_;
  std::string wanted_, seen_;
  double seen_at_ = 0;
  std::vector<std::pair<std::string, double>> early_;
  bool is_open_ = false;
  bool is_done_ = false;
};

int Latency(const Session& session, const std::string& text, int count) {
  const auto channel = session.Channel(0);
  const auto experiments = v1::Experiments::NewStub(channel);
  const auto events = v1::Events::NewStub(channel);
  FirstProgress watcher(session, *events);
  watcher.WaitUntilOpen();
  std::vector<double> ms;
  for (int i = 0; i < count; ++i) {
    grpc::ClientContext context;
    session.Authorize(context);
    v1::CreateExperimentRequest request;
    request.mutable_source()->set_text(text);
    request.set_request_id(RequestId());
    v1::Experiment made;
    const double begun = SecondsNow();
    const auto status = experiments->CreateExperiment(&context, request, &made);
    if (!status.ok()) {
      std::fprintf(stderr, "submit: %s\n", status.error_message().c_str());
      return 1;
    }
    const double seen = watcher.WaitFor(made.name());
    if (seen < 0) {
      std::fprintf(stderr, "%s: no progress seen\n", made.name().c_str());
      return 1;
    }
    ms.push_back(1000 * (seen - begun));
    // Apart, as people's submits are: the service is warm and idle.
    std::this_thread::sleep_for(std::chrono::milliseconds(120));
  }
  watcher.End();
  std::printf("{\"count\": %zu, \"median_ms\": %.2f, \"p99_ms\": %.2f}\n",
              ms.size(), Quantile(ms, 0.5), Quantile(ms, 0.99));
  return 0;
}

// Takes the points of a run whose values are the times at which they were
// recorded.
class Watcher final : public grpc::ClientReadReactor<v1::WatchResponse> {
 public:
  Watcher(const Session& session, v1::Events::Stub& events,
          const std::string& experiment, bool is_stalled)
      : is_stalled_(is_stalled) {
    session.Authorize(context_);
    request_.add_parents(experiment);
    request_.set_from_sequence(-1);
    events.async()->Watch(&context_, &request_, this);
    if (!is_stalled_) StartRead(&response_);
    StartCall();
  }

  void OnReadDone(bool ok) override {
    if (!ok) return;
    const double now = SecondsNow();
    for (const v1::Event& event : response_.events()) {
      if (!event.has_points_stored()) continue;
      events_ += 1;
      for (const double recorded : event.points_stored().values()) {
        delays_ms_.push_back(1000 * (now - recorded));
      }
    }
    response_.Clear();
    StartRead(&response_);
  }
  void OnDone(const grpc::Status&) override {
    const std::lock_guard lock(mu_);
    is_done_ = true;
    done_.notify_all();
  }
  void Cancel() { context_.TryCancel(); }
  void Wait() {
    // A stalled one has to read before its end comes.
    if (is_stalled_) StartRead(&response_);
    std::unique_lock lock(mu_);
    done_.wait(lock, [&] { return is_done_; });
  }

  int64_t events() const { return events_; }
  const std::vector<double>& delays_ms() const { return delays_ms_; }

 private:
  const bool is_stalled_;
  grpc::ClientContext context_;
  v1::WatchRequest request_;
  v1::WatchResponse response_;
  int64_t events_ = 0;
  std::vector<double> delays_ms_;
  std::mutex mu_;
  std::condition_variable done_;
  bool is_done_ = false;
};

int Watchers(const Session& session, const std::string& experiment, int count,
             int seconds, int stalled) {
  constexpr int kStreamsAChannel = 100;
  std::vector<std::unique_ptr<v1::Events::Stub>> stubs;
  std::vector<std::unique_ptr<Watcher>> watchers;
  for (int i = 0; i < count; ++i) {
    if (i % kStreamsAChannel == 0) {
      stubs.push_back(
          v1::Events::NewStub(session.Channel(i / kStreamsAChannel)));
    }
    watchers.push_back(std::make_unique<Watcher>(session, *stubs.back(),
                                                 experiment, i < stalled));
  }
  std::this_thread::sleep_for(std::chrono::seconds(seconds));
  for (const auto& watcher : watchers) watcher->Cancel();
  std::vector<double> ms;
  int64_t least = -1;
  for (int i = 0; i < count; ++i) {
    Watcher& watcher = *watchers[static_cast<size_t>(i)];
    watcher.Wait();
    if (i < stalled) continue;
    ms.insert(ms.end(), watcher.delays_ms().begin(), watcher.delays_ms().end());
    const auto points = static_cast<int64_t>(watcher.delays_ms().size());
    if (least < 0 || points < least) least = points;
  }
  std::printf(
      "{\"points\": %zu, \"least_points_of_a_watcher\": %lld, "
      "\"median_ms\": %.1f, \"p99_ms\": %.1f, \"largest_ms\": %.1f}\n",
      ms.size(), static_cast<long long>(least), Quantile(ms, 0.5),
      Quantile(ms, 0.99), ms.empty() ? -1 : ms.back());
  return ms.empty() ? 1 : 0;
}

int Number(const std::string& text) {
  int number = 0;
  return absl::SimpleAtoi(text, &number) ? number : 0;
}

int Run(const std::vector<std::string>& words) {
  if (words.size() == 5 && words[0] == "latency") {
    return Latency(Session(words[1], words[2]), FileText(words[3]),
                   Number(words[4]));
  }
  if (words.size() == 7 && words[0] == "watchers") {
    return Watchers(Session(words[1], words[2]), words[3], Number(words[4]),
                    Number(words[5]), Number(words[6]));
  }
  std::fprintf(stderr, "run.py knows how to call this\n");
  return 2;
}

}  // namespace
}  // namespace engram

int main(int argc, char** argv) { return engram::Run({argv + 1, argv + argc}); }
