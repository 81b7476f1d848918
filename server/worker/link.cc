#include "server/worker/link.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engram/v1/workers.grpc.pb.h"
#include "server/worker/attempt.h"
#include "server/worker/rpc.h"

namespace engram {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// What dialling again cannot change.
bool IsRefusal(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kUnimplemented:
      return true;
    default:
      return false;
  }
}

}  // namespace

// One stream, from registration to its end.
struct Link::Stream {
  grpc::ClientContext context;
  std::unique_ptr<grpc::ClientReaderWriter<v1::FromWorker, v1::ToWorker>> calls;
  std::atomic<bool> is_over = false;
};

Link::Link(std::shared_ptr<grpc::Channel> channel, std::string token,
           v1::Registration registration, Outbox& outbox,
           Assignments& assignments, Timing timing)
    : channel_(std::move(channel)),
      token_(std::move(token)),
      registration_(std::move(registration)),
      outbox_(outbox),
      assignments_(assignments),
      timing_(timing),
      last_heard_(steady_clock::now()) {}

absl::Status Link::Run() {
  milliseconds wait = timing_.first_wait;
  while (true) {
    const auto heard_before = last_heard_;
    absl::Status ended = Session();
    if (IsDone()) return absl::OkStatus();
    if (IsRefusal(ended)) return ended;
    if (last_heard_ != heard_before) wait = timing_.first_wait;
    if (steady_clock::now() - last_heard_ >= timing_.give_up) {
      return absl::UnavailableError(absl::StrCat(
          "no server answered for ", timing_.give_up.count() / 1000,
          " s; the last try ended with: ", ended.ToString()));
    }
    std::this_thread::sleep_for(wait);
    wait = std::min(2 * wait, timing_.longest_wait);
  }
}

absl::Status Link::Session() {
  Stream stream;
  Authorize(token_, stream.context);
  stream.calls = v1::Workers::NewStub(channel_)->Attach(&stream.context);
  absl::Status refused = Register(stream);
  if (!refused.ok()) return refused;
  std::thread writer([&] { Write(stream); });
  Read(stream);
  stream.is_over = true;
  outbox_.Wake();
  writer.join();
  return ToStatus(stream.calls->Finish());
}

absl::Status Link::Register(Stream& stream) {
  v1::FromWorker message;
  v1::Registration& registration = *message.mutable_registration();
  registration = registration_;
  // In this order: what ends in between is listed twice rather than not at
  // all.
  std::vector<v1::AttemptKey> keys = assignments_.Keys();
  for (v1::AttemptKey& key : outbox_.EndedKeys()) {
    *registration.add_held() = std::move(key);
  }
  for (v1::AttemptKey& key : keys) *registration.add_held() = std::move(key);
  v1::ToWorker answer;
  if (!stream.calls->Write(message) || !stream.calls->Read(&answer)) {
    return ToStatus(stream.calls->Finish());
  }
  if (!answer.has_registered()) {
    stream.context.TryCancel();
    stream.calls->Finish();
    return absl::FailedPreconditionError(
        "the server's first message is not an answer to the registration");
  }
  last_heard_ = steady_clock::now();
  outbox_.Rewind(answer.registered().stored_event());
  return absl::OkStatus();
}

void Link::Read(Stream& stream) {
  v1::ToWorker message;
  while (stream.calls->Read(&message)) {
    Handle(std::move(message));
    if (IsDone()) outbox_.Wake();
    message = v1::ToWorker();
  }
  last_heard_ = steady_clock::now();
}

void Link::Handle(v1::ToWorker message) {
  if (message.has_assignment()) {
    v1::AttemptKey key = message.assignment().key();
    if (!assignments_.Give(std::move(*message.mutable_assignment()))) {
      outbox_.PostReturned({std::move(key)});
    }
  } else if (message.has_stop()) {
    const v1::Stop& stop = message.stop();
    if (assignments_.Stop(stop.key(), stop.yield()) ==
        Assignments::StopEffect::kHeld) {
      outbox_.PutAtOnce(StoppedBeforeBegun(stop));
    }
  } else if (message.has_acknowledged()) {
    outbox_.Acknowledge(message.acknowledged().event());
  } else if (message.has_quit()) {
    std::vector<v1::AttemptKey> keys = assignments_.Quit();
    if (!keys.empty()) outbox_.PostReturned(std::move(keys));
  }
}

void Link::Write(Stream& stream) {
  auto last_beat = steady_clock::now();
  while (!stream.is_over) {
    if (IsDone()) {
      stream.calls->WritesDone();
      return;
    }
    const auto beat_in = std::chrono::duration_cast<milliseconds>(
        last_beat + timing_.heartbeat - steady_clock::now());
    std::optional<v1::FromWorker> message;
    if (beat_in > milliseconds::zero()) {
      message = outbox_.Next(beat_in);
    } else {
      last_beat = steady_clock::now();
      message.emplace().mutable_heartbeat();
    }
    if (message && !stream.calls->Write(*message)) return;
  }
}

bool Link::IsDone() const { return assignments_.finished() && outbox_.empty(); }

}  // namespace engram
