#include "server/watch/event_hub.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <limits>
#include <set>

#include "core/base/contract.h"
#include "server/store/experiment_table.h"
#include "server/store/run_table.h"

namespace engram {
namespace {

constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
// Of the history, read at a time.
constexpr int kPageEvents = 4096;
// Live items that wait for one watcher, the newest of each run and name.
constexpr std::size_t kMaxLive = 64;

const std::vector<std::string> kOpenStates = {"queued", "starting", "running",
                                              "cancelling"};

bool IsEnded(const std::string& state) {
  return std::find(kOpenStates.begin(), kOpenStates.end(), state) ==
         kOpenStates.end();
}

}  // namespace

// Guarded by the hub's mutex: is_ready, is_removed, live. The rest belongs to
// the hub's thread once the watcher is added.
struct EventHub::Watcher {
  int64_t id = 0;
  WatchStart start;
  std::shared_ptr<WatchSink> sink;
  std::vector<store::ExperimentKey> experiments;  // of the filter
  int64_t last = 0;                   // everything up to this sequence was sent
  std::deque<store::RunKey> present;  // states to send first
  std::set<RunName> open;             // watched runs that have not ended
  int64_t begun_us = 0;
  int64_t sent_us = 0;
  bool has_sent = false;
  bool is_ready = true;
  bool is_removed = false;
  std::map<std::pair<RunName, std::string>, v1::Event> live;

