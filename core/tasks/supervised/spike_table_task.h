#pragma once

#include <memory>
#include <utility>

#include "core/tasks/supervised/spike_table.h"
#include "core/tasks/supervised/supervised_task.h"

namespace engram {

// A task whose trials are drawn when it is made: input spikes, and the class
// that is asked for at the last step.
class SpikeTableTask final : public SupervisedTask {
 public:
  SpikeTableTask(TaskShape shape, int64_t steps, SpikeTable training,
                 SpikeTable test)
      : shape_(shape),
        steps_(steps),
        training_(std::move(training)),
        test_(std::move(test)) {}

  const TaskShape& shape() const override { return shape_; }
  BatchLength Length(const Stage&, Part, int64_t) const override {
    return {steps_, 0};
  }
  void Fill(const Stage&, const TrialAddress& a,
            const TrialView& trial) const override {
    const SpikeTable& table = Of(a.part);
    table.Fill(a.number % table.size(), trial);
  }
  int64_t trials(Part part) const override { return Of(part).size(); }

 private:
  const SpikeTable& Of(Part part) const {
    return part == Part::kTraining ? training_ : test_;
  }

  TaskShape shape_;
  int64_t steps_;
  SpikeTable training_, test_;
};

}  // namespace engram
