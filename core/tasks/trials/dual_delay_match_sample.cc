// Two samples at once; a cue says which of them the next test is held against,
// another cue and test follow for the other one.
//
// Source: Rose et al. (2016), doi:10.1126/science.aah7011.

#include <array>

#include "absl/strings/str_cat.h"
#include "core/tasks/trials/timed_task.h"

namespace engram {
namespace {

constexpr int64_t kCue = 5;  // first of two channels

PeriodTable Periods() {
  return {{"fixation", Lasting(500)},    {"sample", Lasting(500)},
          {"delay1", Lasting(500)},      {"cue1", Lasting(500)},
          {"test1", Lasting(500), true}, {"delay2", Lasting(500)},
          {"cue2", Lasting(500)},        {"test2", Lasting(500), true}};
}

class DualDelayMatchSample final : public TimedTask {
 public:
  DualDelayMatchSample(const Component& c, uint64_t seed,
                       absl::string_view purpose)
      : TimedTask(c, seed, purpose, {.channels = 7, .outputs = 3}, Periods()) {}

  // An item is (cos, sin) of 0 or of pi / 2: one of its two channels is on.
  void Draw(int64_t number, Trial& trial) const override {
    const int64_t order = Below(2, 0, number);
    Lay(number, trial);
    trial.ShowAlways(kFixation, 1);
    for (int64_t item = 0; item < 2; ++item) {
      const int64_t sample = Below(2, 1 + 2 * item, number);
      const bool is_match = Below(2, 2 + 2 * item, number) == 0;
      const int64_t test = is_match ? sample : 1 - sample;
      const int64_t place = 1 + (order == 0 ? item : 1 - item);
      const Period& tested = trial.At(absl::StrCat("test", place));
      trial.Show(1 + 2 * item + sample, trial.At("sample"), 1);
      trial.Show(kCue + item, trial.At(absl::StrCat("cue", place)), 1);
      trial.Show(1 + 2 * item + test, tested, 1);
      trial.Ask(is_match ? 1 : 2, tested);
    }
    for (const char* period : {"sample", "test1", "test2"}) {
      AddNoise(number, trial.At(period), 0, 7, trial);
    }
  }
};

}  // namespace

TrialTaskRow DualDelayMatchSampleRow() {
  return RowOfTimed<DualDelayMatchSample>(
      {.type = "dual_delay_match_sample",
       .summary = "two samples are held, each is tested after a cue: action 1 "
                  "for a match, 2 for none",
       .equation = "item = (cos theta, sin theta), theta = 0 or pi / 2, with "
                   "noise sigma / sqrt(dt) N(0, 1) on all channels",
       .reference = "doi:10.1126/science.aah7011",
       .parameters = {Sigma()}},
      100, Periods);
}

}  // namespace engram
