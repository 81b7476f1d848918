#include "server/rpc/attach.h"

#include <deque>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/base/mutex.h"
#include "engram/v1/workers.grpc.pb.h"
#include "server/queue/queue.h"
#include "server/rpc/handler.h"
#include "server/rpc/worker_message.h"

namespace engram {
namespace {

using Reactor = grpc::ServerBidiReactor<v1::FromWorker, v1::ToWorker>;

constexpr const char* kMethod = "engram.v1.Workers.Attach";

// What goes to one worker, in order, one message at a time. Outlives the
// stream while the queue holds it.
class Outbox final : public WorkerLink {
 public:
  Outbox(Reactor* stream, StreamCall call)
      : call_(std::move(call)), stream_(stream) {}

  const StreamCall& call() const { return call_; }

  void Registered(const AttachedAs& as) override {
    v1::ToWorker message;
    message.mutable_registered()->set_worker(as.worker);
    message.mutable_registered()->set_stored_event(as.stored_event);
    Push(std::move(message));
  }
  void Assign(const WorkAssignment& assignment) override {
    v1::ToWorker message;
    *message.mutable_assignment() = AssignmentMessage(assignment);
    Push(std::move(message));
  }
  void Stop(const AttemptKey& key, StopPurpose purpose) override {
    v1::ToWorker message;
    *message.mutable_stop()->mutable_key() = KeyMessage(key);
    message.mutable_stop()->set_yield(purpose == StopPurpose::kYield);
    Push(std::move(message));
  }
  void Acknowledge(int64_t event) override {
    v1::ToWorker message;
    message.mutable_acknowledged()->set_event(event);
    Push(std::move(message));
  }
  void Quit() override {
    v1::ToWorker message;
    message.mutable_quit();
    Push(std::move(message));
  }
  void Close(const absl::Status& why) override {
    MutexLock lock(mu_);
    if (end_) return;
    end_ = why;
    Continue();
  }

  void Written(bool ok) {
    MutexLock lock(mu_);
    is_writing_ = false;
    if (!ok) {
      waiting_.clear();
      if (!end_) end_ = absl::CancelledError("the worker went away");
    }
    Continue();
  }
  // The stream is gone.
  void Forget() {
    MutexLock lock(mu_);
    stream_ = nullptr;
    waiting_.clear();
  }

 private:
  void Push(v1::ToWorker message) {
    MutexLock lock(mu_);
    if (stream_ == nullptr || end_) return;
    waiting_.push_back(std::move(message));
    Continue();
  }

  // Writes the next message or, when all are written, ends.
  void Continue() ENGRAM_REQUIRES(mu_) {
    if (stream_ == nullptr || is_writing_ || is_finished_) return;
    if (!waiting_.empty()) {
      is_writing_ = true;
      present_ = std::move(waiting_.front());
      waiting_.pop_front();
      stream_->StartWrite(&present_);
    } else if (end_) {
      is_finished_ = true;
      call_.LogEnd(*end_);
      stream_->Finish(ToGrpc(*end_));
    }
  }

  const StreamCall call_;
  Mutex mu_;
  Reactor* stream_ GUARDED_BY(mu_);
  std::deque<v1::ToWorker> waiting_ GUARDED_BY(mu_);
  v1::ToWorker present_ GUARDED_BY(mu_);
  std::optional<absl::Status> end_ GUARDED_BY(mu_);
  bool is_writing_ GUARDED_BY(mu_) = false;
  bool is_finished_ GUARDED_BY(mu_) = false;
};

// "workers/3" is 3.
absl::StatusOr<int64_t> NumberOf(absl::string_view worker) {
  int64_t number = 0;
  if (absl::ConsumePrefix(&worker, "workers/") &&
      absl::SimpleAtoi(worker, &number)) {
    return number;
  }
  return absl::PermissionDeniedError("only a worker's own token attaches it");
}

class AttachStream final : public Reactor {
 public:
  AttachStream(Gate& gate, Queue& queue, grpc::CallbackServerContext* context)
      : queue_(queue),
        outbox_(std::make_shared<Outbox>(this,
                                         StreamCall(gate, *context, kMethod))) {
    const auto& caller = outbox_->call().caller();
    const auto number = caller.ok() ? NumberOf(caller->user)
                                    : absl::StatusOr<int64_t>(caller.status());
    if (!number.ok()) {
      outbox_->Close(number.status());
      return;
    }
    number_ = *number;
    StartRead(&message_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) return outbox_->Close(absl::OkStatus());
    const bool was_attached = is_attached_;
    const absl::Status status = Take();
    if (status.ok()) {
      StartRead(&message_);
      return;
    }
    // It would send the same again on its next stream, for ever.
    if (was_attached) queue_.Expel(number_, status);
    outbox_->Close(status);
  }
  void OnWriteDone(bool ok) override { outbox_->Written(ok); }
  void OnDone() override {
    outbox_->Forget();
    if (is_attached_) queue_.Detached(number_, outbox_.get());
    delete this;
  }

 private:
  absl::Status Take() {
    if (!is_attached_) return Register();
    switch (message_.content_case()) {
      case v1::FromWorker::kEvent: {
        const auto report = ReadReport(message_.event());
        if (!report.ok()) return report.status();
        queue_.Heard(number_, *report);
        return absl::OkStatus();
      }
      case v1::FromWorker::kLive:
        queue_.HeardLive(number_, ReadLive(message_.live()));
        return absl::OkStatus();
      case v1::FromWorker::kHeartbeat:
        queue_.Heartbeat(number_);
        return absl::OkStatus();
      case v1::FromWorker::kReturned: {
        std::vector<AttemptKey> keys;
        for (const auto& key : message_.returned().keys()) {
          keys.push_back(ReadKey(key));
        }
        queue_.HandedBack(number_, keys);
        return absl::OkStatus();
      }
      case v1::FromWorker::kRegistration:
      case v1::FromWorker::CONTENT_NOT_SET:
        break;
    }
    return absl::FailedPreconditionError(
        "a worker registers once, then sends events, live reports, heartbeats "
        "and what it hands back");
  }

  absl::Status Register() {
    if (!message_.has_registration()) {
      return absl::FailedPreconditionError(
          "the first message of a worker is its registration");
    }
    const auto registration = ReadRegistration(message_.registration());
    if (!registration.ok()) return registration.status();
    is_attached_ = true;
    return queue_.Attached(number_, *registration, outbox_).status();
  }

  Queue& queue_;
  const std::shared_ptr<Outbox> outbox_;
  int64_t number_ = 0;
  bool is_attached_ = false;
  v1::FromWorker message_;
};

class WorkersService final : public v1::Workers::CallbackService {
 public:
  WorkersService(Gate& gate, Queue& queue) : gate_(gate), queue_(queue) {}

  Reactor* Attach(grpc::CallbackServerContext* context) override {
    return new AttachStream(gate_, queue_, context);
  }

 private:
  Gate& gate_;
  Queue& queue_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeWorkersService(Gate& gate, Queue& queue) {
  return std::make_unique<WorkersService>(gate, queue);
}

}  // namespace engram
