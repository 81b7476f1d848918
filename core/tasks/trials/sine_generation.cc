// A constant input sets the frequency of the sine that is to be generated.
//
//   input j / n + 0.25, target sin(omega_j t), omega_j evenly from `lowest` to
//   `highest`, j = 0 .. n - 1, t = 0, 1, ..
//
// A step stands for the time constant of the original network.
//
// Source: Sussillo and Barak (2013), doi:10.1162/NECO_a_00409.

#include "absl/strings/str_cat.h"
#include "core/base/math.h"
#include "core/tasks/trials/drawn_task.h"

namespace engram {
namespace {

class SineGeneration final : public DrawnTask {
 public:
  SineGeneration(const Component& c, uint64_t seed, absl::string_view purpose)
      : DrawnTask(c, seed, purpose,
                  {.channels = 1, .outputs = 1, .has_actions = false}),
        frequencies_(c.Integer("frequencies")),
        steps_(c.Integer("steps")),
        lowest_(c.Real("lowest")),
        highest_(c.Real("highest")) {}

  int64_t most_steps() const override { return steps_; }

  void Draw(int64_t number, Trial& trial) const override {
    const auto j = static_cast<double>(Below(frequencies_, 0, number));
    const auto n = static_cast<double>(frequencies_);
    const double omega =
        n == 1 ? lowest_ : lowest_ + (highest_ - lowest_) * j / (n - 1);
    trial.AddPeriod("generation", steps_);
    trial.EndPeriods();
    trial.ShowAlways(0, j / n + 0.25);
    for (int64_t t = 0; t < steps_; ++t) {
      trial.wanted(0, t) = math::Sin(omega * static_cast<double>(t));
    }
  }

 private:
  int64_t frequencies_, steps_;
  double lowest_, highest_;  // [rad a step]
};

}  // namespace

TrialTaskRow SineGenerationRow() {
  return RowOfTrials<SineGeneration>(
      {.type = "sine_generation",
       .summary = "generate a sine whose frequency a constant input sets",
       .equation = "input j / n + 0.25; target sin(omega_j t)",
       .reference = "doi:10.1162/NECO_a_00409",
       .parameters = {
           Integer("frequencies", 51, 1, 100000, "n, that there are"),
           Integer("steps", 100, 1, 1000000, "of a trial"),
           Real("lowest", "rad", 0.1, 0, 3.1415, "omega_0, a step"),
           Real("highest", "rad", 0.6, 0, 3.1415, "omega_(n - 1), a step")}});
}

}  // namespace engram
