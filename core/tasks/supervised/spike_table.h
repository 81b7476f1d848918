#pragma once

#include <cstdint>
#include <vector>

#include "core/training/training_block.h"

namespace engram {

// Input spikes of a finite set of trials, with the class of each.
class SpikeTable {
 public:
  struct Spike {
    int32_t input = 0;
    int32_t step = 0;
  };

  void BeginTrial(int32_t label) {
    first_.push_back(spikes_.size());
    labels_.push_back(label);
  }
  // Of the trial that was begun last.
  void Add(int64_t input, int64_t step) {
    spikes_.push_back(
        {static_cast<int32_t>(input), static_cast<int32_t>(step)});
  }

  int64_t size() const { return static_cast<int64_t>(labels_.size()); }
  int32_t label(int64_t trial) const {
    return labels_[static_cast<size_t>(trial)];
  }

  // Calls visit(spike) for every spike of a trial, in order.
  template <class Visit>
  void Show(int64_t trial, Visit visit) const {
    const auto at = static_cast<size_t>(trial);
    const size_t end = at + 1 < first_.size() ? first_[at + 1] : spikes_.size();
    for (size_t k = first_[at]; k < end; ++k) visit(spikes_[k]);
  }

  // Sets the inputs of a trial, and asks for its class at the last step alone.
  void Fill(int64_t trial, const TrialView& view) const {
    Show(trial, [&](Spike s) { view.SetInput(s.input, s.step, 1); });
    AskAtTheEnd(label(trial), view);
  }

  static void AskAtTheEnd(int32_t label, const TrialView& view) {
    for (int64_t step = view.first_scored; step < view.steps - 1; ++step) {
      view.SetWeight(step, 0);
    }
    view.SetLabel(0, view.steps - 1, label);
  }

 private:
  std::vector<Spike> spikes_;
  std::vector<size_t> first_;  // spike of each trial
  std::vector<int32_t> labels_;
};

}  // namespace engram
