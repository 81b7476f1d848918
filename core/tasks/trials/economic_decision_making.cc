// Which of two offers of juice is worth more? One drop of juice a is worth
// `a_to_b` drops of juice b.
//
// Offers (drops of b, drops of a) are those of the experiment; which juice is
// offered first is drawn.
//
// Source: Padoa-Schioppa and Assad (2006), doi:10.1038/nature04676.

#include <array>

#include "core/tasks/trials/timed_task.h"

namespace engram {
namespace {

enum : int64_t { kA1 = 1, kB1, kA2, kB2, kN1, kN2, kChannels };

struct Offer {
  double n_b = 0, n_a = 0;
};
constexpr std::array<Offer, 9> kOffers = {
    {{0, 1}, {1, 3}, {1, 2}, {1, 1}, {2, 1}, {3, 1}, {4, 1}, {6, 1}, {2, 0}}};

PeriodTable Periods() {
  return {{"fixation", Lasting(1500)},
          {"offer_on", UniformBetween(1000, 2000)},
          {"decision", Lasting(750), true}};
}

class EconomicDecisionMaking final : public TimedTask {
 public:
  EconomicDecisionMaking(const Component& c, uint64_t seed,
                         absl::string_view purpose)
      : TimedTask(c, seed, purpose, {.channels = kChannels, .outputs = 3},
                  Periods()),
        a_to_b_(c.Real("a_to_b")) {}

  void Draw(int64_t number, Trial& trial) const override {
    const bool a_is_first = Below(2, 0, number) == 0;
    const Offer& offer = kOffers[static_cast<size_t>(
        Below(static_cast<int64_t>(kOffers.size()), 1, number))];
    Lay(number, trial);
    const Period& on = trial.At("offer_on");
    trial.ShowAlways(kFixation, 1);
    trial.Hide(kFixation, trial.At("decision"));
    trial.Show(a_is_first ? kA1 : kB1, on, 1);
    trial.Show(a_is_first ? kB2 : kA2, on, 1);
    trial.Show(kN1, on, (a_is_first ? offer.n_a : offer.n_b) / 5);
    trial.Show(kN2, on, (a_is_first ? offer.n_b : offer.n_a) / 5);
    const bool a_is_better = offer.n_a * a_to_b_ > offer.n_b;
    trial.Ask(a_is_better == a_is_first ? 1 : 2, trial.At("decision"));
  }

 private:
  double a_to_b_;
};

}  // namespace

TrialTaskRow EconomicDecisionMakingRow() {
  return RowOfTimed<EconomicDecisionMaking>(
      {.type = "economic_decision_making",
       .summary = "choose the offer of juice that is worth more",
       .equation = "juice a is better where a_to_b n_a > n_b; channels show "
                   "which juice each offer is, and n / 5",
       .reference = "doi:10.1038/nature04676",
       .parameters = {Real("a_to_b", "1", 2.2, 0, 1000,
                           "drops of b that are worth a drop of a")}},
      100, Periods);
}

}  // namespace engram
