// Which of two noisy channels has the higher mean?
//
// A stimulus begins at a time uniform in (0, T / 2) and lasts T / 8 to 3 T / 8;
// from its end on answers count, from 20 ms after it they are the choice, in
// between both numbers should be 0.
//
// Source: Ehrlich et al. (2021), doi:10.1523/ENEURO.0427-20.2020.

#include "core/tasks/trials/sampled_task.h"

namespace engram {
namespace {

constexpr double kGap = 20;  // [ms]

class PerceptualDiscrimination final : public SampledTask {
 public:
  PerceptualDiscrimination(const Component& c, uint64_t seed,
                           absl::string_view purpose)
      : SampledTask(c, seed, purpose,
                    {.channels = 2,
                     .outputs = 2,
                     .has_actions = false,
                     .has_choice = true}),
        coherences_(c.Reals("coherence")) {}

  void Draw(int64_t number, Trial& trial) const override {
    const int64_t direction = Below(2, 0, number);
    const double coherence = Pick(coherences_, 1, number);
    const double onset = Uniform(2, number) * duration() / 2;
    const double end =
        onset + Uniform(3, number) * duration() / 4 + duration() / 8;
    Begin(trial);
    for (int64_t k = 0; k < trial.steps(); ++k) {
      const double t = TimeOf(k);
      if (onset < t && t < end) {
        trial.observation(direction, k) = 1 + coherence;
        trial.observation(1 - direction, k) = 1;
      }
      if (t > end + kGap) WantChoice(direction, k, trial);
      if (t >= end) trial.SetWeight(k, 1);
    }
    AddNoise(number, StepNoise(), trial);
  }

 private:
  std::vector<double> coherences_;
};

}  // namespace

TrialTaskRow PerceptualDiscriminationRow() {
  TrialTaskRow row = RowOfSampled<PerceptualDiscrimination>(
      {.type = "perceptual_discrimination",
       .summary = "choose the channel with the higher mean",
       .equation = "inputs 1 + coherence and 1, with noise of sd stim_noise "
                   "sqrt(0.02 sqrt(10 dt)); targets 1 and 0.2",
       .reference = "doi:10.1523/ENEURO.0427-20.2020",
       .parameters = {RealList("coherence", "1", {0.1, 0.3, 0.5, 0.7}, -10, 10,
                               "by how much the means differ, drawn with "
                               "equal shares")}});
  row.spec.check = [](const Component& self, const Component&, Faults& faults) {
    CheckNotEmpty(self, "coherence", faults);
  };
  return row;
}

}  // namespace engram
