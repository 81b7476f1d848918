// In which sector of the circle is a stimulus? A bump on N_in channels shows
// its angle; the two ends of the row of channels are the same angle.
//
// Source: Ehrlich et al. (2021), doi:10.1523/ENEURO.0427-20.2020, after
// Freedman and Assad (2006), doi:10.1038/nature05078.

#include <algorithm>
#include <numbers>

#include "core/base/math.h"
#include "core/tasks/trials/sampled_task.h"

namespace engram {
namespace {

constexpr double kOnset = 200, kInput = 1000, kOutput = 800;  // [ms]

class MatchToCategory final : public SampledTask {
 public:
  MatchToCategory(const Component& c, uint64_t seed, absl::string_view purpose)
      : SampledTask(c, seed, purpose,
                    {.channels = c.Integer("N_in"),
                     .outputs = c.Integer("N_out"),
                     .has_actions = false,
                     .has_choice = true}) {}

  void Draw(int64_t number, Trial& trial) const override {
    const double turn = Uniform(0, number);
    const int64_t category =
        static_cast<int64_t>(turn * static_cast<double>(shape().outputs));
    Begin(trial);
    for (int64_t k = 0; k < trial.steps(); ++k) {
      const double t = TimeOf(k) - kOnset;
      if (0 <= t && t < kInput)
        ShowAngle(2 * std::numbers::pi * turn, k, trial);
      if (kInput <= t && t < kInput + kOutput) {
        trial.wanted(category, k) = 1;
        trial.SetWeight(k, 1);
      }
    }
    AddNoise(number, noise() / (2 * dt()), trial);
  }

 private:
  void ShowAngle(double angle, int64_t step, Trial& trial) const {
    const auto last = static_cast<double>(shape().channels - 1);
    for (int64_t i = 0; i < shape().channels; ++i) {
      const double place = 2 * std::numbers::pi * static_cast<double>(i) / last;
      const double far = std::abs(place - angle);
      const double d = std::min(far, 2 * std::numbers::pi - far);
      trial.observation(i, step) =
          math::Exp(-d * d / 2) / std::sqrt(2 * std::numbers::pi);
    }
  }
};

}  // namespace

TrialTaskRow MatchToCategoryRow() {
  TrialTaskRow row = RowOfSampled<MatchToCategory>(
      {.type = "match_to_category",
       .summary = "in which sector of a circle is a stimulus",
       .equation = "input_i = exp(-d_i^2 / 2) / sqrt(2 pi) from 200 to 1200 "
                   "ms, d_i the angle between channel and stimulus, with "
                   "noise of sd stim_noise / (2 dt); then 800 ms to answer",
       .reference = "doi:10.1523/ENEURO.0427-20.2020",
       .parameters = {Integer("N_in", 16, 2, 10000, "channels of the circle"),
                      Integer("N_out", 2, 2, 1000, "sectors")}});
  row.spec.check = [](const Component& self, const Component&, Faults& faults) {
    if (self.Real("T") > kOnset + kInput) return;
    faults.push_back({0, self.path + ".T",
                      absl::StrCat("T = ", self.Real("T"),
                                   " ms ends before answers are asked for, at "
                                   "1200 ms; wanted more")});
  };
  return row;
}

}  // namespace engram
