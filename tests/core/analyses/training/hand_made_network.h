#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/analyses/training/catalog.h"
#include "core/spec/find_row.h"
#include "tests/support/experiment_tree.h"

namespace engram {

// A network whose parameters a test writes, as an analysis of trained networks
// sees it.
struct HandMade {
  HandMade(const std::string& network_yaml, const std::string& analysis_yaml,
           const std::string& task_yaml = "{type: n_parity}")
      : root(Tree("{type: supervised_training, precision: double, task: " +
                  task_yaml + ", network: " + network_yaml +
                  ", curriculum: {type: single_head}, analyses: [" +
                  analysis_yaml + "]}")),
        task(MakeSupervisedTask(root.Slot("task"), 1)),
        network(root.Slot("network"),
                {task->shape().inputs, task->shape().outputs, 1}, 1),
        parameters(network.layout().size()) {}

  void Set(const std::string& name, std::vector<double> values) {
    const ParameterMatrix* matrix = network.layout().Find(name);
    ASSERT_NE(matrix, nullptr) << name;
    ASSERT_EQ(values.size(), static_cast<size_t>(matrix->size())) << name;
    std::copy(values.begin(), values.end(), parameters.data() + matrix->offset);
  }

  // All parts of the analysis, and what it reports.
  FinishedRun& Run() {
    const ScopedNumericEnvironment environment;
    Parallel parallel(1);
    const Component& analysis = root.Slots("analyses")[0];
    const TrainedAnalysisRow& row = RowOf(TrainedAnalysisRows(), analysis.type);
    const auto made = row.make_double({.analysis = analysis,
                                       .root = root,
                                       .units = network.last().units(),
                                       .state_size = network.state_size(),
                                       .parameters = network.layout().size(),
                                       .seed = 1,
                                       .parallel = parallel});
    const TrainedState<double> trained{.root = root,
                                       .task = *task,
                                       .network = network,
                                       .parameters = parameters.data(),
                                       .stage = stage,
                                       .passed = stage.largest(),
                                       .seed = 1,
                                       .parallel = parallel};
    for (int64_t part = 0; part < row.parts(analysis, root); ++part) {
      made->RunPart(trained, part);
    }
    AnalysisOutput output(analysis, run.record);
    made->Finish(trained, output);
    return run;
  }

  Component root;
  std::unique_ptr<SupervisedTask> task;
  TrainedNetwork<double> network;
  Array<double> parameters;
  Stage stage{.n = {2}};
  FinishedRun run;
};

// Three units without a memory of their own that know the parity of two bits:
//
//   a = x,  b = a',  c = phi(x + a' - 1),  y_1 - y_0 = a + b - 2 c - 1/2
//
// Raw time constants below 1 act as 1 and put the units in the order a, b, c.
inline void KnowParityOfTwo(HandMade& made) {
  made.Set("input_weights", {1, 0, 1});
  made.Set("recurrent_weights", {0, 1, 1, 0, 0, 0, 0, 0, 0});  // from a alone
  made.Set("bias", {0, 0, -1});
  made.Set("tau", {0.9, 0.8, 0.7});
  made.Set("readout_weights", {0, 1, 0, 1, 0, -2});
  made.Set("readout_bias", {0, -0.5});
}

}  // namespace engram