  // 0 until every present state was sent: whoever went on from a number then
  // would never see the ones that are left.
  int64_t bookmark() const { return present.empty() ? last : 0; }
};

struct EventHub::Page {
  std::vector<OutgoingEvent> events;
  bool is_last = false;
  int64_t up_to = 0;  // nothing else is stored up to here
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
      recent_(std::make_unique<RecentEvents>(after, options.recent_events,
                                             options.recent_bytes)) {
  store_.SetCommitListener([this](std::vector<store::StoredEvent> events) {
    Committed(std::move(events));
  });
  thread_ = std::thread([this] { Loop(); });
}

EventHub::~EventHub() {
  Stop();
  store_.SetCommitListener([](std::vector<store::StoredEvent>) {});
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

void EventHub::Committed(std::vector<store::StoredEvent> events) {
  MutexLock lock(mu_);
  committed_.push_back(std::move(events));
  is_woken_ = true;
  wake_.NotifyOne();
}

absl::StatusOr<int64_t> EventHub::Add(const WatchStart& start,
                                      std::shared_ptr<WatchSink> sink) {
  auto watcher = std::make_shared<Watcher>();
  watcher->start = start;
  watcher->sink = std::move(sink);
  watcher->begun_us = options_.clock->SteadyUs();
  const absl::Status status = store_.Read(
      [&](store::Reader& reader) { return Prepare(reader, *watcher); });
  if (!status.ok()) return status;
  MutexLock lock(mu_);
  if (is_stopping_) return absl::UnavailableError("the server stops");
  watcher->id = ++last_watcher_;
  watchers_[watcher->id] = watcher;
  is_woken_ = true;
  wake_.NotifyOne();
  return watcher->id;
}

// What is watched, and how it stands now: in one snapshot.
absl::Status EventHub::Prepare(store::Reader& reader, Watcher& watcher) const {
  const WatchFilter& filter = watcher.start.filter;
  const int64_t from = watcher.start.from_sequence;
  if (from > 0 && from < store::ForgottenSequence(reader)) {
    return absl::OutOfRangeError(
        "events after this sequence are no longer kept: start from the present "
        "state, with from_sequence -1");
  }
  const auto add = [&](const store::RunRow& row) {
    if (from < 0) watcher.present.push_back(row.key);
    if (!IsEnded(row.state)) {
      watcher.open.insert({row.experiment_id, row.point});
    }
  };
  for (const std::string& id : filter.experiments) {
    const auto key = store::FindExperiment(reader, id);
    if (!key.ok()) return key.status();
    watcher.experiments.push_back(*key);
    for (const auto& row : store::ReadRuns(reader, *key)) add(row);
  }
  for (const RunName& run : filter.runs) {
    const auto experiment = store::FindExperiment(reader, run.experiment);
    if (!experiment.ok()) return experiment.status();
    const auto key = store::FindRun(reader, *experiment, run.point);
    if (!key.ok()) return key.status();
    watcher.experiments.push_back(*experiment);
    if (!filter.experiments.contains(run.experiment)) {
      add(store::ReadRun(reader, *key));
    }
  }
  if (filter.takes_everything()) {
    for (const auto key : store::OpenExperiments(reader)) {
      for (const auto& row : store::ReadRuns(reader, key)) add(row);
    }
  }
  watcher.last = from < 0 ? store::LastSequence(reader) : from;
  return absl::OkStatus();
}

void EventHub::Ready(int64_t id) {
  MutexLock lock(mu_);
  const auto it = watchers_.find(id);
  if (it == watchers_.end()) return;
  it->second->is_ready = true;
  is_woken_ = true;
  wake_.NotifyOne();
}

void EventHub::Remove(int64_t id) {
  MutexLock lock(mu_);
  const auto it = watchers_.find(id);
  if (it == watchers_.end()) return;
  it->second->is_removed = true;
  watchers_.erase(it);
}

void EventHub::Live(const RunName& run, v1::Event event) {
  MutexLock lock(mu_);
  for (auto& [id, watcher] : watchers_) {
    const WatchFilter& filter = watcher->start.filter;
    if (!filter.Takes(run.experiment, run.point) ||
        !filter.Takes(v1::EVENT_KIND_LIVE)) {
      continue;
    }
    const std::pair key(run, event.live().name());
    if (watcher->live.size() >= kMaxLive && !watcher->live.contains(key)) {
      continue;
    }
    watcher->live[key] = event;
    is_woken_ = true;
  }
  if (is_woken_) wake_.NotifyOne();
}

void EventHub::Wake() {
  MutexLock lock(mu_);
  is_woken_ = true;
  wake_.NotifyOne();
}

void EventHub::Stop() {
  {
    MutexLock lock(mu_);
    is_stopping_ = true;
    wake_.NotifyOne();
  }
  if (thread_.joinable()) thread_.join();
}

void EventHub::Loop() {
  for (int64_t due_us = kNever;;) {
    std::vector<std::vector<store::StoredEvent>> commits;
    std::vector<std::shared_ptr<Watcher>> ready;
    bool is_stopping = false;
    {
      MutexLock lock(mu_);
      const int64_t wait_us =
          std::min<int64_t>(due_us - options_.clock->SteadyUs(), 1'000'000);
      if (!is_woken_ && !is_stopping_ && wait_us > 0) {
        wake_.WaitFor(mu_, std::chrono::microseconds(wait_us));
      }
      is_woken_ = false;
      is_stopping = is_stopping_;
      commits.swap(committed_);
      for (const auto& [id, watcher] : watchers_) {
        if (watcher->is_ready) ready.push_back(watcher);
      }
    }
    if (!commits.empty()) TakeCommitted(std::move(commits));
    if (is_stopping) return SendStopping();
    due_us = kNever;
    for (const auto& watcher : ready) {
      due_us = std::min(due_us, Serve(*watcher, options_.clock->SteadyUs()));
    }
  }
}

// A stream whose sink is busy ends with its transport.
void EventHub::SendStopping() {
  std::map<int64_t, std::shared_ptr<Watcher>> watchers;
  {
    MutexLock lock(mu_);
    watchers.swap(watchers_);
  }
  for (const auto& [id, watcher] : watchers) {
    v1::WatchResponse response;
    response.set_bookmark(watcher->bookmark());
    response.set_end(v1::WatchResponse::END_STOPPING);
    watcher->sink->Send(std::move(response));
  }
}

OutgoingEvent EventHub::Outgoing(store::Reader& reader,
                                 const store::StoredEvent& event) const {
  OutgoingEvent outgoing;
  outgoing.sequence = event.sequence;
  outgoing.experiment = event.experiment_id;
  outgoing.point = event.run ? event.point : -1;
  outgoing.kind = KindOf(event);
  outgoing.message =
      std::make_shared<const v1::Event>(messages_.event(reader, event));
  outgoing.bytes = outgoing.message->ByteSizeLong();
  outgoing.is_state = event.payload.has_state();
  outgoing.has_ended =
      outgoing.is_state && IsEnded(event.payload.state().to_state());
  return outgoing;
}

void EventHub::TakeCommitted(
    std::vector<std::vector<store::StoredEvent>> commits) {
  std::vector<std::vector<OutgoingEvent>> made;
  const absl::Status status = Read([&](store::Reader& reader) {
    for (const auto& commit : commits) {
      auto& events = made.emplace_back();
      for (const auto& event : commit) {
        events.push_back(Outgoing(reader, event));
      }
    }
    return absl::OkStatus();
  });
  if (!status.ok()) {
    // They are durable: watchers read them from the history.
    recent_ = std::make_unique<RecentEvents>(commits.back().back().sequence,
                                             options_.recent_events,
                                             options_.recent_bytes);
    return;
  }
  for (auto& events : made) {
    MarkEnds(events, false);
    recent_->Add(std::move(events));
  }
}

int64_t EventHub::Serve(Watcher& watcher, int64_t now_us) {
  const int64_t next_us =
      watcher.has_sent ? watcher.sent_us + options_.gather_us : now_us;
  const bool has_news = watcher.last < recent_->last() ||
                        !watcher.present.empty() || HasLive(watcher);
  const bool is_old = now_us - watcher.begun_us >= options_.life_us;
  const int64_t bookmark_us =
      (watcher.has_sent ? watcher.sent_us : watcher.begun_us) +
      options_.bookmark_us;
  const bool may_be_done = watcher.start.until_done && watcher.open.empty();
  if (!has_news && !is_old && !may_be_done && now_us < bookmark_us) {
    return bookmark_us;
  }
  if (has_news && now_us < next_us) return next_us;
  v1::WatchResponse response;
  if (!Fill(watcher, response)) return kNever;
  const bool is_caught_up =
      watcher.last >= recent_->last() && watcher.present.empty();
  response.set_bookmark(watcher.bookmark());
  if (is_caught_up && watcher.start.until_done && watcher.open.empty()) {
    response.set_end(v1::WatchResponse::END_DONE);
  } else if (is_old && watcher.present.empty()) {
    response.set_end(v1::WatchResponse::END_RECONNECT);
  }
  if (response.events().empty() && now_us < bookmark_us &&
      response.end() == v1::WatchResponse::END_UNSPECIFIED) {
    return is_caught_up ? bookmark_us : now_us;
  }
  {
    MutexLock lock(mu_);
    if (watcher.is_removed) return kNever;
    watcher.is_ready = false;
  }
  watcher.sent_us = now_us;
  watcher.has_sent = true;
  watcher.sink->Send(std::move(response));
  return kNever;
}

bool EventHub::HasLive(const Watcher& watcher) {
  MutexLock lock(mu_);
  return !watcher.live.empty();
}

// False when the watcher has failed.
bool EventHub::Fill(Watcher& watcher, v1::WatchResponse& response) {
  if (!watcher.present.empty()) return FillPresent(watcher, response);
  if (watcher.last < recent_->after()) return FillHistory(watcher, response);
  FillRecent(watcher, response);
  FillLive(watcher, response);
  return true;
}

bool EventHub::FillPresent(Watcher& watcher, v1::WatchResponse& response) {
  const absl::Status status = Read([&](store::Reader& reader) {
    std::size_t bytes = 0;
    while (!watcher.present.empty() && bytes < options_.response_bytes) {
      v1::Event event = messages_.present(reader, watcher.present.front());
      watcher.present.pop_front();
      bytes += event.ByteSizeLong();
      *response.add_events() = std::move(event);
    }
    return absl::OkStatus();
  });
  return status.ok() || Failed(watcher, status);
}

bool EventHub::Failed(Watcher& watcher, const absl::Status& why) {
  Remove(watcher.id);
  watcher.sink->Fail(why);
  return false;
}

absl::StatusOr<EventHub::Page> EventHub::ReadPage(const Watcher& watcher) {
  Page page;
  const absl::Status status = Read([&](store::Reader& reader) {
    page.up_to = store::LastSequence(reader);
    const auto stored =
        store::ReadEvents(reader, {.after_sequence = watcher.last,
                                   .experiments = watcher.experiments,
                                   .runs = {},
                                   .limit = kPageEvents});
    page.is_last = std::ssize(stored) < kPageEvents;
    for (const auto& event : stored) {
      page.events.push_back(Outgoing(reader, event));
    }
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  MarkEnds(page.events, true);
  return page;
}

bool EventHub::FillHistory(Watcher& watcher, v1::WatchResponse& response) {
  const auto page = ReadPage(watcher);
  if (!page.ok()) return Failed(watcher, page.status());
  std::size_t bytes = 0;
  for (const OutgoingEvent& event : page->events) {
    Take(watcher, event, response);
    bytes += event.bytes;
    if (event.may_end && bytes >= options_.response_bytes) return true;
  }
  if (page->is_last) watcher.last = page->up_to;
  return true;
}

void EventHub::FillRecent(Watcher& watcher, v1::WatchResponse& response) {
  std::size_t bytes = 0;
  recent_->ForEachAfter(watcher.last, [&](const OutgoingEvent& event) {
    const int before = response.events_size();
    Take(watcher, event, response);
    if (response.events_size() > before) bytes += event.bytes;
    return !event.may_end || bytes < options_.response_bytes;
  });
}

void EventHub::Take(Watcher& watcher, const OutgoingEvent& event,
                    v1::WatchResponse& response) const {
  watcher.last = event.sequence;
  const WatchFilter& filter = watcher.start.filter;
  if (!filter.Takes(event.experiment, event.point)) return;
  if (event.is_state) {
    const RunName run{event.experiment, event.point};
    if (event.has_ended) {
      watcher.open.erase(run);
    } else {
      watcher.open.insert(run);
    }
  }
  if (filter.Takes(event.kind)) *response.add_events() = *event.message;
}

void EventHub::FillLive(Watcher& watcher, v1::WatchResponse& response) {
  std::map<std::pair<RunName, std::string>, v1::Event> live;
  {
    MutexLock lock(mu_);
    live.swap(watcher.live);
  }
  for (auto& [key, event] : live) *response.add_events() = std::move(event);
}

}  // namespace engram
