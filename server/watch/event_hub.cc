#include "server/watch/event_hub.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

#include "core/base/contract.h"
#include "server/watch/live_items.h"

namespace engram {
namespace {

constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

}  // namespace

// A watcher and its stream. Guarded by the hub's mutex: is_ready, is_removed,
// live. The rest belongs to the hub's thread once it is added.
struct EventHub::Stream {
  explicit Stream(const WatchStart& start) : watcher(start) {}

  int64_t id = 0;
  Watcher watcher;
  std::shared_ptr<WatchSink> sink;
  int64_t begun_us = 0;
  int64_t sent_us = 0;
  // When it may have a whole burst again: each response puts that off by a
  // gathering.
  int64_t rested_us = 0;
  bool has_sent = false;
  bool is_ready = true;
  bool is_removed = false;
  LiveItems live;
};

absl::StatusOr<std::unique_ptr<EventHub>> EventHub::Open(Options options,
                                                         store::Store& store,
                                                         Messages messages) {
  int64_t after = 0;
  const absl::Status status = store.Read([&](store::Reader& reader) {
    after = store::LastSequence(reader);
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return std::unique_ptr<EventHub>(
      new EventHub(options, store, std::move(messages), after));
}

EventHub::EventHub(Options options, store::Store& store, Messages messages,
                   int64_t after)
    : options_(options),
      store_(store),
      messages_(std::move(messages)),
      recent_(after, options.recent_events, options.recent_bytes) {
  store_.SetCommitListener(
      [this](Commit events) { Committed(std::move(events)); });
  thread_ = std::thread([this] { Loop(); });
}

EventHub::~EventHub() {
  Stop();
  store_.SetCommitListener([](Commit) {});
}

// A row that is expected and gone (its experiment was deleted meanwhile) ends
// one stream, not the thread of them all.
absl::Status EventHub::Read(
    const std::function<absl::Status(store::Reader&)>& read) const {
  try {
    return store_.Read(read);
  } catch (const ContractViolation& violation) {
    return absl::InternalError(violation.what());
  }
}

void EventHub::Committed(Commit events) {
  if (options_.committed) options_.committed(events);
  MutexLock lock(mu_);
  committed_.push_back(std::move(events));
  is_woken_ = true;
  wake_.NotifyOne();
}

absl::StatusOr<int64_t> EventHub::Add(const WatchStart& start,
                                      std::shared_ptr<WatchSink> sink) {
  auto stream = std::make_shared<Stream>(start);
  stream->sink = std::move(sink);
  stream->begun_us = options_.clock->SteadyUs();
  const absl::Status status = store_.Read(
      [&](store::Reader& reader) { return stream->watcher.Prepare(reader); });
  if (!status.ok()) return status;
  MutexLock lock(mu_);
  if (is_stopping_) return absl::UnavailableError("the server stops");
  stream->id = ++last_stream_;
  streams_[stream->id] = stream;
  is_woken_ = true;
  wake_.NotifyOne();
  return stream->id;
}

void EventHub::Ready(int64_t id) {
  MutexLock lock(mu_);
  const auto it = streams_.find(id);
  if (it == streams_.end()) return;
  it->second->is_ready = true;
  is_woken_ = true;
  wake_.NotifyOne();
}

void EventHub::Remove(int64_t id) {
  MutexLock lock(mu_);
  const auto it = streams_.find(id);
  if (it == streams_.end()) return;
  it->second->is_removed = true;
  streams_.erase(it);
}

void EventHub::Live(const RunName& run, v1::Event event) {
  const auto shared = std::make_shared<const v1::Event>(std::move(event));
  const std::size_t bytes = shared->ByteSizeLong();
  MutexLock lock(mu_);
  for (auto& [id, stream] : streams_) {
    const WatchFilter& filter = stream->watcher.filter();
    if (!filter.Takes(run.experiment, run.point) ||
        !filter.Takes(v1::EVENT_KIND_LIVE)) {
      continue;
    }
    stream->live.Put(run, shared, bytes);
    is_woken_ = true;
  }
  if (is_woken_) wake_.NotifyOne();
}

void EventHub::Wake() {
  MutexLock lock(mu_);
  is_woken_ = true;
  wake_.NotifyOne();
}

EventHub::Figures EventHub::figures() {
  MutexLock lock(mu_);
  return {std::ssize(streams_), sent_events_, behind_events_};
}

void EventHub::Stop() {
  {
    MutexLock lock(mu_);
    is_stopping_ = true;
    wake_.NotifyOne();
  }
  if (thread_.joinable()) thread_.join();
}

std::size_t EventHub::HeldBytes(int64_t id) {
  MutexLock lock(mu_);
  const auto it = streams_.find(id);
  if (it == streams_.end()) return 0;
  return it->second->watcher.held_bytes() + it->second->live.bytes();
}

void EventHub::Loop() {
  for (int64_t due_us = kNever;;) {
    std::vector<Commit> commits;
    std::vector<std::shared_ptr<Stream>> ready;
    const bool goes_on = Wait(due_us, commits, ready);
    if (!commits.empty()) TakeCommitted(commits);
    if (!goes_on) return SendStopping();
    due_us = ServeAll(std::move(ready));
  }
}

bool EventHub::Wait(int64_t due_us, std::vector<Commit>& commits,
                    std::vector<std::shared_ptr<Stream>>& ready) {
  MutexLock lock(mu_);
  const int64_t wait_us =
      std::min<int64_t>(due_us - options_.clock->SteadyUs(), 1'000'000);
  if (!is_woken_ && !is_stopping_ && wait_us > 0) {
    wake_.WaitFor(mu_, std::chrono::microseconds(wait_us));
  }
  is_woken_ = false;
  commits.swap(committed_);
  behind_events_ = 0;
  for (const auto& [id, stream] : streams_) {
    behind_events_ =
        std::max(behind_events_, recent_.last() - stream->watcher.last());
    if (stream->is_ready) ready.push_back(stream);
  }
  return !is_stopping_;
}

// A stream whose sink is busy ends with its transport.
void EventHub::SendStopping() {
  std::map<int64_t, std::shared_ptr<Stream>> streams;
  {
    MutexLock lock(mu_);
    streams.swap(streams_);
  }
  for (const auto& [id, stream] : streams) {
    v1::WatchResponse response;
    response.set_bookmark(stream->watcher.bookmark());
    response.set_end(v1::WatchResponse::END_STOPPING);
    stream->sink->Send(std::move(response));
  }
}

void EventHub::TakeCommitted(const std::vector<Commit>& commits) {
  bool is_watched = false;
  {
    MutexLock lock(mu_);
    is_watched = !streams_.empty();
  }
  std::vector<std::vector<OutgoingEvent>> made;
  const absl::Status status = Read([&](store::Reader& reader) {
    for (const Commit& commit : commits) {
      auto& events = made.emplace_back();
      if (!is_watched) continue;
      for (const auto& event : commit) {
        events.push_back(MakeOutgoing(messages_, reader, event));
      }
    }
    return absl::OkStatus();
  });
  // They are durable: whoever wants them reads them from the history.
  if (!is_watched || !status.ok()) {
    return recent_.SkipTo(commits.back().back().sequence);
  }
  for (auto& events : made) {
    MarkCommit(events, options_.response_bytes);
    recent_.Add(std::move(events));
  }
}

bool EventHub::NeedsStore(const Stream& stream) const {
  return stream.watcher.owes_present() ||
         stream.watcher.last() < recent_.after();
}

// Those who keep up come first, then one response from the store, for whoever
// has had none for longest: however many are behind, nobody else waits for more
// than one read.
int64_t EventHub::ServeAll(std::vector<std::shared_ptr<Stream>> ready) {
  int64_t due_us = kNever;
  std::shared_ptr<Stream> behind;
  std::size_t waiting = 0;
  for (const auto& stream : ready) {
    if (!NeedsStore(*stream)) {
      due_us = std::min(due_us, Serve(*stream, options_.clock->SteadyUs()));
    } else if (++waiting; !behind || stream->sent_us < behind->sent_us) {
      behind = stream;
    }
  }
  if (!behind) return due_us;
  const int64_t now_us = options_.clock->SteadyUs();
  const int64_t next_us = Serve(*behind, now_us);
  const bool was_served = next_us == kNever;
  return std::min(due_us, was_served && waiting > 1 ? now_us : next_us);
}

int64_t EventHub::Serve(Stream& stream, int64_t now_us) {
  const int64_t next_us =
      stream.rested_us - (options_.burst - 1) * options_.gather_us;
  const int64_t bookmark_us =
      (stream.has_sent ? stream.sent_us : stream.begun_us) +
      options_.bookmark_us;
  const bool has_news = stream.watcher.last() < recent_.last() ||
                        stream.watcher.owes_present() || HasLive(stream);
  const bool may_end =
      EndOf(stream, now_us) != v1::WatchResponse::END_UNSPECIFIED;
  if (!has_news && !may_end && now_us < bookmark_us) return bookmark_us;
  if (has_news && now_us < next_us) return next_us;
  v1::WatchResponse response;
  if (const absl::Status status = Fill(stream, response); !status.ok()) {
    Fail(stream, status);
    return kNever;
  }
  response.set_bookmark(stream.watcher.bookmark());
  response.set_end(EndOf(stream, now_us));
  if (response.events().empty() && now_us < bookmark_us &&
      response.end() == v1::WatchResponse::END_UNSPECIFIED) {
    return stream.watcher.last() >= recent_.last() ? bookmark_us : now_us;
  }
  {
    MutexLock lock(mu_);
    if (stream.is_removed) return kNever;
    stream.is_ready = false;
    sent_events_ += response.events_size();
  }
  stream.sent_us = now_us;
  stream.rested_us = std::max(stream.rested_us, now_us) + options_.gather_us;
  stream.has_sent = true;
  stream.sink->Send(std::move(response));
  return kNever;
}

// How a response that is sent now ends the stream.
v1::WatchResponse::End EventHub::EndOf(const Stream& stream,
                                       int64_t now_us) const {
  const Watcher& watcher = stream.watcher;
  if (watcher.owes_present()) return v1::WatchResponse::END_UNSPECIFIED;
  if (watcher.is_done() && watcher.last() >= recent_.last()) {
    return v1::WatchResponse::END_DONE;
  }
  return now_us - stream.begun_us >= options_.life_us
             ? v1::WatchResponse::END_RECONNECT
             : v1::WatchResponse::END_UNSPECIFIED;
}

bool EventHub::HasLive(const Stream& stream) {
  MutexLock lock(mu_);
  return !stream.live.empty();
}

absl::Status EventHub::Fill(Stream& stream, v1::WatchResponse& response) {
  Watcher& watcher = stream.watcher;
  if (NeedsStore(stream)) {
    return Read([&](store::Reader& reader) {
      if (watcher.owes_present()) {
        watcher.FillPresent(reader, messages_, options_.response_bytes,
                            response);
      } else {
        watcher.FillHistory(reader, messages_, options_.response_bytes,
                            response);
      }
      return absl::OkStatus();
    });
  }
  watcher.FillRecent(recent_, options_.response_bytes, response);
  std::vector<std::shared_ptr<const v1::Event>> live;
  {
    MutexLock lock(mu_);
    live = stream.live.Take();
  }
  for (const auto& event : live) *response.add_events() = *event;
  return absl::OkStatus();
}

void EventHub::Fail(Stream& stream, const absl::Status& why) {
  Remove(stream.id);
  stream.sink->Fail(why);
}

}  // namespace engram
