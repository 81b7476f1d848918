// Which of three tests is the same as the sample? Exactly one is, the others
// are drawn; the answer is given during the one that matches.
//
// Source: Miller, Erickson and Desimone (1996), J. Neurosci. 16:5154-5167.

#include <numbers>

#include "absl/strings/str_cat.h"
#include "core/tasks/trials/ring.h"
#include "core/tasks/trials/timed_task.h"

namespace engram {
namespace {

constexpr Ring kRing{32};
constexpr int64_t kTests = 3;

PeriodTable Periods() {
  return {{"fixation", Lasting(300)}, {"sample", Lasting(500)},
          {"delay1", Lasting(1000)},  {"test1", Lasting(500), true},
          {"delay2", Lasting(1000)},  {"test2", Lasting(500), true},
          {"delay3", Lasting(1000)},  {"test3", Lasting(500), true}};
}

class DelayMatchSampleDistractor final : public TimedTask {
 public:
  DelayMatchSampleDistractor(const Component& c, uint64_t seed,
                             absl::string_view purpose)
      : TimedTask(c, seed, purpose, {.channels = 1 + kRing.size, .outputs = 2},
                  Periods()) {}

  // Elements of conditions: which matches, the sample, then the tests.
  void Draw(int64_t number, Trial& trial) const override {
    const int64_t match = Below(kTests, 0, number);
    const double sample = 2 * std::numbers::pi * Uniform(1, number);
    Lay(number, trial);
    trial.Show(kFixation, trial.At("fixation"), 1);
    kRing.Show(1, trial.At("sample"), sample, 0, 1, trial);
    for (int64_t k = 0; k < kTests; ++k) {
      const Period& test = trial.At(absl::StrCat("test", k + 1));
      const double theta =
          k == match ? sample : 2 * std::numbers::pi * Uniform(2 + k, number);
      kRing.Show(1, test, theta, 0, 1, trial);
      trial.Ask(k == match ? 1 : 0, test);
    }
  }
};

}  // namespace

TrialTaskRow DelayMatchSampleDistractorRow() {
  return RowOfTimed<DelayMatchSampleDistractor>(
      {.type = "delay_match_sample_distractor_1d",
       .summary = "say when one of three tests is the same as the sample: "
                  "action 1 during it",
       .equation = "s_i = cos(theta_i - theta), 32 directions",
       .reference = "doi:10.1523/JNEUROSCI.16-16-05154.1996"},
      100, Periods);
}

}  // namespace engram
