// Losses and gradients are those of PyTorch, to 1e-10 in double precision, of
// each kind of layer that it has or that can be written in it by hand, for
// every learner that claims the exact gradient. torch_gradients.py says how the
// numbers came about.

#include "tests/core/learners/torch_gradients.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "tests/core/learners/learner_fixture.h"

namespace engram {
namespace {

constexpr int64_t kUnits = 3, kInputs = 2, kClasses = 3;
constexpr int64_t kSamples = 2, kSteps = 7, kFirst = 2;

double ValueOf(int64_t stream, int64_t k) {
  return static_cast<double>((stream * 7919 + k * 104729 + 12345) % 10007) /
             10007.0 -
         0.5;
}

int64_t StreamOf(const std::string& name) {
  static const std::map<std::string, int64_t> streams = {
      {"input_weights", 0},   {"recurrent_weights", 1}, {"bias", 2},
      {"input_bias", 3},      {"recurrent_bias", 4},    {"tau", 5},
      {"readout_weights", 6}, {"readout_bias", 7}};
  return streams.at(name);
}

TrainingBlock<double> BlockOfTorch() {
  TrainingBlock<double> block;
  block.samples = kSamples;
  block.steps = kSteps;
  block.first_scored = kFirst;
  block.batch_samples = kSamples;
  Resize(kInputs, kClasses, block);
  block.total_weight = static_cast<double>(block.scored_columns());
  for (int64_t k = 0; k < kInputs * kSamples * kSteps; ++k) {
    block.inputs[k] = ValueOf(20, k);
  }
  for (int64_t t = kFirst; t < kSteps; ++t) {
    for (int64_t s = 0; s < kSamples; ++s) {
      block.labels(0, (t - kFirst) * kSamples + s) =
          static_cast<int32_t>((t * t + 2 * s) % kClasses);
    }
  }
  return block;
}

Array<double> ParametersOfTorch(const ParameterLayout& layout) {
  Array<double> parameters(layout.size());
  for (const ParameterMatrix& matrix : layout.matrices()) {
    for (int64_t k = 0; k < matrix.size(); ++k) {
      const double value = ValueOf(StreamOf(matrix.name), k);
      parameters[matrix.offset + k] =
          matrix.name == "tau" ? 1.2 + 2 * (value + 0.5) : value;
    }
  }
  return parameters;
}

class TorchGradientsTest : public testing::TestWithParam<const char*> {};

TEST_P(TorchGradientsTest, AreOurs) {
  const ScopedNumericEnvironment environment;
  const auto learner =
      MakeLearner<double>(Tree(GetParam(), Kind::kLearner, "learner"));
  const TrainingBlock<double> block = BlockOfTorch();
  Loss<double> loss;
  loss.push_back(
      MakeLossTerm<double>(Tree("{type: cross_entropy}", Kind::kLoss, "loss")));
  for (const TorchGradients& golden : GradientsOfTorch()) {
    const std::string more =
        golden.network == "leaky_rnn" ? ", slope: 0.1, initial_state: 0" : "";
    const TrainedNetwork<double> network(
        Tree("{type: " + golden.network + ", units: " + std::to_string(kUnits) +
                 more + "}",
             Kind::kTrainedNetwork, "network"),
        {kInputs, kClasses, 1}, 1);
    const Array<double> parameters = ParametersOfTorch(network.layout());
    NetworkPass<double> pass;
    pass.plan = learner->plan();
    network.Resize(block, pass);
    network.DrawState(block, pass);
    Array<double> gradient(network.layout().size());
    EXPECT_NEAR(learner->Learn(network, loss, parameters.data(), block, pass,
                               gradient.data()),
                golden.loss, 1e-10)
        << golden.network;
    ASSERT_EQ(golden.gradients.size(), network.layout().matrices().size());
    for (const auto& [name, numbers] : golden.gradients) {
      const ParameterMatrix* matrix = network.layout().Find(name);
      ASSERT_NE(matrix, nullptr) << name;
      ASSERT_EQ(matrix->size(), static_cast<int64_t>(numbers.size())) << name;
      for (size_t k = 0; k < numbers.size(); ++k) {
        EXPECT_NEAR(gradient[matrix->offset + static_cast<int64_t>(k)],
                    numbers[k], 1e-10)
            << golden.network << "." << name << "[" << k << "]";
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Learners, TorchGradientsTest,
    testing::Values("{type: bptt}", "{type: rtrl}",
                    "{type: truncated_bptt, window: 7, every: 7}"),
    [](const auto& of) { return "learner" + std::to_string(of.index); });

}  // namespace
}  // namespace engram
