// Is the test the same as the sample before the delay?
//
// Source: Miller, Erickson and Desimone (1996), J. Neurosci. 16:5154-5167.

#include <numbers>

#include "core/tasks/trials/ring.h"
#include "core/tasks/trials/timed_task.h"

namespace engram {
namespace {

PeriodTable Periods() {
  return {{"fixation", Lasting(300)},
          {"sample", Lasting(500)},
          {"delay", Lasting(1000)},
          {"test", Lasting(500)},
          {"decision", Lasting(900), true}};
}

class DelayMatchSample final : public TimedTask {
 public:
  DelayMatchSample(const Component& c, uint64_t seed, absl::string_view purpose)
      : TimedTask(c, seed, purpose,
                  {.channels = 1 + c.Integer("dim_ring"), .outputs = 3},
                  Periods()),
        ring_{c.Integer("dim_ring")} {}

  // Who does not match is opposite.
  void Draw(int64_t number, Trial& trial) const override {
    const bool is_match = Below(2, 0, number) == 0;
    const double sample = ring_.Angle(Below(ring_.size, 1, number));
    const double test = is_match ? sample : sample + std::numbers::pi;
    Lay(number, trial);
    trial.ShowAlways(kFixation, 1);
    trial.Hide(kFixation, trial.At("decision"));
    ring_.Show(1, trial.At("sample"), sample, 0.5, 0.5, trial);
    ring_.Show(1, trial.At("test"), test, 0.5, 0.5, trial);
    for (const char* period : {"sample", "test"}) {
      AddNoise(number, trial.At(period), 1, 1 + ring_.size, trial);
    }
    trial.Ask(is_match ? 1 : 2, trial.At("decision"));
  }

 private:
  Ring ring_;
};

}  // namespace

TrialTaskRow DelayMatchSampleRow() {
  return RowOfTimed<DelayMatchSample>(
      {.type = "delay_match_sample",
       .summary = "is a test the same as the sample before a delay: action 1 "
                  "for a match, 2 for none",
       .equation = "s_i = 0.5 + 0.5 cos(theta_i - theta) + sigma / sqrt(dt) "
                   "N(0, 1)",
       .reference = "doi:10.1523/JNEUROSCI.16-16-05154.1996",
       .parameters = {Sigma(), Integer("dim_ring", 2, 2, 1000,
                                       "channels, and directions of samples")}},
      100, Periods);
}

}  // namespace engram
