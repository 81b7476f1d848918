#include "core/programs/supervised_training.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <iterator>
#include <string>

#include "tests/support/experiment_tree.h"
#include "tests/support/fake_inputs.h"

namespace engram {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string Parity(const std::string& more, int units = 24) {
  return "{type: supervised_training, batch: 64, task: {type: n_parity}, "
         "network: {type: leaky_rnn, units: " +
         std::to_string(units) +
         "}, curriculum: {type: multi_head, heads: 5}, optimizer: {type: "
         "nesterov, rate: 0.05, mu: 0.1}, gradient_clip: 2, " +
         more + "}";
}

// Two classes are answered by chance at the start, so the loss is ln 2; the
// parity of two bits is learned within some hundred updates.
TEST(SupervisedTrainingTest, LearnsTheParityOfTwoBits) {
  const auto run = RunTree(
      Tree(Parity("epochs: 2, updates: 150, test_batches: 10, constraints: "
                  "[{type: zero_diagonal}], analyses: [{type: "
                  "time_constants}]",
                  48)));
  const auto& loss = run->record.series.at("training_loss").points;
  EXPECT_NEAR(loss.front().second.value(), std::log(2.0), 0.1);
  EXPECT_GE((*run)["passed_n"], 2);
  EXPECT_GT((*run)["mean_tau"], 1.2);
  EXPECT_GE((*run)["least_raw_tau"], 0.9);
}

// The losses of an independent PyTorch script, which was given this network's
// first parameters and the bits of its batches: its own time loop, labels from
// the bits, torch's cross-entropy and automatic differentiation, all in double
// precision. Eight of the gradients are shortened, and two time constants are
// below 1 and stay there. Both courses agree to 1e-15.
TEST(SupervisedTrainingTest, FollowsTheCourseOfAnotherImplementation) {
  const auto run = RunTree(
      Tree("{type: supervised_training, precision: double, batch: 64, epochs: "
           "1, updates: 12, test_batches: 1, gradient_clip: 0.4, task: {type: "
           "n_parity}, network: {type: leaky_rnn, units: 16, initial_state: 0, "
           "tau_low: 0.8}, curriculum: {type: fixed_heads, n: [2, 3, 5]}, "
           "optimizer: {type: nesterov, rate: 0.5, mu: 0.5}, constraints: "
           "[{type: zero_diagonal}]}"));
  const double losses[] = {2.226381051302, 2.050249542168, 1.999600080996,
                           2.048601475477, 2.039114696426, 1.984891215293,
                           1.980624287894, 1.988580072397, 1.874079592846,
                           2.096842232842, 1.859984089757, 1.826082090799};
  const auto& points = run->record.series.at("training_loss").points;
  ASSERT_EQ(points.size(), std::size(losses));
  for (size_t k = 0; k < points.size(); ++k) {
    EXPECT_NEAR(points[k].second.value(), losses[k], 1e-9) << "update " << k;
  }
}

// In continuous time constants count inputs: those of 10 steps at most act
// down to a tenth.
TEST(SupervisedTrainingTest, TimeConstantsOfContinuousTimeCountInputs) {
  const auto mean_of = [](const std::string& task) {
    const auto run = RunTree(Tree(
        "{type: supervised_training, batch: 2, epochs: 1, updates: 1, "
        "test_batches: 1, task: " +
        task +
        ", network: {type: leaky_rnn, units: 4, continuous: true, tau_low: "
        "0.25, tau_high: 0.25, train_tau: false}, curriculum: {type: "
        "single_head}, analyses: [{type: time_constants}]}"));
    return std::pair((*run)["mean_tau"], (*run)["frozen_fraction"]);
  };
  EXPECT_EQ(mean_of("{type: n_parity, hold_low: 10, hold_high: 10}"),
            std::pair(0.25, 0.0));
  EXPECT_EQ(mean_of("{type: n_parity, hold_low: 2, hold_high: 2}"),
            std::pair(0.5, 1.0));
  EXPECT_EQ(mean_of("{type: n_parity}"), std::pair(1.0, 1.0));
}

TEST(SupervisedTrainingTest, ConstraintsHoldAtTheEnd) {
  const ScopedNumericEnvironment environment;
  Parallel parallel(1);
  const NoInputs inputs;
  auto execution = Execution::Make(
      Tree(Parity("epochs: 1, updates: 5, test_batches: 1, constraints: "
                  "[{type: zero_diagonal}, {type: presynaptic_signs, "
                  "excitatory: 20}, {type: weight_clip, of: tau, low: 1, "
                  "high: 1.5}]")),
      1, {}, {parallel, inputs});
  ASSERT_TRUE(execution.ok());
  MemoryRecorder record;
  while (!(*execution)->progress().finished) {
    ASSERT_TRUE((*execution)->Advance(100, record, {}).ok());
  }
  for (const Execution::NamedArray& array : (*execution)->StateArrays()) {
    const auto* values =
        reinterpret_cast<const float*>(array.array.bytes.data());
    if (array.path == "network.recurrent_weights") {
      for (int j = 0; j < 24; ++j) {
        EXPECT_EQ(values[24 * j + j], 0);
        for (int i = 0; i < 24; ++i) {
          EXPECT_GE((j < 20 ? 1 : -1) * values[24 * j + i], 0);
        }
      }
    }
    if (array.path == "network.tau") {
      for (int i = 0; i < 24; ++i) EXPECT_LE(values[i], 1.5f);
    }
  }
}

TEST(SupervisedTrainingTest, AnIdleRunEndsEarly) {
  // A rate of 0 learns nothing, so no test is better than the first but by
  // chance: nine in a row are not.
  const auto run = RunTree(
      Tree("{type: supervised_training, batch: 8, epochs: 1000, updates: 1, "
           "test_batches: 1, patience: 2, task: {type: adding, steps: 4}, "
           "network: {type: lstm, units: 4}, optimizer: {type: sgd, rate: "
           "0}}"));
  EXPECT_LT((*run)["epochs"], 100);
  EXPECT_TRUE(run->is_absent("accuracy"));
  EXPECT_TRUE(run->is_absent("passed_n"));
}

TEST(SupervisedTrainingTest, ADivergingLossEndsTheRunWithStepAndReason) {
  const ScopedNumericEnvironment environment;
  Parallel parallel(1);
  const NoInputs inputs;
  auto execution = Execution::Make(
      Tree("{type: supervised_training, batch: 8, epochs: 10, task: {type: "
           "adding}, network: {type: vanilla_rnn, units: 8, nonlinearity: "
           "relu}, optimizer: {type: sgd, rate: 1000}}"),
      1, {}, {parallel, inputs});
  ASSERT_TRUE(execution.ok());
  MemoryRecorder record;
  const auto progress = (*execution)->Advance(1000, record, {});
  EXPECT_EQ(progress.status().code(), absl::StatusCode::kOutOfRange);
  const std::string message(progress.status().message());
  EXPECT_THAT(message, HasSubstr("is not finite at update "));
  EXPECT_THAT(message, HasSubstr("the gradient's norm was "));
}

std::string FaultOf(const std::string& yaml) {
  Faults faults;
  ReadTree(yaml, Kind::kProgram, "experiment", faults);
  EXPECT_EQ(faults.size(), 1u);
  return faults.empty() ? "" : faults[0].Format("tree");
}

std::string With(const std::string& network, const std::string& task,
                 const std::string& more) {
  return "{type: supervised_training, network: " + network + ", task: " + task +
         more + "}";
}

TEST(SupervisedTrainingTest, RefusesWhatCannotFit) {
  const std::string rnn = "{type: leaky_rnn, units: 8}";
  EXPECT_THAT(FaultOf(With(rnn, "{type: n_parity, largest_n: 20}",
                           ", curriculum: {type: multi_head, heads: 30}")),
              HasSubstr("goes up to n = 31 with 30 readouts, beyond "
                        "experiment.task.largest_n = 20"));
  EXPECT_THAT(FaultOf(With(rnn, "{type: n_parity, steps: 10, largest_n: 12}",
                           ", curriculum: {type: single_head}")),
              HasSubstr("largest_n = 12 is beyond the sequence length"));
  EXPECT_THAT(FaultOf(With(rnn, "{type: n_parity}", "")),
              HasSubstr("add curriculum"));
  EXPECT_THAT(
      FaultOf(With(rnn, "{type: adding}", ", curriculum: {type: single_head}")),
      HasSubstr("leave the curriculum out"));
  EXPECT_THAT(
      FaultOf(With(rnn, "{type: adding}", ", loss: [{type: cross_entropy}]")),
      HasSubstr("take mean_squared_error"));
  EXPECT_THAT(FaultOf(With(rnn, "{type: adding}",
                           ", constraints: [{type: zero_diagonal, of: "
                           "recurent_weights}]")),
              HasSubstr("did you mean recurrent_weights?"));
  EXPECT_THAT(FaultOf(With(rnn, "{type: adding}",
                           ", constraints: [{type: zero_diagonal, of: tau}]")),
              HasSubstr("has no diagonal"));
  EXPECT_THAT(FaultOf(With("{type: lstm, units: 8}", "{type: adding}",
                           ", analyses: [{type: time_constants}]")),
              HasSubstr("the network has no parameter tau"));
}

TEST(SupervisedTrainingTest, RefusesPartsInSlotsThatAreNotTheirs) {
  const std::string rnn = "{type: leaky_rnn, units: 8}";
  EXPECT_THAT(FaultOf(With("{type: linear_readout}", "{type: adding}", "")),
              AllOf(HasSubstr("experiment.network"),
                    HasSubstr("move it to the slot readout")));
  EXPECT_THAT(
      FaultOf(With(rnn, "{type: adding}", ", readout: {type: lstm}")),
      AllOf(HasSubstr("experiment.readout"), HasSubstr("take linear_readout")));
  EXPECT_THAT(FaultOf(With("{type: layer_stack, layers: [{type: lstm}, {type: "
                           "linear_readout}]}",
                           "{type: adding}", "")),
              HasSubstr("linear_readout is a readout"));
  EXPECT_THAT(
      FaultOf(With("{type: layer_stack, layers: []}", "{type: adding}", "")),
      HasSubstr("layers"));
  EXPECT_THAT(FaultOf(With(rnn, "{type: hebbian}", "")),
              HasSubstr("experiment.task"));
  EXPECT_THAT(FaultOf(With(rnn, "{type: adding}", ", optimizer: {type: adm}")),
              HasSubstr("did you mean adam?"));
  EXPECT_THAT(FaultOf(With("{type: lstm, units: 0}", "{type: adding}", "")),
              HasSubstr("units = 0 is outside [1, "));
  EXPECT_THAT(
      FaultOf(With(rnn, "{type: adding}",
                   ", initial: [{type: initial_weights, of: tau, distribution: "
                   "2}, {type: initial_weights, of: tau, distribution: 3}]")),
      HasSubstr("how tau begins is said twice"));
}

// 700 words a batch, each of them asked for: outputs and errors of 9900 words
// more are 55 MB, and vectors, readout, gradients and moments of as many
// 9900 (200 + 650 + 1) 5 numbers, 168 MB.
TEST(SupervisedTrainingTest, ManyWordsTakeTheMemoryThatIsEstimated) {
  const auto memory = [](const std::string& words) {
    return EstimateProgram(
               Tree(With("{type: layer_stack, layers: [{type: embedding, "
                         "units: 200}, {type: lstm, units: 650}]}",
                         "{type: text_corpus, training: a, test: b, "
                         "vocabulary: " +
                             words + "}",
                         ", batch: 20"),
                    Kind::kProgram, "experiment", NamesAreDigests()))
        .memory_bytes;
  };
  const double more = static_cast<double>(memory("10000") - memory("100"));
  EXPECT_NEAR(more, 4.0 * 9900 * (2 * 700 + 5 * (200 + 650 + 1)), 1e6);
}

TEST(SupervisedTrainingTest, InitialWeightsComeFromTheirDistribution) {
  const ScopedNumericEnvironment environment;
  Parallel parallel(1);
  const NoInputs inputs;
  auto execution = Execution::Make(
      Tree("{type: supervised_training, task: {type: adding}, network: {type: "
           "vanilla_rnn, units: 16}, initial: [{type: initial_weights, scale: "
           "fan_in, distribution: {type: constant, value: 2}}, {type: "
           "initial_weights, of: bias, distribution: 0.25}]}"),
      1, {}, {parallel, inputs});
  ASSERT_TRUE(execution.ok());
  for (const Execution::NamedArray& array : (*execution)->StateArrays()) {
    const auto* values =
        reinterpret_cast<const float*>(array.array.bytes.data());
    if (array.path == "network.recurrent_weights") {
      for (int i = 0; i < 256; ++i) EXPECT_EQ(values[i], 0.5f);
    }
    if (array.path == "network.bias") {
      for (int i = 0; i < 16; ++i) EXPECT_EQ(values[i], 0.25f);
    }
  }
}

}  // namespace
}  // namespace engram
