// Stimuli that raise the rate of one channel of Poisson inputs, half of whose
// units excite and half inhibit:
//
//   ei_selectivity       one stimulus, uniform in 0..channels-1; class 1 for
//                        the first half of them
//   novelty_selectivity  one stimulus, and from half of the trial on the same
//                        again or another one; class 1 where it is another
//
// Inputs are the excitatory units of channel 0, of channel 1, ..., then the
// inhibitory ones in the same order. A unit spikes with probability rate dt in
// a step.
//
// Reconstruction of a task family in which balanced and co-tuned inhibition
// emerge under gradient descent, after Vogels et al. (2011),
// doi:10.1126/science.1211095.

#include <cmath>

#include "core/base/geometric.h"
#include "core/base/math.h"
#include "core/base/random.h"
#include "core/tasks/supervised/spike_table.h"
#include "core/tasks/supervised/supervised_task.h"

namespace engram {
namespace {

bool IsNovelty(const Component& c) { return c.type == "novelty_selectivity"; }

TaskShape ShapeOf(const Component& c) {
  return {.inputs = 2 * c.Integer("channels") * c.Integer("units_per_channel"),
          .outputs = 2};
}

struct Streams {
  Streams(uint64_t seed, const std::string& path, const std::string& part)
      : stimuli(seed, path, "stimuli of " + part),
        spikes(seed, path, "spikes of " + part) {}
  RandomStream stimuli;  // (0: first, 1: whether another, 2: which; trial)
  RandomStream spikes;   // (unit's number of gaps, trial)
};

// Channels that are on in the two halves of a trial.
struct Stimuli {
  int64_t first = 0, second = 0;
};

class ChannelSelectivity final : public SupervisedTask {
 public:
  ChannelSelectivity(const Component& c, uint64_t seed)
      : is_novelty_(IsNovelty(c)),
        channels_(c.Integer("channels")),
        units_(c.Integer("units_per_channel")),
        steps_(c.Integer("steps")),
        shape_(ShapeOf(c)),
        quiet_(LogOfSilence(c.Real("rate") * c.Real("dt") / 1000)),
        driven_(LogOfSilence((c.Real("rate") + c.Real("stimulus_rate")) *
                             c.Real("dt") / 1000)),
        training_(seed, c.path, "training"),
        test_(seed, c.path, "tests") {}

  const TaskShape& shape() const override { return shape_; }
  BatchLength Length(const Stage&, Part, int64_t) const override {
    return {steps_, is_novelty_ ? steps_ / 2 : 0};
  }

  void Fill(const Stage&, const TrialAddress& a,
            const TrialView& trial) const override {
    const Streams& streams = a.part == Part::kTraining ? training_ : test_;
    const Stimuli s = Draw(streams.stimuli, a.number);
    for (int64_t input = 0; input < shape_.inputs; ++input) {
      Spikes(streams.spikes, a.number, input, s, trial);
    }
    const bool one =
        is_novelty_ ? s.second != s.first : s.first < channels_ / 2;
    SpikeTable::AskAtTheEnd(one ? 1 : 0, trial);
  }

 private:
  // Of a gap's distribution: log(1 - p), p the probability of a spike.
  Stimuli Draw(const RandomStream& random, int64_t trial) const {
    Stimuli s;
    s.first = random.Below(channels_, 0, trial);
    s.second = s.first;
    if (is_novelty_ && random.Uniform(1, trial) < 0.5) {
      s.second =
          (s.first + 1 + random.Below(channels_ - 1, 2, trial)) % channels_;
    }
    return s;
  }

  // Gaps between spikes are geometric: one draw a spike instead of one a step.
  // A gap that reaches the change of stimulus begins anew there.
  void Spikes(const RandomStream& random, int64_t number, int64_t input,
              const Stimuli& s, const TrialView& trial) const {
    const int64_t channel = input % (channels_ * units_) / units_;
    const int64_t half = is_novelty_ ? steps_ / 2 : steps_;
    // No more gaps than steps and one for either half.
    int64_t gap = input * (steps_ + 2);
    const auto phase = [&](int64_t begin, int64_t end, bool is_driven) {
      const double silence = is_driven ? driven_ : quiet_;
      for (int64_t step = begin;; ++step) {
        const double steps = math::Log(random.Uniform(gap++, number)) / silence;
        if (steps >= static_cast<double>(end - step)) return;
        step += static_cast<int64_t>(steps);
        trial.SetInput(input, step, 1);
      }
    };
    phase(0, half, channel == s.first);
    if (half < steps_) phase(half, steps_, channel == s.second);
  }

  bool is_novelty_;
  int64_t channels_, units_, steps_;
  TaskShape shape_;
  double quiet_, driven_;
  Streams training_, test_;
};

void CheckRates(const Component& self, const Component&, Faults& faults) {
  const double most = self.Real("rate") + self.Real("stimulus_rate");
  if (most * self.Real("dt") < 1000) return;
  faults.push_back({0, self.path + ".stimulus_rate",
                    "rate and stimulus_rate together give a spike in every "
                    "step; make them smaller than one spike a dt"});
}

SupervisedTaskRow Row(const char* type, const char* summary,
                      const char* equation, int64_t steps) {
  return {.spec = {.kind = Kind::kSupervisedTask,
                   .type = type,
                   .summary = summary,
                   .equation = equation,
                   .parameters =
                       {Integer("channels", 8, 2, 1000, "that stimuli drive"),
                        Integer("units_per_channel", 10, 1, 10000,
                                "that excite, and as many that inhibit"),
                        Integer("steps", steps, 4, 100000, "of a trial"),
                        Real("dt", "ms", 1, 1e-3, 100, "a step"),
                        Real("rate", "Hz", 2, 1e-6, 1e5, "of every unit"),
                        Real("stimulus_rate", "Hz", 40, 0, 1e5,
                             "on top of it in the channel of the stimulus")},
                   .check = CheckRates},
          .shape = ShapeOf,
          .most_steps = [](const Component& c,
                           int64_t) { return c.Integer("steps"); },
          .make = [](const Component& c,
                     uint64_t seed) -> std::unique_ptr<SupervisedTask> {
            return std::make_unique<ChannelSelectivity>(c, seed);
          }};
}

}  // namespace

SupervisedTaskRow EiSelectivityRow() {
  return Row("ei_selectivity",
             "answers to half of the stimuli, which excitatory and inhibitory "
             "inputs carry alike",
             "label = [stimulus < channels / 2]", 200);
}

SupervisedTaskRow NoveltySelectivityRow() {
  return Row("novelty_selectivity",
             "answers to a stimulus that is not the one before, which "
             "excitatory and inhibitory inputs carry alike",
             "label = [second stimulus != first stimulus], scored over the "
             "second half",
             300);
}

}  // namespace engram
