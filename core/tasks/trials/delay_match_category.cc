// Is the test of the same category as the sample before the delay? A category
// is a half of the ring.
//
// Source: Freedman and Assad (2006), doi:10.1038/nature05078.

#include <numbers>

#include "core/tasks/trials/ring.h"
#include "core/tasks/trials/timed_task.h"

namespace engram {
namespace {

PeriodTable Periods() {
  return {{"fixation", Lasting(500)},
          {"sample", Lasting(650)},
          {"first_delay", Lasting(1000)},
          {"test", Lasting(650), true}};
}

class DelayMatchCategory final : public TimedTask {
 public:
  DelayMatchCategory(const Component& c, uint64_t seed,
                     absl::string_view purpose)
      : TimedTask(c, seed, purpose,
                  {.channels = 1 + c.Integer("dim_ring"), .outputs = 3},
                  Periods()),
        ring_{c.Integer("dim_ring")} {}

  void Draw(int64_t number, Trial& trial) const override {
    const bool is_match = Below(2, 0, number) == 0;
    const int64_t category = Below(2, 1, number);
    const int64_t of_test = is_match ? category : 1 - category;
    Lay(number, trial);
    trial.ShowAlways(kFixation, 1);
    trial.Hide(kFixation, trial.At("test"));
    ring_.Show(1, trial.At("sample"), Theta(category, 2, number), 0.5, 0.5,
               trial);
    ring_.Show(1, trial.At("test"), Theta(of_test, 3, number), 0.5, 0.5, trial);
    for (const char* period : {"sample", "test"}) {
      AddNoise(number, trial.At(period), 1, 1 + ring_.size, trial);
    }
    trial.Ask(is_match ? 1 : 2, trial.At("test"));
  }

 private:
  double Theta(int64_t category, int64_t element, int64_t number) const {
    return std::numbers::pi *
           (static_cast<double>(category) + Uniform(element, number));
  }

  Ring ring_;
};

}  // namespace

TrialTaskRow DelayMatchCategoryRow() {
  return RowOfTimed<DelayMatchCategory>(
      {.type = "delay_match_category",
       .summary = "is a test of the category of the sample before a delay: "
                  "action 1 for yes, 2 for no",
       .equation = "s_i = 0.5 + 0.5 cos(theta_i - theta) + sigma / sqrt(dt) "
                   "N(0, 1); category = [theta >= pi]",
       .reference = "doi:10.1038/nature05078",
       .parameters = {Sigma(),
                      Integer("dim_ring", 2, 2, 1000,
                              "channels of the stimulus; with 2 a category "
                              "does not show in their mean")}},
      100, Periods);
}

}  // namespace engram
