// A server that stops: everything goes back from the workers into the store.
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/queue/queue_impl.h"

namespace engram {
namespace {

// How often it is looked whether time is up while workers save their states.
constexpr std::chrono::milliseconds kLook{50};

Loss Drained(absl::string_view why) {
  return {.reason = "drained",
          .fault = {"DRAINED", std::string(why)},
          .counts = false,
          .repeat = true};
}

// Whether its worker can still save its state or say how it ended.
bool IsWaitedFor(const Work& work, const WorkerEntry& worker) {
  return work.has_begun && work.verification == 0 && worker.link != nullptr;
}

}  // namespace

absl::Status Queue::Impl::Shutdown() {
  MutexLock lock(mu_);
  books_.is_shut = true;
  AskAllToYield(books_);
  const int64_t until_us = options_.clock->SteadyUs() + options_.drain_us;
  while (AnyWaitedFor(books_) && !is_hurried_ &&
         options_.clock->SteadyUs() < until_us) {
    settled_.WaitFor(mu_, kLook);
  }
  TakeBackAll(books_);
  while (in_flight_ > 0) settled_.Wait(mu_);
  for (auto& [number, worker] : books_.workers) {
    CloseLink(worker, absl::UnavailableError("the server stops"));
  }
  if (books_.again.empty()) return absl::OkStatus();
  return absl::UnavailableError(
      "the disk did not take the last changes of state; runs that were at work "
      "are queued again at the next start");
}

void Queue::Impl::Hurry() {
  MutexLock lock(mu_);
  is_hurried_ = true;
  settled_.NotifyAll();
}

void Queue::Impl::AskAllToYield(Books& books) {
  for (auto& [number, worker] : books.workers) {
    for (const int64_t id : worker.hand) {
      Work& work = books.works.at(id);
      if (IsWaitedFor(work, worker)) {
        AskToYield(work, books, "drained");
      } else {
        LoseLater(work.attempt, Drained("the server stopped"));
      }
    }
  }
}

bool Queue::Impl::AnyWaitedFor(const Books& books) {
  for (const auto& [number, worker] : books.workers) {
    for (const int64_t id : worker.hand) {
      if (IsWaitedFor(books.works.at(id), worker)) return true;
    }
  }
  return false;
}

// What is still in hand is lost with its worker, which is ended.
void Queue::Impl::TakeBackAll(Books& books) {
  for (auto& [number, worker] : books.workers) {
    for (const int64_t id : worker.hand) {
      LoseLater(books.works.at(id).attempt,
                Drained(absl::StrCat("the server stopped, and its state was "
                                     "not saved within ",
                                     options_.drain_us / 1'000'000, " s")));
    }
    if (worker.link != nullptr) worker.link->Quit();
  }
}

}  // namespace engram
