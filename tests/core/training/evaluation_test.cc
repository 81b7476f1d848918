// What a test counts, and what its loss ends.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>

#include "core/programs/supervised_training.h"
#include "tests/support/experiment_tree.h"
#include "tests/support/small_files.h"

namespace engram {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::unique_ptr<FinishedRun> Train(const std::string& yaml) {
  return RunTree(Tree("{type: supervised_training, " + yaml + "}",
                      Kind::kProgram, "experiment", NamesAreDigests()),
                 1, {}, 1, SmallFiles());
}

// Parameters as drawn: nothing is learned.
constexpr char kStill[] =
    "epochs: 1, updates: 1, optimizer: {type: sgd, rate: 0}, ";

// Nine images are tested: in three batches of three, and in as many as one
// likes beyond these; in one batch of nine, and in two of six, of which the
// second is half repeated. The loss of a batch is a mean in single precision.
TEST(EvaluationTest, ATestAsksEachTrialOnce) {
  const auto test = [](int batch, int test_batches) {
    return Train(kStill + absl::StrCat("batch: ", batch, ", test_batches: ",
                                       test_batches, ", task: ", SmallMnist(),
                                       ", network: {type: lstm, units: 5}"));
  };
  const auto whole = test(3, 3);
  for (const int more : {4, 5, 20}) {
    const auto run = test(3, more);
    EXPECT_EQ((*run)["loss"], (*whole)["loss"]);
    EXPECT_EQ((*run)["accuracy"], (*whole)["accuracy"]);
  }
  for (const auto& [batch, batches] : {std::pair(9, 1), {6, 2}, {64, 3}}) {
    const auto run = test(batch, batches);
    EXPECT_NEAR((*run)["loss"], (*whole)["loss"], 1e-6);
    EXPECT_EQ((*run)["accuracy"], (*whole)["accuracy"]);
  }
  // Ninths, not shares of what was asked twice.
  EXPECT_NEAR(std::fmod((*whole)["accuracy"] * 9 + 1e-9, 1), 0, 1e-8);
}

// A readout that gives 0 where 1 and 0.2 are wanted has the loss (1 + 0.04) /
// 2 in every step that counts. With steps of 500 ms most trials have none, for
// a decision takes 125 ms at most.
TEST(EvaluationTest, TrialsThatAskNothingHaveNoLoss) {
  const std::string silent =
      ", network: {type: gru, units: 4}, initial: [{type: initial_weights, of: "
      "readout_weights, distribution: 0}, {type: initial_weights, of: "
      "readout_bias, distribution: 0}]";
  const auto some =
      Train(std::string("batch: 1, test_batches: 60, epochs: 1, updates: 30, "
                        "optimizer: {type: sgd, rate: 0}, task: {type: "
                        "delayed_discrimination, dt: 100, T: 1000}") +
            silent);
  EXPECT_NEAR((*some)["loss"], 0.52, 1e-6);
  int absent = 0;
  for (const auto& [update, loss] :
       some->record.series.at("training_loss").points) {
    absent += loss.is_absent() ? 1 : 0;
    if (!loss.is_absent()) {
      EXPECT_NEAR(loss.value(), 0.52, 1e-6);
    }
  }
  EXPECT_GT(absent, 0);
  EXPECT_LT(absent, 30);

  const auto none =
      Train(std::string(kStill) +
            "batch: 8, test_batches: 2, patience: 1, task: {type: "
            "delayed_discrimination, dt: 500, T: 500}" +
            silent);
  EXPECT_TRUE(none->is_absent("loss"));
  EXPECT_TRUE(none->is_absent("accuracy"));
  EXPECT_TRUE(none->record.series.at("test_loss").points[0].second.is_absent());
  EXPECT_EQ((*none)["epochs"], 1);
}

TEST(EvaluationTest, PerplexityIsThatOfPlainCrossEntropy) {
  const auto run = [](const std::string& loss) {
    return Train(std::string(kStill) +
                 "batch: 4, test_batches: 2, task: {type: delayed_recall}, "
                 "network: {type: lstm, units: 4}, loss: " +
                 loss);
  };
  for (const char* plain : {"[]", "[{type: cross_entropy}]"}) {
    const auto done = run(plain);
    EXPECT_NEAR((*done)["perplexity"], std::exp((*done)["loss"]), 1e-12);
  }
  for (const char* other :
       {"[{type: cross_entropy, weight: 2}]",
        "[{type: rate_penalty, weight: 3}]",
        "[{type: cross_entropy}, {type: rate_penalty, weight: 0.1}]"}) {
    EXPECT_TRUE(run(other)->is_absent("perplexity")) << other;
  }
}

// Each epoch passes its stage, and the losses of more readouts add up, so that
// every epoch's loss is larger than the one before.
TEST(EvaluationTest, PatienceBeginsAnewWithAStage) {
  const auto run = [](const std::string& curriculum) {
    return Train(
        "batch: 8, test_batches: 4, epochs: 9, updates: 1, patience: 1, "
        "optimizer: {type: sgd, rate: 0}, task: {type: n_parity}, network: "
        "{type: leaky_rnn, units: 5}, curriculum: {type: multi_head, heads: 4, "
        "threshold: " +
        curriculum + "}");
  };
  const auto stages = run("0");
  EXPECT_EQ((*stages)["epochs"], 4);
  EXPECT_EQ((*stages)["passed_n"], 5);
  const auto& losses = stages->record.series.at("test_loss").points;
  EXPECT_GT(losses[1].second.value(), losses[0].second.value());
  // One that is not passed has one loss to beat.
  EXPECT_LT((*run("1"))["epochs"], 9);
}

TEST(EvaluationTest, PatienceIsKeptInACheckpoint) {
  const ScopedNumericEnvironment environment;
  Parallel parallel(1);
  const NoInputs inputs;
  const Component tree = Tree(
      "{type: supervised_training, batch: 8, epochs: 50, updates: 1, "
      "test_batches: 2, patience: 3, task: {type: adding, steps: 4}, "
      "network: {type: gru, units: 3}, optimizer: {type: sgd, rate: 0}}");
  const std::unique_ptr<FinishedRun> whole = RunTree(tree);
  const auto ticks = static_cast<int64_t>(3 * (*whole)["epochs"]);
  ASSERT_LT(ticks, 150);
  for (int64_t at = 0; at <= ticks; ++at) {
    MemoryRecorder record;
    std::string saved;
    {
      auto first = *Execution::Make(tree, 1, {}, {parallel, inputs});
      if (at > 0) {
        ASSERT_TRUE(first->Advance(at, record, {}).ok());
      }
      ASSERT_TRUE(first->Checkpoint(&saved).ok());
    }
    auto second = *Execution::Make(tree, 1, {}, {parallel, inputs});
    ASSERT_TRUE(second->Restore(saved).ok());
    while (!second->progress().finished) {
      ASSERT_TRUE(second->Advance(100, record, {}).ok());
    }
    EXPECT_EQ(second->ResultHash(), whole->result_hash) << "from tick " << at;
  }
}

std::string EndOf(const std::string& yaml) {
  const ScopedNumericEnvironment environment;
  Parallel parallel(1);
  const NoInputs inputs;
  auto execution =
      *Execution::Make(Tree("{type: supervised_training, " + yaml + "}"), 1, {},
                       {parallel, inputs});
  MemoryRecorder record;
  const absl::Status status = execution->Advance(1000, record, {}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange);
  return std::string(status.message());
}

// Seven layers of weights 1e12 and such a readout give about 1e98, so a loss of
// 1e196 and errors of the first weights of as much, whose squares are beyond
// 1e308.
TEST(EvaluationTest, AGradientMayBeTooLongWithoutANumberThatIs) {
  std::string initial =
      "{type: initial_weights, of: readout_weights, distribution: 1e12}";
  for (int layer = 2; layer <= 8; ++layer) {
    absl::StrAppend(&initial, ", {type: initial_weights, of: layer_", layer,
                    ".weights, distribution: 1e12}");
  }
  EXPECT_THAT(
      EndOf("precision: double, batch: 4, gradient_clip: 1, task: {type: "
            "adding}, network: {type: feed_forward, units: 3, layers: 8, "
            "nonlinearity: linear}, initial: [" +
            initial + "]"),
      AllOf(HasSubstr("the gradient of feed_forward is not finite at update 1"),
            HasSubstr("its norm is beyond the largest")));
}

// A rate of 1e6 takes one step too far; the test comes before the next update.
TEST(EvaluationTest, ATestThatDivergesSaysAfterWhichUpdate) {
  EXPECT_THAT(
      EndOf("batch: 4, updates: 1, test_batches: 1, task: {type: adding}, "
            "network: {type: vanilla_rnn, units: 8, nonlinearity: relu}, "
            "optimizer: {type: sgd, rate: 1e6}"),
      AllOf(HasSubstr("the loss of a test of vanilla_rnn is not finite after "
                      "update 1 (epoch 1): "),
            HasSubstr("the gradient's norm was ")));
}

}  // namespace
}  // namespace engram
