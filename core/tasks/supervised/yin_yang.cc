// Points of a disc in the shape of yin and yang, told apart into its two halves
// and the two dots. A coordinate v, and 1 - v, is one spike each at step
// first + floor(range v); an input that spikes at `first` marks the start.
//
//   class 2  within 0.1 of (0.75, 0.5) or of (0.25, 0.5): the dots
//   class 1  of the others: d_r <= 0.1, or 0.1 < d_l <= 0.25, or y > 0.5 and
//            d_r > 0.25
//   class 0  the rest
//
// A trial draws its class first, then points of the unit square until one lies
// in the disc and in the class.
//
// Source: Kriener, Goeltz and Petrovici (2022), doi:10.1145/3517343.3517380,
// and github.com/lkriener/yin_yang_data_set.

#include <cmath>

#include "core/base/random.h"
#include "core/tasks/supervised/spike_table_task.h"

namespace engram {
namespace {

constexpr double kBig = 0.5, kSmall = 0.1;
constexpr int64_t kClasses = 3, kInputs = 5;

struct Point {
  double x = 0, y = 0;
};

double Distance(Point p, double x) {
  return std::sqrt((p.x - x) * (p.x - x) + (p.y - 0.5) * (p.y - 0.5));
}

int64_t ClassOf(Point p) {
  const double right = Distance(p, 0.75), left = Distance(p, 0.25);
  if (right < kSmall || left < kSmall) return 2;
  const bool is_yin = right <= kSmall || (left > kSmall && left <= kBig / 2) ||
                      (p.y > 0.5 && right > kBig / 2);
  return is_yin ? 1 : 0;
}

// Candidates are numbered; the first that fits counts.
Point Draw(const RandomStream& random, int64_t trial, int64_t wanted) {
  for (int64_t k = 0;; ++k) {
    const Point p{random.Uniform(2 * k, trial),
                  random.Uniform(2 * k + 1, trial)};
    if (Distance(p, 0.5) <= kBig && ClassOf(p) == wanted) return p;
  }
}

SpikeTable TableOf(const Component& c, uint64_t seed, const std::string& part,
                   int64_t trials) {
  const RandomStream classes(seed, c.path, "classes of " + part);
  const RandomStream points(seed, c.path, "points of " + part);
  const int64_t first = c.Integer("first_step");
  const double range = static_cast<double>(c.Integer("range"));
  SpikeTable table;
  for (int64_t k = 0; k < trials; ++k) {
    const int64_t label = classes.Below(kClasses, 0, k);
    const Point p = Draw(points, k, label);
    table.BeginTrial(static_cast<int32_t>(label));
    const double values[] = {p.x, p.y, 1 - p.x, 1 - p.y};
    for (int64_t i = 0; i < 4; ++i) {
      table.Add(i, first + static_cast<int64_t>(std::floor(range * values[i])));
    }
    table.Add(4, first);
  }
  return table;
}

void CheckSteps(const Component& self, const Component&, Faults& faults) {
  const int64_t last = self.Integer("first_step") + self.Integer("range");
  if (last < self.Integer("steps")) return;
  faults.push_back({0, self.path + ".steps",
                    "is too short for the latest spike, at first_step + range; "
                    "make it larger than their sum"});
}

// Half of what is drawn lies in the disc.
TaskTable TableSize(const Component& c) {
  const double trials = c.Real("training_trials") + c.Real("test_trials");
  return {.numbers = 100 * trials, .bytes = 64 * trials};
}

}  // namespace

SupervisedTaskRow YinYangRow() {
  return {
      .spec = {.kind = Kind::kSupervisedTask,
               .type = "yin_yang",
               .summary = "three classes of points in the plane, coded by the "
                          "times of single spikes",
               .equation = "inputs x, y, 1 - x, 1 - y: a spike at first_step + "
                           "floor(range v); the fifth one spikes at first_step",
               .reference = "doi:10.1145/3517343.3517380",
               .parameters =
                   {Integer("steps", 60, 2, 100000, "of a trial"),
                    Integer("first_step", 2, 0, 100000,
                            "of the earliest spike"),
                    Integer("range", 30, 1, 100000,
                            "steps between the smallest and largest value"),
                    Integer("training_trials", 5000, 1, 10000000, "drawn"),
                    Integer("test_trials", 1000, 1, 10000000, "drawn")},
               .check = CheckSteps},
      .shape = [](const Component&) -> TaskShape {
        return {.inputs = kInputs, .outputs = kClasses};
      },
      .most_steps = [](const Component& c,
                       int64_t) { return c.Integer("steps"); },
      .make = [](const Component& c,
                 uint64_t seed) -> std::unique_ptr<SupervisedTask> {
        return std::make_unique<SpikeTableTask>(
            TaskShape{.inputs = kInputs, .outputs = kClasses},
            c.Integer("steps"),
            TableOf(c, seed, "training", c.Integer("training_trials")),
            TableOf(c, seed, "tests", c.Integer("test_trials")));
      },
      .table = TableSize};
}

}  // namespace engram
