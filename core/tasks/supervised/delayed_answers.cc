// Tasks that ask for what was shown before a delay.
//
//   adding          two channels: numbers uniform in (0, 1), and a mark on one
//                   number of each half; the answer at the end is their sum
//   delayed_recall  symbols, blanks, "go", then the symbols in order
//   copy            the same without blanks between, and a long list
//
// Sources: Hochreiter and Schmidhuber (1997), doi:10.1162/neco.1997.9.8.1735
// (adding); Graves, Wayne and Danihelka (2014), arXiv:1410.5401 (copy).

#include "core/base/random.h"
#include "core/tasks/supervised/supervised_task.h"

namespace engram {
namespace {

template <class T>
std::unique_ptr<SupervisedTask> Make(const Component& c, uint64_t seed) {
  return std::make_unique<T>(c, seed);
}

class Adding final : public SupervisedTask {
 public:
  Adding(const Component& c, uint64_t seed)
      : steps_(c.Integer("steps")),
        shape_(ShapeOf(c)),
        training_(seed, c.path, "trials of training"),
        test_(seed, c.path, "trials of tests") {}

  static TaskShape ShapeOf(const Component&) {
    return {.inputs = 2, .outputs = 1, .has_classes = false};
  }

  const TaskShape& shape() const override { return shape_; }
  BatchLength Length(const Stage&, Part, int64_t) const override {
    return {steps_, steps_ - 1};
  }

  // Elements 0.. are the numbers; steps_ and steps_ + 1 the marks.
  void Fill(const Stage&, const TrialAddress& a,
            const TrialView& trial) const override {
    const RandomStream& random = a.part == Part::kTraining ? training_ : test_;
    for (int64_t t = 0; t < steps_; ++t) {
      trial.SetInput(0, t, random.Uniform(t, a.number));
    }
    const int64_t half = steps_ / 2;
    const int64_t first = random.Below(half, steps_, a.number);
    const int64_t second =
        half + random.Below(steps_ - half, steps_ + 1, a.number);
    trial.SetInput(1, first, 1);
    trial.SetInput(1, second, 1);
    trial.SetTarget(
        0, steps_ - 1,
        random.Uniform(first, a.number) + random.Uniform(second, a.number));
  }

 private:
  int64_t steps_;
  TaskShape shape_;
  RandomStream training_, test_;
};

// Inputs are one-hot: the symbols, then blank, then go.
class Recall final : public SupervisedTask {
 public:
  Recall(const Component& c, uint64_t seed)
      : symbols_(c.Integer("symbols")),
        items_(c.Integer("items")),
        delay_(c.Integer("delay")),
        shape_(ShapeOf(c)),
        training_(seed, c.path, "trials of training"),
        test_(seed, c.path, "trials of tests") {}

  static TaskShape ShapeOf(const Component& c) {
    return {.inputs = c.Integer("symbols") + 2,
            .outputs = c.Integer("symbols"),
            .has_classes = true};
  }
  static int64_t Steps(const Component& c, int64_t) {
    return 2 * c.Integer("items") + c.Integer("delay") + 1;
  }

  const TaskShape& shape() const override { return shape_; }
  BatchLength Length(const Stage&, Part, int64_t) const override {
    const int64_t first = items_ + delay_ + 1;
    return {first + items_, first};
  }

  void Fill(const Stage&, const TrialAddress& a,
            const TrialView& trial) const override {
    const RandomStream& random = a.part == Part::kTraining ? training_ : test_;
    const int64_t blank = symbols_, go = symbols_ + 1;
    const int64_t first = items_ + delay_ + 1;
    for (int64_t k = 0; k < items_; ++k) {
      const int64_t symbol = random.Below(symbols_, k, a.number);
      trial.SetInput(symbol, k, 1);
      trial.SetLabel(0, first + k, static_cast<int32_t>(symbol));
      trial.SetInput(blank, first + k, 1);
    }
    for (int64_t t = items_; t < items_ + delay_; ++t) {
      trial.SetInput(blank, t, 1);
    }
    trial.SetInput(go, items_ + delay_, 1);
  }

 private:
  int64_t symbols_, items_, delay_;
  TaskShape shape_;
  RandomStream training_, test_;
};

SupervisedTaskRow RecallRow(const char* type, const char* summary,
                            const char* reference, int64_t symbols,
                            int64_t items, int64_t delay) {
  return {
      .spec = {.kind = Kind::kSupervisedTask,
               .type = type,
               .summary = summary,
               .equation = "symbols, delay blanks, go, then the symbols "
                           "are asked for in order",
               .reference = reference,
               .parameters =
                   {Integer("symbols", symbols, 2, 1000, "that there are"),
                    Integer("items", items, 1, 10000, "symbols of a trial"),
                    Integer("delay", delay, 0, 100000, "blanks before go")}},
      .shape = Recall::ShapeOf,
      .most_steps = Recall::Steps,
      .make = Make<Recall>};
}

}  // namespace

SupervisedTaskRow AddingRow() {
  return {
      .spec = {.kind = Kind::kSupervisedTask,
               .type = "adding",
               .summary = "the sum of two marked numbers of a sequence",
               .equation = "target = x_i + x_j, i marked in the first half, "
                           "j in the second",
               .reference = "doi:10.1162/neco.1997.9.8.1735",
               .parameters = {Integer("steps", 20, 2, 100000,
                                      "length of a trial")}},
      .shape = Adding::ShapeOf,
      .most_steps = [](const Component& c,
                       int64_t) { return c.Integer("steps"); },
      .make = Make<Adding>};
}

SupervisedTaskRow DelayedRecallRow() {
  return RecallRow("delayed_recall", "symbols are named again after a delay",
                   "arXiv:1711.02448", 4, 3, 10);
}

SupervisedTaskRow CopyRow() {
  return RecallRow("copy", "a list of symbols is said again", "arXiv:1410.5401",
                   8, 10, 0);
}

}  // namespace engram
