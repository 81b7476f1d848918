// Spike patterns without structure whose classes are learned by heart: every
// input spikes with a fixed probability a step, and labels are drawn. The test
// asks about the patterns that were learned.
//
// Source: Neftci, Mostafa and Zenke (2019), doi:10.1109/MSP.2019.2931595; the
// numbers are those of its tutorial, github.com/fzenke/spytorch.

#include "core/base/random.h"
#include "core/tasks/supervised/spike_table_task.h"

namespace engram {
namespace {

TaskShape ShapeOf(const Component& c) {
  return {.inputs = c.Integer("inputs"), .outputs = c.Integer("classes")};
}

SpikeTable TableOf(const Component& c, uint64_t seed) {
  const RandomStream spikes(seed, c.path, "patterns");
  const RandomStream labels(seed, c.path, "labels");
  const TaskShape shape = ShapeOf(c);
  const double probability = c.Real("probability");
  std::vector<double> drawn(
      static_cast<size_t>(shape.inputs * c.Integer("steps")));
  SpikeTable table;
  for (int64_t k = 0; k < c.Integer("patterns"); ++k) {
    table.BeginTrial(static_cast<int32_t>(labels.Below(shape.outputs, 0, k)));
    spikes.Fill(k, drawn);
    for (size_t i = 0; i < drawn.size(); ++i) {
      const auto at = static_cast<int64_t>(i);
      if (drawn[i] < probability)
        table.Add(at % shape.inputs, at / shape.inputs);
    }
  }
  return table;
}

TaskTable TableSize(const Component& c) {
  const double drawn = c.Real("patterns") * c.Real("inputs") * c.Real("steps");
  return {.numbers = drawn,
          .bytes = 8 * c.Real("inputs") * c.Real("steps") +
                   32 * c.Real("probability") * drawn +
                   48 * c.Real("patterns")};
}

}  // namespace

SupervisedTaskRow RandomPatternsRow() {
  return {
      .spec = {.kind = Kind::kSupervisedTask,
               .type = "random_patterns",
               .summary = "spike patterns without structure, whose classes are "
                          "learned by heart",
               .equation = "P(input spikes in a step) = probability, label "
                           "uniform; tests show the same patterns",
               .reference = "doi:10.1109/MSP.2019.2931595",
               .parameters = {Integer("patterns", 256, 1, 1000000,
                                      "that are learned"),
                              Integer("inputs", 100, 1, 100000, "that spike"),
                              Integer("steps", 200, 2, 100000, "of a pattern"),
                              Integer("classes", 2, 2, 1000,
                                      "that labels name"),
                              Real("probability", "1", 0.005, 0, 1,
                                   "of a spike, for each input and step")}},
      .shape = ShapeOf,
      .most_steps = [](const Component& c,
                       int64_t) { return c.Integer("steps"); },
      .make = [](const Component& c,
                 uint64_t seed) -> std::unique_ptr<SupervisedTask> {
        SpikeTable table = TableOf(c, seed);
        return std::make_unique<SpikeTableTask>(ShapeOf(c), c.Integer("steps"),
                                                table, table);
      },
      .table = TableSize};
}

}  // namespace engram
