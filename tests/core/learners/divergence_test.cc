// A loss that turns non-finite ends the run with the update, the layer where it
// began and the gradient's norm before, whatever the learner.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/learners/learner.h"
#include "tests/support/experiment_tree.h"

namespace engram {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;

std::string EndOf(const Component& tree) {
  const ScopedNumericEnvironment environment;
  Parallel parallel(2);
  const NoInputs inputs;
  auto execution = Execution::Make(tree, 1, {}, {parallel, inputs});
  EXPECT_TRUE(execution.ok());
  MemoryRecorder record;
  const auto progress = (*execution)->Advance(1000, record, {});
  EXPECT_EQ(progress.status().code(), absl::StatusCode::kOutOfRange);
  return std::string(progress.status().message());
}

// Rectified units that a rate of 1000 throws beyond the largest number.
Component Diverging(const std::string& learner, const std::string& task) {
  return Tree(
      "{type: supervised_training, batch: 40, epochs: 10, task: " + task +
      ", network: {type: layer_stack, layers: [{type: feed_forward, units: 3, "
      "nonlinearity: tanh}, {type: vanilla_rnn, units: 3, nonlinearity: "
      "relu}]}, optimizer: {type: sgd, rate: 1000}, learner: " +
      learner + "}");
}

class DivergenceTest : public testing::TestWithParam<std::string> {};

TEST_P(DivergenceTest, EndsWithUpdateLayerAndTheNormBefore) {
  EXPECT_THAT(
      EndOf(Diverging(GetParam(), "{type: adding}")),
      AllOf(HasSubstr("the loss of layer_stack is not finite at update "),
            HasSubstr("layer_2 (vanilla_rnn) gave the first such "
                      "number, at step "),
            HasSubstr(" of trial "), HasSubstr("the gradient's norm was "),
            HasSubstr("take a smaller optimizer.rate")));
}

INSTANTIATE_TEST_SUITE_P(
    Learners, DivergenceTest,
    testing::Values("{type: bptt}", "{type: bptt, recompute_every: 16}",
                    "{type: truncated_bptt, window: 8, every: 4}",
                    "{type: truncated_bptt, window: 20, every: 20, "
                    "recompute_every: 16}",
                    "{type: rtrl}"),
    [](const auto& of) {
      std::string name;
      for (const char c : of.param) {
        if (std::isalnum(static_cast<unsigned char>(c))) name += c;
      }
      return name;
    });

// Matrices that begin with one constant.
std::string Initial(const std::vector<const char*>& names, const char* value) {
  std::string list;
  for (const char* name : names) {
    list += std::string(list.empty() ? "" : ", ") +
            "{type: initial_weights, of: " + name + ", distribution: " + value +
            "}";
  }
  return ", initial: [" + list + "]}";
}

// A stream is judged from the state that it began with, which is 0, and not
// from the one that it would go on from: units that drive themselves 3,000-fold
// are beyond 3e38 after 11 to 14 steps.
TEST(DivergenceTest, OfAStreamIsFoundInItsBatch) {
  EXPECT_THAT(
      EndOf(Tree("{type: supervised_training, batch: 20, task: {type: grammar, "
                 "streams: 20}, network: {type: vanilla_rnn, units: 3, "
                 "nonlinearity: relu}" +
                 Initial({"recurrent_weights"}, "1000"))),
      AllOf(HasSubstr("at update 1 (epoch 1)"),
            ContainsRegex("vanilla_rnn gave the first such number, at "
                          "step 1[1-4] of trial "),
            HasSubstr("it is the first")));
}

// Three layers of three units take an input of 1 to 9e36, and the readout of
// these is beyond 3e38.
TEST(DivergenceTest, OfAReadoutIsToldFromThatOfALayer) {
  EXPECT_THAT(
      EndOf(Tree("{type: supervised_training, batch: 8, task: {type: adding}, "
                 "network: {type: feed_forward, units: 3, layers: 3, "
                 "nonlinearity: linear}" +
                 Initial({"layer_1.weights", "layer_2.weights",
                          "layer_3.weights", "readout_weights"},
                         "1e12"))),
      AllOf(HasSubstr("is not finite at update 1"),
            HasSubstr("all layers are finite, and the readout or the loss is "
                      "not")));
}

}  // namespace
}  // namespace engram
