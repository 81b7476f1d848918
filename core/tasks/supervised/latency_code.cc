// Small pictures whose pixels are coded by the latency of one spike each: a
// bright pixel charges a leaky membrane to its threshold sooner.
//
//   step = floor(tau ln(x / (x - threshold))), no spike for x < threshold or
//   where the step lies behind the trial's end
//
// A class is a picture of a few bright spots on a dark ground; a trial shows it
// shifted by up to `shift` pixels and with noise on every pixel:
//
//   x = clip(sum_spots exp(-|pixel - spot|^2 / (2 width^2)) + noise xi, 0, 1)
//
// Source of the code: Neftci, Mostafa and Zenke (2019),
// doi:10.1109/MSP.2019.2931595, and its tutorial's second part.

#include <algorithm>
#include <cmath>

#include "core/base/math.h"
#include "core/base/random.h"
#include "core/tasks/supervised/spike_table_task.h"

namespace engram {
namespace {

TaskShape ShapeOf(const Component& c) {
  return {.inputs = c.Integer("width") * c.Integer("width"),
          .outputs = c.Integer("classes")};
}

// Draws pictures and codes them.
class Pictures {
 public:
  Pictures(const Component& c, uint64_t seed)
      : c_(c),
        seed_(seed),
        shape_(ShapeOf(c)),
        width_(c.Integer("width")),
        spots_(c.Integer("spots")),
        shift_(c.Integer("shift")),
        steps_(c.Integer("steps")),
        tau_(c.Real("tau")),
        threshold_(c.Real("threshold")),
        noise_(c.Real("noise")),
        spot_width_(c.Real("spot_width")),
        places_(seed, c.path, "spots") {}

  SpikeTable Table(const std::string& part, int64_t trials) const {
    const RandomStream classes(seed_, c_.path, "classes of " + part);
    const RandomStream noise(seed_, c_.path, "noise of " + part);
    SpikeTable table;
    std::vector<double> xi(static_cast<size_t>(shape_.inputs));
    for (int64_t k = 0; k < trials; ++k) {
      const int64_t label = classes.Below(shape_.outputs, 0, k);
      const int64_t range = 2 * shift_ + 1;
      const int64_t right = classes.Below(range, 1, k) - shift_;
      const int64_t down = classes.Below(range, 2, k) - shift_;
      noise.FillNormal(k, xi);
      table.BeginTrial(static_cast<int32_t>(label));
      for (int64_t pixel = 0; pixel < shape_.inputs; ++pixel) {
        const double x = Brightness(label, pixel, right, down) +
                         noise_ * xi[static_cast<size_t>(pixel)];
        AddSpike(pixel, std::clamp(x, 0.0, 1.0), table);
      }
    }
    return table;
  }

 private:
  double Brightness(int64_t label, int64_t pixel, int64_t right,
                    int64_t down) const {
    const auto size = static_cast<double>(width_);
    const int64_t row = pixel / width_, col = pixel % width_;
    double sum = 0;
    for (int64_t k = 0; k < spots_; ++k) {
      const double x = size * places_.Uniform(2 * k, label) - 0.5;
      const double y = size * places_.Uniform(2 * k + 1, label) - 0.5;
      const double dx = static_cast<double>(col - right) - x;
      const double dy = static_cast<double>(row - down) - y;
      sum += math::Exp(-(dx * dx + dy * dy) / (2 * spot_width_ * spot_width_));
    }
    return sum;
  }

  void AddSpike(int64_t pixel, double x, SpikeTable& table) const {
    if (x <= threshold_) return;
    const double step = std::floor(tau_ * math::Log(x / (x - threshold_)));
    if (step < static_cast<double>(steps_)) {
      table.Add(pixel, static_cast<int64_t>(step));
    }
  }

  const Component& c_;
  uint64_t seed_;
  TaskShape shape_;
  int64_t width_, spots_, shift_, steps_;
  double tau_, threshold_, noise_, spot_width_;
  RandomStream places_;
};

// A spot of a pixel is some fifty numbers' work.
TaskTable TableSize(const Component& c) {
  const double trials = c.Real("training_trials") + c.Real("test_trials");
  const double pixels = trials * c.Real("width") * c.Real("width");
  return {.numbers = 50 * pixels * c.Real("spots"),
          .bytes = 16 * pixels + 24 * trials};
}

}  // namespace

SupervisedTaskRow LatencyCodeRow() {
  return {
      .spec = {.kind = Kind::kSupervisedTask,
               .type = "latency_code",
               .summary = "small pictures of bright spots, each pixel coded by "
                          "the latency of one spike",
               .equation = "step = floor(tau ln(x / (x - threshold)))",
               .reference = "doi:10.1109/MSP.2019.2931595",
               .parameters =
                   {Integer("classes", 10, 2, 1000, "pictures"),
                    Integer("width", 12, 2, 1000, "of a picture, in pixels"),
                    Integer("spots", 3, 1, 100, "of a picture"),
                    Integer("shift", 1, 0, 100,
                            "most pixels that a trial is shifted, either way"),
                    Integer("steps", 100, 2, 100000, "of a trial"),
                    Real("tau", "step", 20, 1e-3, 1e6, "of the membrane"),
                    Real("threshold", "1", 0.2, 0, 1, "of brightness"),
                    Real("spot_width", "pixel", 1.2, 0.1, 1000, "of a spot"),
                    Real("noise", "1", 0.1, 0, 10,
                         "standard deviation of a pixel"),
                    Integer("training_trials", 1000, 1, 1000000, "drawn"),
                    Integer("test_trials", 200, 1, 1000000, "drawn")}},
      .shape = ShapeOf,
      .most_steps = [](const Component& c,
                       int64_t) { return c.Integer("steps"); },
      .make = [](const Component& c,
                 uint64_t seed) -> std::unique_ptr<SupervisedTask> {
        const Pictures pictures(c, seed);
        return std::make_unique<SpikeTableTask>(
            ShapeOf(c), c.Integer("steps"),
            pictures.Table("training", c.Integer("training_trials")),
            pictures.Table("tests", c.Integer("test_trials")));
      },
      .table = TableSize};
}

}  // namespace engram
