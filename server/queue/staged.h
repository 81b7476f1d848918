#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace engram {

// A value that belongs to the writer's thread and goes with what is stored:
// `now` as the transactions that have run left it, `durable` as the last commit
// did. Transactions that are taken back take `now` back, too.
template <class T>
struct Staged {
  explicit Staged(T value) : now(value), durable(std::move(value)) {}
  T now;
  T durable;
};

// What one transaction changed in staged values. Used on the writer's thread.
class Staging {
 public:
  template <class T>
  void Set(const std::shared_ptr<Staged<T>>& staged, T value) {
    const T before = staged->now;
    staged->now = value;
    changes_.push_back([staged, before, value](Fate fate) {
      switch (fate) {
        case Fate::kUndone:
          staged->now = before;
          break;
        case Fate::kDurable:
          staged->durable = value;
          break;
        case Fate::kLost:
          staged->now = staged->durable;
          break;
      }
    });
  }

  // The transaction's own work failed: as if it had never run.
  void Undo() {
    while (!changes_.empty()) {
      changes_.back()(Fate::kUndone);
      changes_.pop_back();
    }
  }
  // The commit was done, or failed: then with all that ran before it.
  void Settle(bool durable) {
    for (auto& change : changes_) {
      change(durable ? Fate::kDurable : Fate::kLost);
    }
    changes_.clear();
  }

 private:
  enum class Fate { kUndone, kDurable, kLost };
  std::vector<std::function<void(Fate)>> changes_;
};

}  // namespace engram
