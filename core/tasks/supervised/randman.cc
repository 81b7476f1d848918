// Random smooth manifolds in the space of spike times, one a class. Unit u of a
// class spikes once a trial, at a step that is a smooth function of the trial's
// place x on the manifold:
//
//   f_u(x) = prod_d sum_{i=0}^{c-1} a_ui (i + 1)^-alpha
//                                   sin(2 pi (i x_d b_ui + p_ui))
//   step = floor(f (steps - 1)), f brought to 0..1 over the trials of the class
//
//   a, b, p  uniform in (0, 1), a_u0 = 0; of each class, unit and dimension
//   alpha    smoothness: larger is smoother
//   c        ceil(1e-3^(-1/alpha)), at most 1000
//
// Source: Zenke and Vogels (2021), doi:10.1162/neco_a_01367, and
// github.com/fzenke/randman.

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/math.h"
#include "core/base/random.h"
#include "core/tasks/supervised/spike_table.h"
#include "core/tasks/supervised/supervised_task.h"

namespace engram {
namespace {

TaskShape ShapeOf(const Component& c) {
  return {.inputs = c.Integer("units"), .outputs = c.Integer("classes")};
}

// One unit of one class along one dimension.
class Curve {
 public:
  Curve(const RandomStream& random, int64_t number, double alpha) {
    const double wanted = std::ceil(math::Pow(1e-3, -1 / alpha) - 1e-9);
    const auto terms = static_cast<size_t>(std::min(wanted, 1000.0));
    std::vector<double> drawn(3 * terms);
    random.Fill(number, drawn);
    for (size_t i = 1; i < terms; ++i) {
      const auto k = static_cast<double>(i);
      sizes_.push_back(drawn[i] * math::Pow(k + 1, -alpha));
      turns_.push_back(k * drawn[terms + i]);
      phases_.push_back(drawn[2 * terms + i]);
    }
    angles_.resize(sizes_.size());
  }

  double At(double x) {
    for (size_t i = 0; i < angles_.size(); ++i) {
      angles_[i] = 2 * std::numbers::pi * (x * turns_[i] + phases_[i]);
    }
    math::Sin(angles_, angles_);
    double sum = 0;
    for (size_t i = 0; i < angles_.size(); ++i) sum += sizes_[i] * angles_[i];
    return sum;
  }

 private:
  std::vector<double> sizes_, turns_, phases_, angles_;
};

class Randman final : public SupervisedTask {
 public:
  Randman(const Component& c, uint64_t seed)
      : shape_(ShapeOf(c)),
        steps_(c.Integer("steps")),
        dimensions_(c.Integer("dimensions")),
        alpha_(c.Real("alpha")),
        training_trials_(c.Integer("training_trials")),
        trials_(training_trials_ + c.Integer("test_trials")) {
    const RandomStream curves(seed, c.path, "manifolds");
    const RandomStream places(seed, c.path, "places");
    for (int64_t k = 0; k < shape_.outputs; ++k) AddClass(k, curves, places);
  }

  const TaskShape& shape() const override { return shape_; }
  BatchLength Length(const Stage&, Part, int64_t) const override {
    return {steps_, 0};
  }
  void Fill(const Stage&, const TrialAddress& a,
            const TrialView& trial) const override {
    const int64_t number = a.number % trials(a.part);
    const int64_t label = number % shape_.outputs;
    const int64_t place = number / shape_.outputs +
                          (a.part == Part::kTraining ? 0 : training_trials_);
    for (int64_t unit = 0; unit < shape_.inputs; ++unit) {
      trial.SetInput(unit, spike_steps_[At(label, unit, place)], 1);
    }
    SpikeTable::AskAtTheEnd(static_cast<int32_t>(label), trial);
  }
  int64_t trials(Part part) const override {
    const int64_t of_class =
        part == Part::kTraining ? training_trials_ : trials_ - training_trials_;
    return of_class * shape_.outputs;
  }

 private:
  size_t At(int64_t label, int64_t unit, int64_t place) const {
    return static_cast<size_t>((label * shape_.inputs + unit) * trials_ +
                               place);
  }

  void AddClass(int64_t label, const RandomStream& curves,
                const RandomStream& places) {
    const auto trials = static_cast<size_t>(trials_);
    std::vector<double> x(trials * static_cast<size_t>(dimensions_));
    places.Fill(label, x);
    std::vector<double> values(trials);
    for (int64_t unit = 0; unit < shape_.inputs; ++unit) {
      std::ranges::fill(values, 1.0);
      for (int64_t d = 0; d < dimensions_; ++d) {
        Curve curve(curves, (label * shape_.inputs + unit) * dimensions_ + d,
                    alpha_);
        const size_t first = static_cast<size_t>(d) * trials;
        for (size_t k = 0; k < trials; ++k) values[k] *= curve.At(x[first + k]);
      }
      AddSteps(values);
    }
  }

  void AddSteps(const std::vector<double>& values) {
    const auto [low, high] = std::ranges::minmax(values);
    const double span = high > low ? high - low : 1;
    for (const double value : values) {
      const double f = (value - low) / span;
      spike_steps_.push_back(static_cast<int32_t>(
          std::floor(f * static_cast<double>(steps_ - 1))));
    }
  }

  TaskShape shape_;
  int64_t steps_, dimensions_;
  double alpha_;
  int64_t training_trials_, trials_;  // of a class
  std::vector<int32_t> spike_steps_;  // by class, unit, trial
};

// A coordinate of a spike's time is some fifty numbers' work.
TaskTable Table(const Component& c) {
  const double spikes = (c.Real("training_trials") + c.Real("test_trials")) *
                        c.Real("classes") * c.Real("units");
  return {.numbers = 50 * spikes * c.Real("dimensions"), .bytes = 8 * spikes};
}

}  // namespace

SupervisedTaskRow RandmanRow() {
  return {
      .spec = {.kind = Kind::kSupervisedTask,
               .type = "randman",
               .summary =
                   "random smooth manifolds in the space of spike times, "
                   "one a class",
               .equation = "f_u(x) = prod_d sum_i a_i (i + 1)^-alpha "
                           "sin(2 pi (i x_d b_i + p_i))\n"
                           "unit u spikes at floor(f_u (steps - 1)), f_u "
                           "brought to 0..1 over its class",
               .reference = "doi:10.1162/neco_a_01367",
               .parameters =
                   {Integer("classes", 10, 2, 1000, "manifolds"),
                    Integer("units", 20, 1, 10000, "that spike once a trial"),
                    Integer("dimensions", 1, 1, 20, "of a manifold"),
                    Real("alpha", "1", 2, 0.5, 100, "smoothness"),
                    Integer("steps", 100, 2, 100000, "of a trial"),
                    Integer("training_trials", 800, 1, 1000000, "of a class"),
                    Integer("test_trials", 200, 1, 1000000, "of a class")}},
      .shape = ShapeOf,
      .most_steps = [](const Component& c,
                       int64_t) { return c.Integer("steps"); },
      .make = [](const Component& c,
                 uint64_t seed) -> std::unique_ptr<SupervisedTask> {
        return std::make_unique<Randman>(c, seed);
      },
      .table = Table};
}

}  // namespace engram
