#include "server/rpc/watch.h"

#include <memory>
#include <optional>
#include <utility>

#include "core/base/mutex.h"
#include "engram/v1/events.grpc.pb.h"
#include "server/rpc/handler.h"
#include "server/rpc/name.h"
#include "server/rpc/pool.h"
#include "server/store/store.h"
#include "server/watch/event_hub.h"

namespace engram {
namespace {

using Reactor = grpc::ServerWriteReactor<v1::WatchResponse>;

constexpr const char* kMethod = "engram.v1.Events.Watch";

// Between hub and stream, which end at different times.
class Outlet final : public WatchSink {
 public:
  Outlet(Reactor* stream, EventHub& hub, StreamCall call)
      : call_(std::move(call)), stream_(stream), hub_(hub) {}

  const StreamCall& call() const { return call_; }

  void Send(v1::WatchResponse response) override {
    MutexLock lock(mu_);
    if (stream_ == nullptr || is_finished_) return;
    if (const absl::Status may = call_.StillMay(); !may.ok()) {
      return FinishNow(may);
    }
    const bool is_last = response.end() != v1::WatchResponse::END_UNSPECIFIED;
    if (is_writing_) {
      // Only the last response may come while one is under way.
      if (is_last) last_ = std::move(response);
      return;
    }
    Write(std::move(response), is_last);
  }
  void Fail(const absl::Status& why) override { Finish(why); }

  void Finish(const absl::Status& why) {
    MutexLock lock(mu_);
    if (stream_ == nullptr || is_finished_) return;
    FinishNow(why);
  }
  // A response was written: the hub may send the next one.
  void Written(bool ok) {
    {
      MutexLock lock(mu_);
      is_writing_ = false;
      present_ = v1::WatchResponse();  // an idle watcher holds nothing
      if (stream_ == nullptr || is_finished_) return;
      if (!ok) return FinishNow(absl::CancelledError("went away"));
      if (last_) return Write(*std::exchange(last_, std::nullopt), true);
    }
    Ready();
  }
  // The hub may have sent something, and the stream have ended, by then.
  void SetWatcher(int64_t watcher) {
    bool is_gone = false;
    bool is_ready = false;
    {
      MutexLock lock(mu_);
      watcher_ = watcher;
      is_gone = stream_ == nullptr;
      is_ready = is_early_;
    }
    if (is_gone) return hub_.Remove(watcher);
    if (is_ready) hub_.Ready(watcher);
  }
  void Forget() {
    int64_t watcher = 0;
    {
      MutexLock lock(mu_);
      stream_ = nullptr;
      watcher = watcher_;
    }
    if (watcher > 0) hub_.Remove(watcher);
  }

 private:
  void FinishNow(const absl::Status& why) ENGRAM_REQUIRES(mu_) {
    is_finished_ = true;
    call_.LogEnd(why);
    stream_->Finish(ToGrpc(why));
  }
  void Write(v1::WatchResponse response, bool is_last) ENGRAM_REQUIRES(mu_) {
    present_ = std::move(response);
    if (is_last) {
      is_finished_ = true;
      call_.LogEnd(absl::OkStatus());
      stream_->StartWriteAndFinish(&present_, grpc::WriteOptions(),
                                   grpc::Status::OK);
    } else {
      is_writing_ = true;
      stream_->StartWrite(&present_);
    }
  }
  void Ready() {
    int64_t watcher = 0;
    {
      MutexLock lock(mu_);
      watcher = watcher_;
      is_early_ = watcher == 0;
    }
    if (watcher > 0) hub_.Ready(watcher);
  }

  const StreamCall call_;
  Mutex mu_;
  Reactor* stream_ GUARDED_BY(mu_);
  EventHub& hub_;
  int64_t watcher_ GUARDED_BY(mu_) = 0;
  v1::WatchResponse present_ GUARDED_BY(mu_);
  std::optional<v1::WatchResponse> last_ GUARDED_BY(mu_);
  bool is_writing_ GUARDED_BY(mu_) = false;
  bool is_finished_ GUARDED_BY(mu_) = false;
  bool is_early_ GUARDED_BY(mu_) = false;
};

absl::StatusOr<WatchStart> ReadStart(store::Store& store,
                                     const v1::WatchRequest& request) {
  if (request.from_sequence() < -1) {
    return absl::InvalidArgumentError(
        "from_sequence is -1, 0, or the sequence of an event");
  }
  WatchStart start;
  start.from_sequence = request.from_sequence();
  start.until_done = request.until_done();
  for (const int kind : request.kinds()) {
    start.filter.kinds.insert(static_cast<v1::EventKind>(kind));
  }
  const absl::Status status = store.Read([&](store::Reader& reader) {
    for (const std::string& parent : request.parents()) {
      const auto target = FindTargetNamed(reader, parent);
      if (!target.ok()) return target.status();
      if (target->point) {
        start.filter.runs.insert({target->experiment.id, *target->point});
      } else {
        start.filter.experiments.insert(target->experiment.id);
      }
    }
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return start;
}

class WatchStream final : public Reactor {
 public:
  WatchStream(Gate& gate, store::Store& store, EventHub& hub,
              grpc::CallbackServerContext* context,
              const v1::WatchRequest* request)
      : outlet_(std::make_shared<Outlet>(this, hub,
                                         StreamCall(gate, *context, kMethod))) {
    const auto& caller = outlet_->call().caller();
    if (!caller.ok()) {
      outlet_->Finish(caller.status());
      return;
    }
    // Reads the store: not on gRPC's own thread. The request may be gone by
    // then, and the stream, too.
    gate.pool().Add([outlet = outlet_, &store, &hub, asked = *request] {
      const auto start = ReadStart(store, asked);
      if (!start.ok()) return outlet->Finish(start.status());
      const auto watcher = hub.Add(*start, outlet);
      if (!watcher.ok()) return outlet->Finish(watcher.status());
      outlet->SetWatcher(*watcher);
    });
  }

  void OnWriteDone(bool ok) override { outlet_->Written(ok); }
  void OnCancel() override {
    outlet_->Finish(absl::CancelledError("the watcher went away"));
  }
  void OnDone() override {
    outlet_->Forget();
    delete this;
  }

 private:
  const std::shared_ptr<Outlet> outlet_;
};

class EventsService final : public v1::Events::CallbackService {
 public:
  EventsService(Gate& gate, store::Store& store, EventHub& hub)
      : gate_(gate), store_(store), hub_(hub) {}

  Reactor* Watch(grpc::CallbackServerContext* context,
                 const v1::WatchRequest* request) override {
    return new WatchStream(gate_, store_, hub_, context, request);
  }

 private:
  Gate& gate_;
  store::Store& store_;
  EventHub& hub_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeEventsService(Gate& gate,
                                                 store::Store& store,
                                                 EventHub& hub) {
  return std::make_unique<EventsService>(gate, store, hub);
}

}  // namespace engram
