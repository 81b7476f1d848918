#include "core/analyses/training/trained_analysis.h"
#include "core/learners/learner.h"
#include "core/programs/supervised_training.h"
#include "core/spec/find_row.h"
#include "core/training/alignment.h"
#include "core/training/initial.h"

namespace engram {
namespace {

// Measured with the release build on one core of an AMD EPYC.
constexpr double kProduct = 1.5e-11;    // [s] a weight, a sample, a step
constexpr double kPerUnit = 2e-9;       // [s] what a unit does in a step
constexpr double kNumber = 2e-9;        // [s] of a task's table
constexpr int64_t kProcess = 32 << 20;  // [bytes] without any array

int64_t BytesOfReal(const Component& root) {
  return root.Text("precision") == "single" ? 4 : 8;
}

int64_t MostStepsOf(const Component& root) {
  const Component& task = root.Slot("task");
  // A stage that performance has to reach: an n an epoch is quick.
  const CurriculumReach reach = ReachOfTraining(root);
  const int64_t n =
      std::min(reach.largest_n, reach.smallest_n + root.Integer("epochs"));
  return RowOf(SupervisedTaskRows(), task.type).most_steps(task, n);
}

// Numbers that the passes of all blocks hold for a learner, for their longest
// batch.
double NumbersOfPasses(const Component& root,
                       const TrainedNetwork<float>& network,
                       const Learner<float>& learner) {
  const int64_t steps = MostStepsOf(root);
  const PassPlan plan = learner.plan();
  const int64_t segment = plan.SegmentOf(steps);
  double numbers = learner.cost(network).numbers;  // of a sample
  for (const auto& layer : network.layers()) {
    const LayerStorage& rows = layer->rows();
    const int64_t gates = rows.keeps_gates ? segment : kStepsPerStretch;
    numbers += static_cast<double>((segment + 1) * layer->units() *
                                       (rows.has_cell ? 2 : 1) +
                                   rows.gates * (gates + kStepsPerStretch));
  }
  if (segment < steps && plan.goes_back) {
    const int64_t states = steps / segment + 2;
    numbers += static_cast<double>(network.state_size() * states);
  }
  return numbers * static_cast<double>(root.Integer("batch"));
}

// Of an update or a test.
double ProductsOf(const Component& root, const TrainedNetwork<float>& network,
                  const Learner<float>& learner) {
  // Of symbols a column is taken, and nothing multiplied.
  const int64_t taken =
      network.shape().symbols > 0 ? network.layout()[0].size() : 0;
  double products = 3 * static_cast<double>(network.layout().size() - taken) +
                    learner.cost(network).products;
  const int64_t every = root.Integer("alignment_every");
  if (every > 0) products *= 1 + 1 / static_cast<double>(every);
  return products;
}

// Numbers of a batch: its inputs, and outputs with their errors, which are many
// where every step of a text asks for one of its words.
double NumbersOfBatch(const Component& root, double columns) {
  const NetworkShape shape = ShapeOfTrainedNetwork(root);
  const double outputs = static_cast<double>(shape.outputs * shape.heads);
  const double asked = ShapeOfTask(root.Slot("task")).is_stream
                           ? columns
                           : static_cast<double>(root.Integer("batch"));
  return columns * static_cast<double>(shape.inputs) + 2 * asked * outputs;
}

// What is read of another run before anything else is held: a state with two
// moments at most, in either precision.
double BytesOfStored(const Component& root, double parameters) {
  for (const Component& initial : root.Slots("initial")) {
    if (initial.type == kStoredParameters) return 3 * 8 * parameters;
  }
  return 0;
}

TrainedWork WorkOfAnalyses(const Component& root) {
  TrainedWork sum;
  for (const Component& analysis : root.Slots("analyses")) {
    const TrainedWork work =
        RowOf(TrainedAnalysisRows(), analysis.type).work(analysis, root);
    sum.columns += work.columns;
    sum.bytes += work.bytes;
  }
  return sum;
}

}  // namespace

NetworkShape ShapeOfTrainedNetwork(const Component& root) {
  const TaskShape task = ShapeOfTask(root.Slot("task"));
  return {task.inputs, task.outputs, ReachOfTraining(root).heads, task.symbols};
}

Estimate EstimateSupervisedTraining(const Component& root) {
  const TrainedNetwork<float> network(root.Slot("network"),
                                      ShapeOfTrainedNetwork(root), 0,
                                      &root.Slot("readout"));
  const auto learner = MakeLearner<float>(root.Slot("learner"));
  double units = 0;
  for (const auto& layer : network.layers()) {
    units += static_cast<double>(layer->units());
  }
  const double parameters = static_cast<double>(network.layout().size());
  const int64_t ticks = root.Integer("epochs") * (root.Integer("updates") +
                                                  root.Integer("test_batches"));
  const double columns = static_cast<double>(root.Integer("batch")) *
                         static_cast<double>(MostStepsOf(root));
  const TrainedWork analysed = WorkOfAnalyses(root);
  const TaskTable table = TableOfTask(root.Slot("task"));
  const int64_t whole_blocks =
      (root.Integer("batch") + kSamplesPerBlock - 1) / kSamplesPerBlock;
  double blocks = static_cast<double>(whole_blocks);
  double held =
      NumbersOfPasses(root, network, *learner) + NumbersOfBatch(root, columns);
  if (root.Integer("alignment_every") > 0) {
    const auto exact =
        MakeLearner<float>(ExactLearnerBeside(root.Slot("learner")));
    held += NumbersOfPasses(root, network, *exact);
    blocks *= 2;
  }
  const double seconds =
      (static_cast<double>(ticks) * columns + analysed.columns) *
          (kProduct * ProductsOf(root, network, *learner) + kPerUnit * units) +
      kNumber * table.numbers;
  const auto kept = static_cast<int64_t>(analysed.bytes);
  const auto stored = static_cast<int64_t>(BytesOfStored(root, parameters));
  return {.seconds = seconds,
          .memory_bytes =
              kProcess + static_cast<int64_t>(table.bytes) + kept + stored +
              static_cast<int64_t>(static_cast<double>(BytesOfReal(root)) *
                                   (held + parameters * (4 + blocks))),
          .record_bytes = static_cast<int64_t>(parameters) * BytesOfReal(root) +
                          48 * ticks + kept,
          .ticks = ticks + PartsOfTrainedAnalyses(root),
          .tick_name = "batch"};
}

}  // namespace engram
