// Which of two frequencies is the higher one? Each is shown by two channels,
// one rising with it and one falling; all durations are random.
//
// Source: Ehrlich et al. (2021), doi:10.1523/ENEURO.0427-20.2020, after Romo
// et al. (1999), doi:10.1038/20939.

#include "core/tasks/trials/sampled_task.h"

namespace engram {
namespace {

class DelayedDiscrimination final : public SampledTask {
 public:
  DelayedDiscrimination(const Component& c, uint64_t seed,
                        absl::string_view purpose)
      : SampledTask(c, seed, purpose,
                    {.channels = 2,
                     .outputs = 2,
                     .has_actions = false,
                     .has_choice = true}) {}

  // Pairs are (18, 10) to (34, 26) Hz; choice 0: the first is the higher one.
  void Draw(int64_t number, Trial& trial) const override {
    const int64_t choice = Below(2, 0, number);
    const double low = 10 + 4 * static_cast<double>(Below(5, 1, number));
    const double first = choice == 0 ? low + 8 : low;
    const double second = choice == 0 ? low : low + 8;
    const double stimulus1 = Uniform(2, number) * duration() / 8;
    const double delay = stimulus1 + Uniform(3, number) * duration() / 4;
    const double stimulus2 = delay + Uniform(4, number) * duration() / 4;
    const double decision = stimulus2 + Uniform(5, number) * duration() / 4;
    const double end = decision + Uniform(6, number) * duration() / 8;
    Begin(trial);
    for (int64_t k = 0; k < trial.steps(); ++k) {
      const double t = TimeOf(k);
      if (stimulus1 <= t && t < delay) ShowFrequency(first, k, trial);
      if (stimulus2 <= t && t < decision) ShowFrequency(second, k, trial);
      if (decision <= t && t < end) {
        WantChoice(choice, k, trial);
        trial.SetWeight(k, 1);
      }
    }
    AddNoise(number, StepNoise(), trial);
  }

 private:
  static void ShowFrequency(double f, int64_t step, Trial& trial) {
    trial.observation(0, step) = 0.4 + 0.8 * (f - 10) / 24;
    trial.observation(1, step) = 0.4 + 0.8 * (34 - f) / 24;
  }
};

}  // namespace

TrialTaskRow DelayedDiscriminationRow() {
  return RowOfSampled<DelayedDiscrimination>(
      {.type = "delayed_discrimination",
       .summary = "which of two frequencies is higher, at random times",
       .equation = "inputs 0.4 + 0.8 (f - 10) / 24 and 0.4 + 0.8 (34 - f) / "
                   "24, with noise of sd stim_noise sqrt(0.02 sqrt(10 dt)); "
                   "targets 1 and 0.2 in the decision",
       .reference = "doi:10.1523/ENEURO.0427-20.2020"});
}

}  // namespace engram
