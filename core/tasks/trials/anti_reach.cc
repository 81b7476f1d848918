// A stimulus appears somewhere on a ring; the answer is the opposite direction,
// or the same one.
//
// Source: Munoz and Everling (2004), doi:10.1038/nrn1345.

#include <numbers>

#include "core/tasks/trials/ring.h"
#include "core/tasks/trials/timed_task.h"

namespace engram {
namespace {

PeriodTable Periods() {
  return {{"fixation", Lasting(500)},
          {"stimulus", Lasting(500)},
          {"delay", Lasting(0)},
          {"decision", Lasting(500), true}};
}

class AntiReach final : public TimedTask {
 public:
  AntiReach(const Component& c, uint64_t seed, absl::string_view purpose)
      : TimedTask(c, seed, purpose,
                  {.channels = 1 + c.Integer("dim_ring"),
                   .outputs = 1 + c.Integer("dim_ring")},
                  Periods()),
        ring_{c.Integer("dim_ring")},
        is_anti_(c.Boolean("anti")) {}

  void Draw(int64_t number, Trial& trial) const override {
    const int64_t choice = Below(ring_.size, 0, number);
    const double theta =
        ring_.Angle(choice) + (is_anti_ ? std::numbers::pi : 0);
    Lay(number, trial);
    trial.ShowAlways(kFixation, 1);
    trial.Hide(kFixation, trial.At("decision"));
    ring_.Show(1, trial.At("stimulus"), theta, 0, 1, trial);
    trial.Ask(1 + choice, trial.At("decision"));
  }

 private:
  Ring ring_;
  bool is_anti_;
};

}  // namespace

TrialTaskRow AntiReachRow() {
  return RowOfTimed<AntiReach>(
      {.type = "anti_reach",
       .summary = "choose the direction opposite to a stimulus",
       .equation = "s_i = cos(theta_i - theta), theta = chosen + pi",
       .reference = "doi:10.1038/nrn1345",
       .parameters = {Integer("dim_ring", 32, 2, 1000,
                              "directions: channels and choices"),
                      Boolean("anti", true,
                              "opposite to the stimulus, not towards it")}},
      100, Periods);
}

}  // namespace engram
