// Layers that read symbols do what they do with vectors that are 1 at one
// place, and their way back is the derivative of their way there.

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "core/learners/learner.h"
#include "core/training/catalog.h"
#include "tests/support/experiment_tree.h"

namespace engram {
namespace {

constexpr int64_t kSymbols = 6, kSamples = 3, kSteps = kStepsPerStretch + 5;

// A network whose inputs are symbols, or the same ones as vectors.
struct WordNetwork {
  WordNetwork(const std::string& yaml, bool has_symbols)
      : network(Tree(yaml, Kind::kTrainedNetwork, "network"),
                {.inputs = has_symbols ? 1 : kSymbols,
                 .outputs = kSymbols,
                 .symbols = has_symbols ? kSymbols : 0},
                1),
        parameters(network.layout().size()) {
    std::mt19937 random(11);
    for (double& x : parameters.span()) {
      x = static_cast<double>(random()) / 4294967296.0 - 0.5;
    }
    block.samples = kSamples;
    block.batch_samples = kSamples;
    block.steps = kSteps;
    block.total_weight = kSamples * kSteps;
    Resize(has_symbols ? 1 : kSymbols, 0, block);
    for (int64_t j = 0; j < kSamples * kSteps; ++j) {
      const auto symbol = static_cast<int64_t>(random() % kSymbols);
      if (has_symbols) {
        block.inputs(0, j) = static_cast<double>(symbol);
      } else {
        block.inputs(symbol, j) = 1;
      }
      block.labels(0, j) = static_cast<int32_t>(random() % kSymbols);
    }
    loss.push_back(MakeLossTerm<double>(
        Tree("{type: cross_entropy}", Kind::kLoss, "loss")));
  }

  double LossNow() {
    network.Resize(block, pass);
    network.DrawState(block, pass);
    return ForwardLoss(network, loss, parameters.data(), block, pass);
  }
  Array<double> Gradient() {
    LossNow();
    Array<double> gradient(network.layout().size());
    BackwardLoss(network, loss, parameters.data(), block, pass,
                 gradient.data());
    return gradient;
  }

  TrainedNetwork<double> network;
  Array<double> parameters;
  TrainingBlock<double> block;
  NetworkPass<double> pass;
  Loss<double> loss;
};

class EveryLayerOfSymbols : public testing::TestWithParam<std::string> {
 protected:
  const ScopedNumericEnvironment environment_;
};

TEST_P(EveryLayerOfSymbols, DoesWhatItDoesWithVectorsOfOneOne) {
  const std::string yaml = "{type: " + GetParam() + ", units: 5, layers: 2}";
  WordNetwork symbols(yaml, true), vectors(yaml, false);
  ASSERT_EQ(symbols.network.layout().size(), vectors.network.layout().size());
  EXPECT_NEAR(symbols.LossNow(), vectors.LossNow(), 1e-14);
  const Array<double> a = symbols.Gradient(), b = vectors.Gradient();
  double most = 0;
  for (int64_t i = 0; i < a.rows(); ++i) {
    EXPECT_NEAR(a[i], b[i], 1e-14);
    most = std::max(most, std::abs(a[i]));
  }
  EXPECT_GT(most, 1e-3);
}

std::vector<std::string> TypesOfBoth() {
  std::vector<std::string> types;
  for (const LayerRow& row : LayerRows()) {
    if (row.takes == LayerInputs::kBoth) types.push_back(row.spec.type);
  }
  return types;
}

INSTANTIATE_TEST_SUITE_P(Layers, EveryLayerOfSymbols,
                         testing::ValuesIn(TypesOfBoth()),
                         [](const testing::TestParamInfo<std::string>& of) {
                           return of.param;
                         });

// A step of 1e-5 leaves a truncation of 1e-10 and a rounding of 1e-11.
TEST(EmbeddingTest, GoesBackAsItWentThere) {
  const ScopedNumericEnvironment environment;
  WordNetwork words(
      "{type: layer_stack, layers: [{type: embedding, units: 4}, {type: gru, "
      "units: 3}]}",
      true);
  const Array<double> gradient = words.Gradient();
  for (const ParameterMatrix& matrix : words.network.layout().matrices()) {
    for (int64_t i = 0; i < matrix.size(); ++i) {
      constexpr double kStep = 1e-5;
      double& theta = words.parameters[matrix.offset + i];
      const double at = theta;
      theta = at + kStep;
      const double above = words.LossNow();
      theta = at - kStep;
      const double below = words.LossNow();
      theta = at;
      EXPECT_NEAR(gradient[matrix.offset + i], (above - below) / (2 * kStep),
                  1e-8)
          << matrix.name << "[" << i << "]";
    }
  }
}

TEST(EmbeddingTest, GivesTheColumnOfItsSymbol) {
  const ScopedNumericEnvironment environment;
  WordNetwork words("{type: embedding, units: 4}", true);
  words.LossNow();
  const ParameterMatrix* vectors = words.network.layout().Find("vectors");
  ASSERT_NE(vectors, nullptr);
  EXPECT_EQ(vectors->cols, kSymbols);
  for (int64_t j = 0; j < kSamples * kSteps; ++j) {
    const auto symbol = static_cast<int64_t>(words.block.inputs(0, j));
    for (int64_t i = 0; i < 4; ++i) {
      EXPECT_EQ(words.pass.courses[0].outputs(i, kSamples + j),
                words.parameters[vectors->offset + 4 * symbol + i]);
    }
  }
}

}  // namespace
}  // namespace engram
