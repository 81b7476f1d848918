// Input spike trains that are drawn once and shown again and again, and for
// each of them the trains that units should answer with.
//
//   P(input spikes in a step) = rate dt
//   target  even: spike k of n at step floor((k + 1) steps / (n + 1)), for
//   every
//           output; drawn: n steps of an output that differ, uniform
//
// The test asks about what was learned.
//
// Source: Zenke and Ganguli (2018), doi:10.1162/neco_a_01086, first experiment:
// 100 inputs, one output, 500 ms, five spikes at equal distances.

#include "absl/strings/str_cat.h"
#include "core/base/random.h"
#include "core/tasks/supervised/spike_table.h"
#include "core/tasks/supervised/supervised_task.h"

namespace engram {
namespace {

TaskShape ShapeOf(const Component& c) {
  return {.inputs = c.Integer("inputs"),
          .outputs = c.Integer("outputs"),
          .has_classes = false};
}

class TargetSpikes final : public SupervisedTask {
 public:
  TargetSpikes(const Component& c, uint64_t seed)
      : shape_(ShapeOf(c)), steps_(c.Integer("steps")) {
    const RandomStream spikes(seed, c.path, "patterns");
    const RandomStream targets(seed, c.path, "targets");
    const double probability = c.Real("rate") * c.Real("dt") / 1000;
    std::vector<double> drawn(static_cast<size_t>(shape_.inputs * steps_));
    for (int64_t k = 0; k < c.Integer("patterns"); ++k) {
      inputs_.BeginTrial(0);
      spikes.Fill(k, drawn);
      for (size_t i = 0; i < drawn.size(); ++i) {
        const auto at = static_cast<int64_t>(i);
        if (drawn[i] < probability) {
          inputs_.Add(at % shape_.inputs, at / shape_.inputs);
        }
      }
      AddTargets(c, targets, k);
    }
  }

  const TaskShape& shape() const override { return shape_; }
  BatchLength Length(const Stage&, Part, int64_t) const override {
    return {steps_, 0};
  }
  void Fill(const Stage&, const TrialAddress& a,
            const TrialView& trial) const override {
    const int64_t pattern = a.number % inputs_.size();
    inputs_.Show(pattern, [&](SpikeTable::Spike s) {
      trial.SetInput(s.input, s.step, 1);
    });
    targets_.Show(pattern, [&](SpikeTable::Spike s) {
      trial.SetTarget(s.input, s.step, 1);
    });
  }
  int64_t trials(Part) const override { return inputs_.size(); }

 private:
  void AddTargets(const Component& c, const RandomStream& random,
                  int64_t pattern) {
    const int64_t count = c.Integer("target_spikes");
    std::vector<int64_t> order(static_cast<size_t>(steps_));
    targets_.BeginTrial(0);
    for (int64_t output = 0; output < shape_.outputs; ++output) {
      const bool is_even = c.Text("target") == "even";
      if (!is_even)
        random.Permutation(pattern * shape_.outputs + output, order);
      for (int64_t k = 0; k < count; ++k) {
        targets_.Add(output, is_even ? (k + 1) * steps_ / (count + 1)
                                     : order[static_cast<size_t>(k)]);
      }
    }
  }

  TaskShape shape_;
  int64_t steps_;
  SpikeTable inputs_, targets_;  // of each pattern
};

void CheckTrains(const Component& self, const Component&, Faults& faults) {
  if (self.Real("rate") * self.Real("dt") >= 1000) {
    faults.push_back({0, self.path + ".rate",
                      "gives every input a spike in every step; make it "
                      "smaller than one spike a dt"});
  }
  const int64_t count = self.Integer("target_spikes");
  if (count < self.Integer("steps")) return;
  faults.push_back(
      {0, self.path + ".target_spikes",
       absl::StrCat(count, " spikes do not fit into ", self.Integer("steps"),
                    " steps, one a step at most; take fewer")});
}

TaskTable Table(const Component& c) {
  const double patterns = c.Real("patterns"), steps = c.Real("steps");
  const double drawn = patterns * c.Real("inputs") * steps;
  const double targets = patterns * c.Real("outputs") * c.Real("target_spikes");
  const double orders = c.Text("target") == "even"
                            ? 0
                            : 10 * patterns * c.Real("outputs") * steps;
  return {.numbers = drawn + orders + targets,
          .bytes = 8 * c.Real("inputs") * steps +
                   16 * c.Real("rate") * c.Real("dt") / 1000 * drawn +
                   16 * targets + 24 * patterns};
}

}  // namespace

SupervisedTaskRow TargetSpikesRow() {
  return {
      .spec = {.kind = Kind::kSupervisedTask,
               .type = "target_spikes",
               .summary = "frozen input spike trains, each to be answered "
                          "with given spike trains",
               .equation = "P(input spikes in a step) = rate dt; targets "
                           "at equal distances, or drawn",
               .reference = "doi:10.1162/neco_a_01086",
               .parameters = {Integer("inputs", 100, 1, 100000, "spike trains"),
                              Integer("outputs", 1, 1, 10000, "target trains"),
                              Integer("patterns", 1, 1, 100000,
                                      "of inputs, each with targets"),
                              Integer("steps", 500, 2, 100000, "of a trial"),
                              Real("dt", "ms", 1, 1e-3, 100, "a step"),
                              Real("rate", "Hz", 10, 1e-6, 1e5, "of an input"),
                              Choice("target", "even", {"even", "drawn"},
                                     "where its spikes are"),
                              Integer("target_spikes", 5, 0, 100000,
                                      "of an output in a trial")},
               .check = CheckTrains},
      .shape = ShapeOf,
      .most_steps = [](const Component& c,
                       int64_t) { return c.Integer("steps"); },
      .make = [](const Component& c,
                 uint64_t seed) -> std::unique_ptr<SupervisedTask> {
        return std::make_unique<TargetSpikes>(c, seed);
      },
      .table = Table};
}

}  // namespace engram
