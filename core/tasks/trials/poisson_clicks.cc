// On which side were there more clicks? Clicks come at random, on the left at
// one rate and on the right at another; both rates add up to the same.
//
//   gamma = ln(r_right / r_left), r_right = total e^gamma / (1 + e^gamma)
//
// A step shows how many clicks each side has in it. The difference of counts
// has a Skellam distribution.
//
// Source: Brunton, Botvinick and Brody (2013), doi:10.1126/science.1233912.

#include "core/base/math.h"
#include "core/tasks/trials/timed_task.h"

namespace engram {
namespace {

PeriodTable Periods() {
  return {{"fixation", Lasting(100)},
          {"stimulus", UniformBetween(100, 1200)},
          {"decision", Lasting(100), true}};
}

// How many events of a Poisson process there are, from a uniform number.
int64_t PoissonCount(double mean, double uniform) {
  double term = math::Exp(-mean), sum = term;
  int64_t count = 0;
  // Beyond, the sum no longer grows in double precision.
  while (uniform > sum && count < 1000) {
    term *= mean / static_cast<double>(++count);
    sum += term;
  }
  return count;
}

class PoissonClicks final : public TimedTask {
 public:
  PoissonClicks(const Component& c, uint64_t seed, absl::string_view purpose)
      : TimedTask(c, seed, purpose, {.channels = 3, .outputs = 3}, Periods()),
        clicks_(seed, c.path, absl::StrCat("clicks of ", purpose)),
        total_(c.Real("total_rate") * timing().dt() / 1000),
        gammas_(c.Reals("gamma")),
        asks_for_clicks_(c.Text("answer") == "clicks") {}

  void Draw(int64_t number, Trial& trial) const override {
    const int64_t better = Below(2, 0, number);
    const double gamma = Pick(gammas_, 1, number);
    Lay(number, trial);
    trial.ShowAlways(kFixation, 1);
    trial.Hide(kFixation, trial.At("decision"));
    const Period& stimulus = trial.At("stimulus");
    // The rate of the better side is total / (1 + e^-gamma).
    const double high = total_ * math::Logistic(gamma);
    int64_t lead = 0;  // of the better side
    for (int64_t t = stimulus.begin; t < stimulus.end; ++t) {
      const int64_t more = PoissonCount(high, clicks_.Uniform(2 * t, number));
      const int64_t less =
          PoissonCount(total_ - high, clicks_.Uniform(2 * t + 1, number));
      trial.observation(1 + better, t) = static_cast<double>(more);
      trial.observation(2 - better, t) = static_cast<double>(less);
      lead += more - less;
    }
    trial.Ask(1 + Answer(better, lead, number), trial.At("decision"));
  }

 private:
  // Where both sides have as many clicks a coin decides.
  int64_t Answer(int64_t better, int64_t lead, int64_t number) const {
    if (!asks_for_clicks_) return better;
    if (lead == 0) return Below(2, 2, number);
    return lead > 0 ? better : 1 - better;
  }

  RandomStream clicks_;
  double total_;  // [1/step]
  std::vector<double> gammas_;
  bool asks_for_clicks_;
};

}  // namespace

TrialTaskRow PoissonClicksRow() {
  return RowOfTimed<PoissonClicks>(
      {.type = "poisson_clicks",
       .summary = "choose the side that had more clicks of two random trains",
       .equation = "rate of the better side = total_rate e^gamma / (1 + "
                   "e^gamma), of the other total_rate / (1 + e^gamma)",
       .reference = "doi:10.1126/science.1233912",
       .parameters =
           {Real("total_rate", "Hz", 40, 0, 10000, "of both sides together"),
            RealList("gamma", "1", {0.5, 1.5, 2.5, 3.5}, 0, 20,
                     "logarithms of the ratio of the rates, drawn with equal "
                     "shares; the better side is drawn"),
            Choice("answer", "clicks", {"clicks", "rate"},
                   "is right: the side with more clicks, or with the higher "
                   "rate")}},
      10, Periods, [](const Component& self, Faults& faults) {
        CheckNotEmpty(self, "gamma", faults);
      });
}

}  // namespace engram
