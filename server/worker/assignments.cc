#include "server/worker/assignments.h"

#include <algorithm>
#include <utility>

namespace engram {
namespace {

bool Same(const v1::AttemptKey& a, const v1::AttemptKey& b) {
  return a.attempt() == b.attempt() && a.fencing_token() == b.fencing_token();
}

}  // namespace

bool Assignments::Give(v1::RunAssignment assignment) {
  MutexLock lock(mu_);
  const auto is_here = [&](const v1::RunAssignment& held) {
    return Same(held.key(), assignment.key());
  };
  if (running_ && Same(*running_, assignment.key())) return true;
  if (std::ranges::any_of(held_, is_here)) return true;
  // One more while nothing runs: the executing thread is about to take it.
  if (quit_ || held_.size() >= kMaxHeld + (running_ ? 0 : 1)) return false;
  held_.push_back(std::move(assignment));
  given_.NotifyOne();
  return true;
}

std::optional<Assignments::Taken> Assignments::Take() {
  MutexLock lock(mu_);
  while (held_.empty() && !quit_) given_.Wait(mu_);
  if (quit_) return std::nullopt;
  stop_ = StopOrder();
  Taken taken{std::move(held_.front()), stop_};
  held_.pop_front();
  running_ = taken.assignment.key();
  return taken;
}

void Assignments::Ended() {
  MutexLock lock(mu_);
  running_.reset();
}

Assignments::StopEffect Assignments::Stop(const v1::AttemptKey& key,
                                          bool yield) {
  MutexLock lock(mu_);
  if (running_ && Same(*running_, key)) {
    if (yield) {
      stop_.Yield();
    } else {
      stop_.Cancel();
    }
    return StopEffect::kRunning;
  }
  const auto erased = std::erase_if(
      held_, [&](const auto& held) { return Same(held.key(), key); });
  return erased > 0 ? StopEffect::kHeld : StopEffect::kUnknown;
}

std::vector<v1::AttemptKey> Assignments::Quit() {
  MutexLock lock(mu_);
  std::vector<v1::AttemptKey> keys;
  keys.reserve(held_.size());
  for (const v1::RunAssignment& held : held_) keys.push_back(held.key());
  held_.clear();
  quit_ = true;
  given_.NotifyAll();
  return keys;
}

void Assignments::Abandon() {
  Quit();
  MutexLock lock(mu_);
  stop_.Cancel();
}

std::vector<v1::AttemptKey> Assignments::Keys() const {
  MutexLock lock(mu_);
  std::vector<v1::AttemptKey> keys;
  keys.reserve(held_.size() + 1);
  if (running_) keys.push_back(*running_);
  for (const v1::RunAssignment& held : held_) keys.push_back(held.key());
  return keys;
}

bool Assignments::finished() const {
  MutexLock lock(mu_);
  return quit_ && !running_;
}

}  // namespace engram
