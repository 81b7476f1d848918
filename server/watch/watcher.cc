#include "server/watch/watcher.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/store/experiment_table.h"
#include "server/store/run_table.h"

namespace engram {
namespace {

// Of the history, read at a time: a response takes about half of them.
constexpr int kPageEvents = 1024;
// Of the tree that holds an open run.
constexpr std::size_t kNodeBytes = 48;

bool IsEnded(absl::string_view state) {
  constexpr std::array<absl::string_view, 4> kOpen = {"queued", "starting",
                                                      "running", "cancelling"};
  return std::find(kOpen.begin(), kOpen.end(), state) == kOpen.end();
}

bool HasEnded(const store::StoredEvent& event) {
  return IsEnded(event.payload.state().to_state());
}

// Events that are read back, up to where no run's events of one time can go on
// beyond them.
struct Page {
  std::vector<store::StoredEvent> events;
  bool is_last = false;
};

Page ReadPage(store::Reader& reader, store::EventQuery query) {
  for (query.limit = kPageEvents;; query.limit *= 2) {
    Page page{.events = store::ReadEvents(reader, query), .is_last = false};
    page.is_last = std::ssize(page.events) < query.limit;
    if (page.is_last) return page;
    const int64_t time_us = page.events.back().time_us;
    const auto kept = std::find_if(page.events.rbegin(), page.events.rend(),
                                   [&](const store::StoredEvent& event) {
                                     return event.time_us != time_us;
                                   });
    // All of one moment: its end is looked for farther on.
    if (kept == page.events.rend()) continue;
    page.events.erase(kept.base(), page.events.end());
    return page;
  }
}

}  // namespace

OutgoingEvent MakeOutgoing(const WatchMessages& messages, store::Reader& reader,
                           const store::StoredEvent& event) {
  OutgoingEvent outgoing;
  outgoing.sequence = event.sequence;
  outgoing.experiment = event.experiment_id;
  outgoing.point = event.run ? event.point : -1;
  outgoing.kind = KindOf(event);
  outgoing.message =
      std::make_shared<const v1::Event>(messages.event(reader, event));
  outgoing.bytes = outgoing.message->ByteSizeLong();
  outgoing.is_state = event.payload.has_state();
  outgoing.has_ended = outgoing.is_state && HasEnded(event);
  outgoing.run = event.run.value_or(store::RunKey{});
  return outgoing;
}

absl::Status Watcher::Prepare(store::Reader& reader) {
  const WatchFilter& filter = start_.filter;
  const int64_t from = start_.from_sequence;
  if (from > 0 && from < store::ForgottenSequence(reader)) {
    return absl::OutOfRangeError(
        "events after this sequence are no longer kept: start from the present "
        "state, with from_sequence -1");
  }
  prepared_at_ = store::LastSequence(reader);
  if (from > prepared_at_) {
    return absl::OutOfRangeError(absl::StrCat(
        "from_sequence ", from, " has not been given yet, the newest is ",
        prepared_at_, ": start from the present state, with from_sequence -1"));
  }
  const auto add = [&](const store::RunRow& row) {
    AddRun(row.key, IsEnded(row.state));
  };
  for (const std::string& id : filter.experiments) {
    const auto key = store::FindExperiment(reader, id);
    if (!key.ok()) return key.status();
    experiments_.push_back(*key);
    for (const auto& row : store::ReadRuns(reader, *key)) add(row);
  }
  for (const RunName& run : filter.runs) {
    const auto experiment = store::FindExperiment(reader, run.experiment);
    if (!experiment.ok()) return experiment.status();
    const auto key = store::FindRun(reader, *experiment, run.point);
    if (!key.ok()) return key.status();
    experiments_.push_back(*experiment);
    if (!filter.experiments.contains(run.experiment)) {
      add(store::ReadRun(reader, *key));
    }
  }
  if (filter.takes_everything()) {
    for (const auto key : store::OpenExperiments(reader)) {
      for (const auto& row : store::ReadRuns(reader, key)) add(row);
    }
  }
  last_ = from < 0 ? prepared_at_ : from;
  return absl::OkStatus();
}

void Watcher::AddRun(store::RunKey run, bool has_ended) {
  if (start_.from_sequence < 0) present_.push_back(run);
  FollowState(run, has_ended);
}

void Watcher::FollowState(store::RunKey run, bool has_ended) {
  if (!start_.until_done) return;
  if (has_ended) {
    open_.erase(run);
  } else {
    open_.insert(run);
  }
}

std::size_t Watcher::held_bytes() const {
  return sizeof(*this) + present_.capacity() * sizeof(store::RunKey) +
         open_.size() * kNodeBytes;
}

void Watcher::FillPresent(store::Reader& reader, const WatchMessages& messages,
                          std::size_t max_bytes, v1::WatchResponse& response) {
  std::size_t bytes = 0;
  while (owes_present() && bytes < max_bytes) {
    v1::Event event = messages.present(reader, present_[next_present_++]);
    bytes += event.ByteSizeLong();
    *response.add_events() = std::move(event);
  }
  if (owes_present()) return;
  present_ = {};
  next_present_ = 0;
}

void Watcher::FillHistory(store::Reader& reader, const WatchMessages& messages,
                          std::size_t max_bytes, v1::WatchResponse& response) {
  const int64_t up_to = store::LastSequence(reader);
  const Page page = ReadPage(reader, {.after_sequence = last_,
                                      .experiments = experiments_,
                                      .runs = {},
                                      .limit = kPageEvents});
  const std::vector<bool> ends = EndsOf(page.events);
  const WatchFilter& filter = start_.filter;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < page.events.size(); ++i) {
    const store::StoredEvent& event = page.events[i];
    last_ = event.sequence;
    if (filter.Takes(event.experiment_id, event.run ? event.point : -1)) {
      if (event.payload.has_state() && event.run) {
        FollowState(*event.run, HasEnded(event));
      }
      if (filter.Takes(KindOf(event))) {
        v1::Event message = messages.event(reader, event);
        bytes += message.ByteSizeLong();
        *response.add_events() = std::move(message);
      }
    }
    if (ends[i] && bytes >= max_bytes) return;
  }
  if (page.is_last) last_ = std::max(last_, up_to);
}

void Watcher::FillRecent(const RecentEvents& recent, std::size_t max_bytes,
                         v1::WatchResponse& response) {
  const WatchFilter& filter = start_.filter;
  std::size_t bytes = 0;
  recent.ForEachAfter(last_, [&](const OutgoingEvent& event) {
    last_ = event.sequence;
    if (filter.Takes(event.experiment, event.point)) {
      if (event.is_state) FollowState(event.run, event.has_ended);
      if (filter.Takes(event.kind)) {
        *response.add_events() = *event.message;
        bytes += event.bytes;
      }
    }
    return !event.may_end || bytes < max_bytes;
  });
}

}  // namespace engram
