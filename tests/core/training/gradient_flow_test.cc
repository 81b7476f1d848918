// What flows back to the state of an earlier step is the derivative of the
// loss by that state.

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "core/learners/state_errors.h"
#include "tests/core/training/training_fixture.h"

namespace engram {
namespace {

constexpr int64_t kSteps = 7, kAt = 2, kUnits = 4, kSamples = 2;

std::string Yaml(const std::string& type) {
  return "{type: " + type + ", units: 4}";
}

// The loss of the steps behind kAt from a state after it.
class FromAState {
 public:
  explicit FromAState(const std::string& type)
      : later_(Yaml(type), true, kSamples, kSteps - kAt - 1, kSteps - kAt - 2) {
    SmallNetwork<double> whole(Yaml(type), true, kSamples, kSteps, kSteps - 1);
    later_.parameters = whole.parameters;
    later_.block.labels = whole.block.labels;
    later_.block.weights = whole.block.weights;
    later_.block.total_weight = whole.block.total_weight;
    const int64_t skipped = 3 * kSamples * (kAt + 1);
    for (size_t i = 0; i < later_.block.inputs.size(); ++i) {
      const auto at = static_cast<int64_t>(i);
      later_.block.inputs[at] = whole.block.inputs[skipped + at];
    }
    whole.Begin();
    whole.network.Resize(whole.block, whole.pass);
    whole.network.DrawState(whole.block, whole.pass);
    ForwardLoss(whole.network, whole.loss, whole.parameters.data(), whole.block,
                whole.pass);
    const LayerCourse<double>& course = whole.pass.courses[0];
    const int64_t size = kUnits * kSamples;
    Append(course.outputs, size);
    if (whole.network.layers()[0]->rows().has_cell) Append(course.cells, size);
    BackwardByStep<double>(
        whole.network, whole.loss, whole.parameters.data(), whole.block,
        whole.pass, [&](size_t, int64_t step, const double* direct) {
          if (step != kAt) return;
          GetStateErrors(*whole.network.layers()[0], whole.pass.courses[0],
                         step, direct, errors_);
        });
  }

  double LossAt(const std::vector<double>& state) {
    later_.network.Resize(later_.block, later_.pass);
    later_.network.LoadState(state.data(), later_.pass);
    return ForwardLoss(later_.network, later_.loss, later_.parameters.data(),
                       later_.block, later_.pass);
  }
  const std::vector<double>& state() const { return state_; }
  const StateErrors<double>& errors() const { return errors_; }

 private:
  void Append(const Array<double>& of_steps, int64_t size) {
    const double* at = of_steps.data() + size * (kAt + 1);
    state_.insert(state_.end(), at, at + size);
  }

