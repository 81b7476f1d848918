#include <exception>
#include <memory>
#include <utility>

#include "server/queue/queue_impl.h"

namespace engram {

void Queue::Impl::Commit(ChangeWork work, OnFailure failed) {
  // Shared by the two calls that the writer's thread makes one after another.
  const auto change = std::make_shared<Change>();
  ++in_flight_;
  store_.WriteAsync(
      [work = std::move(work), change](store::Transaction& transaction) {
        change->effects.clear();
        try {
          absl::Status status = work(transaction, *change);
          if (!status.ok()) change->staging.Undo();
          return status;
        } catch (...) {
          // The store makes a Status of it; what was staged goes here.
          change->staging.Undo();
          throw;
        }
      },
      [this, change, failed = std::move(failed)](absl::Status status) {
        change->staging.Settle(status.ok());
        MutexLock lock(mu_);
        // One broken promise must not keep the other effects, among them the
        // answer to who waits, from being entered.
        std::exception_ptr broken;
        const auto enter = [this, &broken](const auto& step)
                               ENGRAM_REQUIRES(mu_) {
                                 try {
                                   step(books_);
                                 } catch (...) {
                                   broken = std::current_exception();
                                 }
                               };
        if (status.ok()) {
          for (const Effect& effect : change->effects) {
            enter(effect);
          }
        } else {
          enter([&](Books& books) { failed(books, status); });
        }
        enter([this](Books& books) { Schedule(books); });
        --in_flight_;
        settled_.NotifyAll();
        if (broken) std::rethrow_exception(broken);
      });
}

absl::Status Queue::Impl::CommitAndWait(ChangeWork work) {
  struct Answer {
    bool is_there = false;
    absl::Status status;
  };
  const auto answer = std::make_shared<Answer>();
  Commit(
      [work = std::move(work), answer](store::Transaction& transaction,
                                       Change& change) {
        absl::Status status = work(transaction, change);
        change.effects.push_back([answer](Books&) { answer->is_there = true; });
        return status;
      },
      [answer](Books&, const absl::Status& status) {
        // A copy of its own, payloads and all: two threads would count the
        // references of a shared one.
        answer->status = absl::Status(status.code(), status.message());
        status.ForEachPayload([&](absl::string_view url, const absl::Cord& c) {
          answer->status.SetPayload(url, c);
        });
        answer->is_there = true;
      });
  MutexLock lock(mu_);
  while (!answer->is_there) settled_.Wait(mu_);
  return std::move(answer->status);
}

}  // namespace engram
