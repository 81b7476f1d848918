#include "server/queue/waiting_line.h"

#include "core/base/contract.h"

namespace engram {

WaitingLine::OwnKey WaitingLine::Own(const WaitingRun& run) {
  return {-run.priority, run.age, run.point, run.id};
}

WaitingLine::UrgentKey WaitingLine::Urgent(const WaitingRun& run) {
  return {run.age, run.point, run.id};
}

void WaitingLine::Add(const WaitingRun& run) {
  ENGRAM_EXPECT(runs_.emplace(run.id, run).second);
  if (run.urgent) {
    urgent_.insert(Urgent(run));
  } else {
    own_[run.owner].insert(Own(run));
  }
}

void WaitingLine::Remove(int64_t id) {
  const auto it = runs_.find(id);
  ENGRAM_EXPECT(it != runs_.end());
  const WaitingRun& run = it->second;
  if (run.urgent) {
    urgent_.erase(Urgent(run));
  } else {
    auto own = own_.find(run.owner);
    own->second.erase(Own(run));
    if (own->second.empty()) own_.erase(own);
  }
  runs_.erase(it);
}

WaitingLine::Walk WaitingLine::Begin(const ShareOf& share) const {
  Walk walk;
  walk.line_ = this;
  walk.urgent_ = urgent_.begin();
  for (const auto& [owner, runs] : own_) {
    walk.next_[owner] = runs.begin();
    walk.turns_.push({share(owner), &owner});
  }
  return walk;
}

const WaitingRun* WaitingLine::Walk::Next() {
  while (urgent_ != line_->urgent_.end()) {
    const WaitingRun& run = line_->runs_.at(std::get<2>(*urgent_++));
    if (!skipped_.contains(run.owner)) return &run;
  }
  while (!turns_.empty()) {
    const Turn turn = turns_.top();
    turns_.pop();
    if (skipped_.contains(*turn.owner)) continue;
    auto& next = next_.at(*turn.owner);
    const WaitingRun& run = line_->runs_.at(std::get<3>(*next));
    if (++next != line_->own_.at(*turn.owner).end()) {
      turns_.push({turn.share + run.charge, turn.owner});
    }
    return &run;
  }
  return nullptr;
}

void WaitingLine::Walk::Skip(absl::string_view owner) {
  skipped_.insert(std::string(owner));
}

}  // namespace engram