  SmallNetwork<double> later_;
  std::vector<double> state_;
  StateErrors<double> errors_;
};

class GradientFlow : public testing::TestWithParam<std::string> {
 protected:
  const ScopedNumericEnvironment environment_;
};

// As in every_trained_network_test: a step of 6e-6 leaves 1e-9 of numbers of
// order 1.
constexpr double kStep = 6e-6, kBound = 1e-8;

TEST_P(GradientFlow, ErrorsOfOutputsAreDerivativesByThem) {
  FromAState from(GetParam());
  double largest = 0;
  for (size_t i = 0; i < from.errors().outputs.size(); ++i) {
    std::vector<double> state = from.state();
    state[i] += kStep;
    const double above = from.LossAt(state);
    state[i] -= 2 * kStep;
    const double difference = (above - from.LossAt(state)) / (2 * kStep);
    EXPECT_NEAR(from.errors().outputs[i], difference, kBound);
    largest = std::max(largest, std::abs(difference));
  }
  EXPECT_GT(largest, 1e-5);
}

// A cell acts on later steps and on its own output: h = o tanh(c), or
// h = sigma(c) - o.
TEST_P(GradientFlow, ErrorsOfCellsAreDerivativesThroughTheOutput) {
  FromAState from(GetParam());
  if (from.errors().cells.empty()) GTEST_SKIP() << "it has no memory cell";
  const size_t size = from.errors().cells.size();
  const auto moved = [&](size_t i, double step) {
    std::vector<double> state = from.state();
    double &h = state[i], &c = state[size + i];
    if (GetParam() == "lstm") {
      h *= std::tanh(c + step) / std::tanh(c);
    } else {
      h += 1 / (1 + std::exp(-c - step)) - 1 / (1 + std::exp(-c));
    }
    c += step;
    return state;
  };
  double largest = 0;
  for (size_t i = 0; i < size; ++i) {
    const double difference =
        (from.LossAt(moved(i, kStep)) - from.LossAt(moved(i, -kStep))) /
        (2 * kStep);
    EXPECT_NEAR(from.errors().cells[i], difference, kBound);
    largest = std::max(largest, std::abs(difference));
  }
  EXPECT_GT(largest, 1e-5);
}

INSTANTIATE_TEST_SUITE_P(Layers, GradientFlow,
                         testing::Values("leaky_rnn", "vanilla_rnn", "gru",
                                         "lstm", "sublstm", "fix_sublstm"),
                         [](const testing::TestParamInfo<std::string>& of) {
                           return of.param;
                         });

std::string Recall(const std::string& network, const std::string& analyses) {
  return "{type: supervised_training, batch: 4, epochs: 1, updates: 2, "
         "test_batches: 1, task: {type: delayed_recall, delay: 4}, network: " +
         network + ", analyses: [" + analyses + "]}";
}

TEST(GradientFlowAnalysisTest, ReportsNormsFromTheLastStepBack) {
  const auto run =
      RunTree(Tree(Recall("{type: lstm, units: 6}", "{type: gradient_flow}")));
  const auto& outputs = run->record.series.at("output_gradient").points;
  const auto& cells = run->record.series.at("cell_gradient").points;
  ASSERT_EQ(outputs.size(), 11u);  // 3 symbols, 4 blanks, go, 3 answers
  ASSERT_EQ(cells.size(), 11u);
  EXPECT_GT(outputs[0].second.value(), 0);
  EXPECT_DOUBLE_EQ((*run)["cell_flow"],
                   cells.back().second.value() / cells[0].second.value());
  // The cells of an untrained network forget half in a step.
  EXPECT_LT((*run)["cell_flow"], 0.5);
}

TEST(GradientFlowAnalysisTest, ALayerWithoutCellsSaysSo) {
  const auto run =
      RunTree(Tree(Recall("{type: gru, units: 6}", "{type: gradient_flow}")));
  EXPECT_TRUE(run->is_absent("cell_flow"));
  EXPECT_FALSE(run->is_absent("output_flow"));
}

TEST(GateStatisticsTest, GatesOfAnUntrainedNetworkAreHalfOpen) {
  const auto run = RunTree(
      Tree(Recall("{type: sublstm, units: 6}", "{type: gate_statistics}")));
  for (const char* gate : {"mean_i", "mean_f", "mean_z", "mean_o"}) {
    EXPECT_NEAR((*run)[gate], 0.5, 0.1) << gate;
  }
  EXPECT_NEAR((*run)["input_balance"], (*run)["mean_z"] - (*run)["mean_i"],
              1e-12);
  EXPECT_LT(std::abs((*run)["output_balance"]), 0.3);
  EXPECT_TRUE(run->is_absent("mean_u"));
}

TEST(GateStatisticsTest, ReadsTheLayerThatIsAskedFor) {
  const auto run = RunTree(
      Tree(Recall("{type: layer_stack, layers: [{type: gru, units: 3}, {type: "
                  "vanilla_rnn, units: 4}]}",
                  "{type: gate_statistics, layer: 1}")));
  EXPECT_NEAR((*run)["mean_u"], 0.5, 0.15);
  EXPECT_TRUE(run->is_absent("input_balance"));
}

TEST(GateStatisticsTest, RefusesLayersWithoutGates) {
  Faults faults;
  ReadTree(Recall("{type: vanilla_rnn, units: 4}", "{type: gate_statistics}"),
           Kind::kProgram, "experiment", faults);
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_NE(faults[0].Format("t").find("vanilla_rnn has none"),
            std::string::npos);
}

}  // namespace
}  // namespace engram
