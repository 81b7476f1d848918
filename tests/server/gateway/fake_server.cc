#include "tests/server/gateway/fake_server.h"

#include <grpcpp/server_builder.h>

#include <chrono>

#include "engram/v1/admin.grpc.pb.h"
#include "engram/v1/events.grpc.pb.h"
#include "engram/v1/experiments.grpc.pb.h"
#include "engram/v1/runs.grpc.pb.h"
#include "server/rpc/status.h"

namespace engram {
namespace {

grpc::Status Missing() {
  return ToGrpc(Unknown("run", "k7m2/18", {"k7m2/17"}));
}

class UntilCancelled : public grpc::ServerUnaryReactor {
 public:
  explicit UntilCancelled(Calls& calls) : calls_(calls) { calls_.Add("begun"); }
  void OnCancel() override {
    calls_.Add("cancelled");
    Finish(grpc::Status::CANCELLED);
  }
  void OnDone() override { delete this; }

 private:
  Calls& calls_;
};

class FakeRuns : public v1::Runs::CallbackService {
 public:
  explicit FakeRuns(Calls& calls) : calls_(calls) {}
  grpc::ServerUnaryReactor* GetRun(grpc::CallbackServerContext* context,
                                   const v1::GetRunRequest* request,
                                   v1::Run* reply) override {
    if (request->name() == "forever") return new UntilCancelled(calls_);
    auto* reactor = context->DefaultReactor();
    reply->set_name(request->name());
    if (request->full()) reply->set_tree_json("{}");
    reactor->Finish(request->name() == "missing" ? Missing()
                                                 : grpc::Status::OK);
    return reactor;
  }

 private:
  Calls& calls_;
};

class FakeWatch : public grpc::ServerWriteReactor<v1::WatchResponse> {
 public:
  FakeWatch(Calls& calls, const v1::WatchRequest& request)
      : calls_(calls),
        left_(request.from_sequence()),
        parent_(request.parents_size() > 0 ? request.parents(0) : "") {
    Next();
  }
  void OnWriteDone(bool ok) override {
    if (!ok) return;  // OnCancel ends it
    calls_.Add("sent");
    Next();
  }
  void OnCancel() override {
    calls_.Add("cancelled");
    End(grpc::Status::CANCELLED);
  }
  void OnDone() override { delete this; }

 private:
  void Next() {
    if (left_-- > 0) {
      response_.set_bookmark(response_.bookmark() + 1);
      response_.mutable_events()->Clear();
      response_.add_events()->mutable_log()->set_text(
          std::string(parent_ == "large" ? 100'000 : 10, 'x'));
      return StartWrite(&response_);
    }
    if (parent_ == "forever") return;
    End(parent_ == "missing" ? Missing() : grpc::Status::OK);
  }
  void End(const grpc::Status& status) {
    {
      MutexLock lock(mu_);
      if (has_ended_) return;
      has_ended_ = true;
    }
    Finish(status);
  }

  Calls& calls_;
  int64_t left_;
  const std::string parent_;
  v1::WatchResponse response_;
  Mutex mu_;
  bool has_ended_ GUARDED_BY(mu_) = false;
};

class FakeEvents : public v1::Events::CallbackService {
 public:
  explicit FakeEvents(Calls& calls) : calls_(calls) {}
  grpc::ServerWriteReactor<v1::WatchResponse>* Watch(
      grpc::CallbackServerContext*, const v1::WatchRequest* request) override {
    return new FakeWatch(calls_, *request);
  }

 private:
  Calls& calls_;
};

class FakeAdmin : public v1::Admin::CallbackService {
 public:
  grpc::ServerUnaryReactor* WhoAmI(grpc::CallbackServerContext* context,
                                   const v1::WhoAmIRequest*,
                                   v1::WhoAmIResponse* reply) override {
    for (const auto& [name, value] : context->client_metadata()) {
      const std::string text(value.data(), value.size());
      if (name == "authorization") reply->set_user(text);
      if (name == "engram-http-peer") reply->set_token(text);
    }
    auto* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

class FakeExperiments : public v1::Experiments::CallbackService {
 public:
  grpc::ServerUnaryReactor* GetExperiment(grpc::CallbackServerContext* context,
                                          const v1::GetExperimentRequest*,
                                          v1::Experiment* reply) override {
    reply->set_text(std::string(1 << 20, 'x'));
    auto* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

}  // namespace

void Calls::Add(const std::string& what) {
  MutexLock lock(mu_);
  ++seen_[what];
  changed_.NotifyAll();
}

int Calls::Count(const std::string& what) {
  MutexLock lock(mu_);
  return seen_[what];
}

bool Calls::WaitFor(const std::string& what, int count) {
  MutexLock lock(mu_);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (seen_[what] < count) {
    if (std::chrono::steady_clock::now() > end) return false;
    changed_.WaitFor(mu_, std::chrono::milliseconds(100));
  }
  return true;
}

struct FakeServer::Services {
  Calls calls;
  FakeRuns runs{calls};
  FakeEvents events{calls};
  FakeAdmin admin;
  FakeExperiments experiments;
};

FakeServer::FakeServer() : services_(std::make_unique<Services>()) {
  grpc::ServerBuilder builder;
  builder.RegisterService(&services_->runs);
  builder.RegisterService(&services_->events);
  builder.RegisterService(&services_->admin);
  builder.RegisterService(&services_->experiments);
  server_ = builder.BuildAndStart();
}

FakeServer::~FakeServer() { server_->Shutdown(); }

std::shared_ptr<grpc::Channel> FakeServer::Channel() {
  return server_->InProcessChannel(grpc::ChannelArguments());
}

Calls& FakeServer::calls() { return services_->calls; }

}  // namespace engram
