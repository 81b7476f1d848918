#include "server/worker/outbox.h"

#include <utility>

namespace engram {

Outbox::Outbox(int64_t bound_bytes) : bound_bytes_(bound_bytes) {}

bool Outbox::Put(v1::WorkerEvent event) {
  MutexLock lock(mu_);
  while (!closed_ && bytes_ > bound_bytes_) room_.Wait(mu_);
  if (closed_) return false;
  Keep(std::move(event));
  return true;
}

bool Outbox::PutAtOnce(v1::WorkerEvent event) {
  MutexLock lock(mu_);
  if (closed_) return false;
  Keep(std::move(event));
  return true;
}

void Outbox::Keep(v1::WorkerEvent event) {
  event.set_number(++last_number_);
  const int64_t bytes = static_cast<int64_t>(event.ByteSizeLong());
  bytes_ += bytes;
  events_.push_back(
      {bytes, std::make_shared<const v1::WorkerEvent>(std::move(event))});
  work_.NotifyOne();
}

void Outbox::PostLive(v1::LiveReport report) {
  MutexLock lock(mu_);
  LiveKey key(report.key().attempt(), report.name());
  live_[std::move(key)] = std::move(report);
  work_.NotifyOne();
}

void Outbox::PostReturned(std::vector<v1::AttemptKey> keys) {
  MutexLock lock(mu_);
  for (v1::AttemptKey& key : keys) returned_.push_back(std::move(key));
  work_.NotifyOne();
}

bool Outbox::HasNext() const {
  return sent_ < events_.size() || !returned_.empty() || !live_.empty();
}

std::optional<v1::FromWorker> Outbox::Next(std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  MutexLock lock(mu_);
  while (!HasNext() && !woken_ && !closed_) {
    const auto left = deadline - std::chrono::steady_clock::now();
    if (left <= left.zero()) return std::nullopt;
    work_.WaitFor(mu_, left);
  }
  if (std::exchange(woken_, false) || !HasNext()) return std::nullopt;
  v1::FromWorker message;
  if (!returned_.empty()) {
    for (v1::AttemptKey& key : returned_) {
      *message.mutable_returned()->add_keys() = std::move(key);
    }
    returned_.clear();
  } else if (!live_.empty()) {
    *message.mutable_live() = std::move(live_.begin()->second);
    live_.erase(live_.begin());
  } else {
    *message.mutable_event() = *events_[sent_++].event;
  }
  return message;
}

void Outbox::Wake() {
  MutexLock lock(mu_);
  woken_ = true;
  work_.NotifyAll();
}

void Outbox::Rewind(int64_t stored) {
  MutexLock lock(mu_);
  Forget(stored);
  sent_ = 0;
  live_.clear();
  returned_.clear();
}

void Outbox::Acknowledge(int64_t number) {
  MutexLock lock(mu_);
  Forget(number);
}

void Outbox::Forget(int64_t up_to) {
  while (!events_.empty() && events_.front().event->number() <= up_to) {
    bytes_ -= events_.front().bytes;
    events_.pop_front();
    if (sent_ > 0) --sent_;
  }
  room_.NotifyAll();
}

void Outbox::Close() {
  MutexLock lock(mu_);
  closed_ = true;
  room_.NotifyAll();
  work_.NotifyAll();
}

bool Outbox::closed() const {
  MutexLock lock(mu_);
  return closed_;
}

std::vector<v1::AttemptKey> Outbox::EndedKeys() const {
  MutexLock lock(mu_);
  std::vector<v1::AttemptKey> keys;
  for (const Kept& kept : events_) {
    if (kept.event->has_finished()) keys.push_back(kept.event->key());
  }
  return keys;
}

bool Outbox::empty() const {
  MutexLock lock(mu_);
  return events_.empty() && returned_.empty() && live_.empty();
}

int64_t Outbox::kept_bytes() const {
  MutexLock lock(mu_);
  return bytes_;
}

}  // namespace engram
