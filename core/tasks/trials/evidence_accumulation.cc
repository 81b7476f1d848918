// On which side were there more puffs of air? Nowhere more is an answer, too.
//
// Each step has a puff with probability `p_puff`, on a side that is drawn; the
// last `delay` steps have none. The answer at the last step: 0 a tie, 1 left,
// 2 right.
//
// Source: Pemberton, Chadderton and Costa (2022),
// doi:10.1101/2022.11.14.516257, after the task of
// Deverett et al. (2019).

#include "absl/strings/str_cat.h"
#include "core/tasks/trials/drawn_task.h"

namespace engram {
namespace {

class EvidenceAccumulation final : public DrawnTask {
 public:
  EvidenceAccumulation(const Component& c, uint64_t seed,
                       absl::string_view purpose)
      : DrawnTask(c, seed, purpose, {.channels = 2, .outputs = 3}),
        steps_(c.Integer("steps")),
        delay_(c.Integer("delay")),
        p_puff_(c.Real("p_puff")) {}

  int64_t most_steps() const override { return steps_; }

  void Draw(int64_t number, Trial& trial) const override {
    trial.AddPeriod("stimulus", steps_ - delay_);
    trial.AddPeriod("delay", delay_ - 1);
    trial.AddPeriod("decision", 1);
    trial.EndPeriods();
    int64_t lead = 0;  // of the right side
    for (int64_t t = 0; t < steps_ - delay_; ++t) {
      const double u = Uniform(t, number);
      if (u >= p_puff_) continue;
      // Below p_puff, u says the side as well.
      const int64_t side = u < p_puff_ / 2 ? 0 : 1;
      trial.observation(side, t) = 1;
      lead += side == 0 ? -1 : 1;
    }
    trial.Ask(lead == 0 ? 0 : (lead < 0 ? 1 : 2), trial.At("decision"));
  }

 private:
  int64_t steps_, delay_;
  double p_puff_;
};

}  // namespace

TrialTaskRow EvidenceAccumulationRow() {
  TrialTaskRow row = RowOfTrials<EvidenceAccumulation>(
      {.type = "evidence_accumulation",
       .summary = "on which side were there more puffs of air, or on neither",
       .equation = "answer 0 for a tie, 1 for left, 2 for right",
       .reference = "doi:10.1101/2022.11.14.516257",
       .parameters = {
           Integer("steps", 50, 2, 1000000, "of a trial"),
           Integer("delay", 5, 1, 1000000, "steps without puffs at the end"),
           Real("p_puff", "1", 0.3, 0, 1, "of a puff at a step")}});
  row.spec.check = [](const Component& self, const Component&, Faults& faults) {
    const int64_t steps = self.Integer("steps"), delay = self.Integer("delay");
    if (delay < steps) return;
    faults.push_back({0, self.path + ".delay",
                      absl::StrCat("delay = ", delay, " leaves no step of ",
                                   steps, " for puffs; wanted less")});
  };
  return row;
}

}  // namespace engram
