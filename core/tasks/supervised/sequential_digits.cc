// Drawn digits, shown row by row or pixel by pixel; the digit is asked for at
// the end. A glyph of 5 x 7 pixels lies somewhere in a field of 10 x 10, with
// an amplitude of its own; some pixels are flipped, and all are noisy.

#include <algorithm>
#include <array>

#include "core/base/random.h"
#include "core/tasks/supervised/supervised_task.h"

namespace engram {
namespace {

constexpr int64_t kRows = 7, kCols = 5, kField = 10;
constexpr double kFlipped = 0.02, kNoise = 0.1;
constexpr double kDimmest = 0.6;

// Rows from top to bottom, the most significant of five bits on the left.
constexpr std::array<std::array<uint8_t, kRows>, 10> kGlyphs = {{
    {0x0E, 0x11, 0x13, 0x15, 0x19, 0x11, 0x0E},
    {0x04, 0x0C, 0x04, 0x04, 0x04, 0x04, 0x0E},
    {0x0E, 0x11, 0x01, 0x02, 0x04, 0x08, 0x1F},
    {0x1F, 0x02, 0x04, 0x02, 0x01, 0x11, 0x0E},
    {0x02, 0x06, 0x0A, 0x12, 0x1F, 0x02, 0x02},
    {0x1F, 0x10, 0x1E, 0x01, 0x01, 0x11, 0x0E},
    {0x06, 0x08, 0x10, 0x1E, 0x11, 0x11, 0x0E},
    {0x1F, 0x01, 0x02, 0x04, 0x08, 0x08, 0x08},
    {0x0E, 0x11, 0x11, 0x0E, 0x11, 0x11, 0x0E},
    {0x0E, 0x11, 0x11, 0x0F, 0x01, 0x02, 0x0C},
}};

struct Streams {
  Streams(uint64_t seed, const std::string& path, const std::string& part)
      : glyphs(seed, path, "glyphs of " + part),
        flips(seed, path, "flips of " + part),
        noise(seed, path, "noise of " + part) {}
  RandomStream glyphs;  // digit, row, column, amplitude: (0..3, trial)
  RandomStream flips;   // (pixel, trial)
  RandomStream noise;   // (pixel, trial)
};

class SequentialDigits final : public SupervisedTask {
 public:
  SequentialDigits(const Component& c, uint64_t seed)
      : by_rows_(ByRows(c)),
        trials_{c.Integer("training_trials"), c.Integer("test_trials")},
        shape_(ShapeOf(c)),
        training_(seed, c.path, "training"),
        test_(seed, c.path, "tests") {}

  static bool ByRows(const Component& c) { return c.Text("by") == "rows"; }
  static TaskShape ShapeOf(const Component& c) {
    return {.inputs = ByRows(c) ? kField : 1, .outputs = 10};
  }
  static int64_t Steps(const Component& c, int64_t) {
    return ByRows(c) ? kField : kField * kField;
  }

  const TaskShape& shape() const override { return shape_; }
  int64_t trials(Part part) const override {
    return trials_[part == Part::kTraining ? 0 : 1];
  }
  BatchLength Length(const Stage&, Part, int64_t) const override {
    const int64_t steps = by_rows_ ? kField : kField * kField;
    return {steps, steps - 1};
  }

  void Fill(const Stage&, const TrialAddress& a,
            const TrialView& trial) const override {
    const Streams& of = a.part == Part::kTraining ? training_ : test_;
    const auto digit = static_cast<int32_t>(of.glyphs.Below(10, 0, a.number));
    const int64_t top = of.glyphs.Below(kField - kRows + 1, 1, a.number);
    const int64_t left = of.glyphs.Below(kField - kCols + 1, 2, a.number);
    const double amplitude =
        kDimmest + (1 - kDimmest) * of.glyphs.Uniform(3, a.number);
    std::array<double, kField * kField> flips, noise;
    of.flips.Fill(a.number, flips);
    of.noise.FillNormal(a.number, noise);
    for (int64_t pixel = 0; pixel < kField * kField; ++pixel) {
      const int64_t row = pixel / kField, col = pixel % kField;
      double x = amplitude * Ink(digit, row - top, col - left);
      const auto at = static_cast<size_t>(pixel);
      if (flips[at] < kFlipped) x = 1 - x;
      x = std::clamp(x + kNoise * noise[at], 0.0, 1.0);
      trial.SetInput(by_rows_ ? col : 0, by_rows_ ? row : pixel, x);
    }
    trial.SetLabel(0, trial.steps - 1, digit);
  }

 private:
  static double Ink(int32_t digit, int64_t row, int64_t col) {
    if (row < 0 || row >= kRows || col < 0 || col >= kCols) return 0;
    const uint8_t bits =
        kGlyphs[static_cast<size_t>(digit)][static_cast<size_t>(row)];
    return (bits >> (kCols - 1 - col)) & 1;
  }

  bool by_rows_;
  std::array<int64_t, 2> trials_;
  TaskShape shape_;
  Streams training_, test_;
};

// Trials are drawn as they come; their order is kept.
TaskTable Table(const Component& c) {
  const double trials = c.Real("training_trials") + c.Real("test_trials");
  return {.numbers = 50 * trials, .bytes = 8 * trials};
}

}  // namespace

SupervisedTaskRow SequentialDigitsRow() {
  return {
      .spec = {.kind = Kind::kSupervisedTask,
               .type = "sequential_digits",
               .summary = "a drawn digit is shown piece by piece and named",
               .equation = "x = clip(flip(amplitude glyph) + noise, 0, 1)",
               .parameters = {Choice("by", "rows", {"rows", "pixels"},
                                     "10 steps of 10 inputs, or 100 of one"),
                              Integer("training_trials", 5000, 1, 10000000,
                                      "digits that are learned from"),
                              Integer("test_trials", 1000, 1, 10000000,
                                      "other digits for the tests")}},
      .shape = SequentialDigits::ShapeOf,
      .most_steps = SequentialDigits::Steps,
      .make = [](const Component& c,
                 uint64_t seed) -> std::unique_ptr<SupervisedTask> {
        return std::make_unique<SequentialDigits>(c, seed);
      },
      .table = Table};
}

}  // namespace engram
