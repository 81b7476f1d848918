#include "core/tasks/trials/trial.h"

#include <algorithm>

#include "core/base/contract.h"

namespace engram {

void Trial::AddPeriod(absl::string_view name, int64_t steps) {
  AddPeriodAt(name, periods_.empty() ? 0 : periods_.back().end, steps);
}

void Trial::AddPeriodAt(absl::string_view name, int64_t begin, int64_t steps) {
  ENGRAM_EXPECT(begin >= 0 && steps >= 0);
  periods_.push_back({std::string(name), begin, begin + steps});
  steps_ = std::max(steps_, begin + steps);
}

void Trial::EndPeriods() {
  const auto steps = static_cast<size_t>(steps_);
  observations_.assign(steps * static_cast<size_t>(shape_.channels), 0);
  weights_.assign(steps, 1);
  asked_.assign(steps, 0);
  if (shape_.has_actions) {
    actions_.assign(steps, 0);
  } else {
    wanted_.assign(steps * static_cast<size_t>(shape_.outputs), 0);
  }
}

const Period& Trial::At(absl::string_view name) const {
  const auto found = std::ranges::find_if(
      periods_, [&](const Period& p) { return p.name == name; });
  ENGRAM_EXPECT(found != periods_.end());
  return *found;
}

void Trial::Show(int64_t channel, const Period& period, double value) {
  for (int64_t t = period.begin; t < period.end; ++t) {
    observation(channel, t) += value;
  }
}

void Trial::ShowAlways(int64_t channel, double value) {
  for (int64_t t = 0; t < steps_; ++t) observation(channel, t) += value;
}

void Trial::Hide(int64_t channel, const Period& period) {
  for (int64_t t = period.begin; t < period.end; ++t) {
    observation(channel, t) = 0;
  }
}

void Trial::HideAll(const Period& period) {
  for (int64_t i = 0; i < shape_.channels; ++i) Hide(i, period);
}

void Trial::Ask(int64_t action, const Period& period) {
  ENGRAM_EXPECT(action >= 0 && action < shape_.outputs);
  for (int64_t t = period.begin; t < period.end; ++t) {
    SetAction(action, t);
    asked_[At(t)] = 1;
  }
}

}  // namespace engram
