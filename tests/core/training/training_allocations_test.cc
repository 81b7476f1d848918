// After the first of an epoch, an update allocates nothing: whatever the
// layers, the learner, the optimizer, the loss and the constraints are.

#include <gtest/gtest.h>

#include <string>

#include "core/programs/discarding_recorder.h"
#include "core/programs/supervised_training.h"
#include "tests/support/allocations.h"
#include "tests/support/experiment_tree.h"

namespace engram {
namespace {

struct Case {
  std::string name;
  std::string yaml;
};

std::string Training(const std::string& more) {
  return "{type: supervised_training, updates: 10, test_batches: 3, "
         "task: {type: delayed_recall, delay: 15}, " +
         more + "}";
}

class TrainingAllocationsTest : public testing::TestWithParam<Case> {};

TEST_P(TrainingAllocationsTest, AnUpdateAllocatesNothing) {
  const ScopedNumericEnvironment environment;
  Parallel parallel(1);
  const NoInputs inputs;
  SupervisedTraining<float> program(Tree(GetParam().yaml), 1,
                                    {parallel, inputs});
  DiscardingRecorder out;
  const int64_t none = AllocationCount();
  ASSERT_TRUE(program.Advance(1, out, {}).ok());
  const int64_t before = AllocationCount();
  ASSERT_GT(before, none);
  ASSERT_TRUE(program.Advance(8, out, {}).ok());
  EXPECT_EQ(AllocationCount(), before);
}

TEST_P(TrainingAllocationsTest, ATestAllocatesNothing) {
  const ScopedNumericEnvironment environment;
  Parallel parallel(1);
  const NoInputs inputs;
  SupervisedTraining<float> program(Tree(GetParam().yaml), 1,
                                    {parallel, inputs});
  DiscardingRecorder out;
  ASSERT_TRUE(program.Advance(11, out, {}).ok());
  const int64_t before = AllocationCount();
  ASSERT_TRUE(program.Advance(1, out, {}).ok());
  EXPECT_EQ(AllocationCount(), before);
}

INSTANTIATE_TEST_SUITE_P(
    Parts, TrainingAllocationsTest,
    testing::Values(
        Case{"leaky_bptt",
             Training("batch: 40, network: {type: leaky_rnn, units: 40}")},
        Case{"lstm_recomputed",
             Training("batch: 40, network: {type: lstm, units: 20, layers: 2}, "
                      "learner: "
                      "{type: bptt, recompute_every: 16}, gradient_clip: 1")},
        Case{"gru_truncated",
             Training("network: {type: gru, units: 20}, learner: {type: "
                      "truncated_bptt, window: 9, every: 3}, optimizer: {type: "
                      "nesterov}")},
        Case{"sublstm_rtrl", Training("network: {type: sublstm, units: 3}, "
                                      "learner: {type: rtrl}, batch: 4")},
        Case{"stack_constrained",
             Training("network: {type: layer_stack, layers: [{type: "
                      "feed_forward, units: 9}, {type: vanilla_rnn, units: "
                      "9}]}, constraints: [{type: zero_diagonal, of: "
                      "layer_2.recurrent_weights}, {type: weight_clip, of: "
                      "layer_1.bias}], loss: [{type: cross_entropy}, {type: "
                      "rate_penalty}]")},
        Case{"spiking",
             Training("network: {type: recurrent_lif, units: 20}, readout: "
                      "{type: leaky_readout}, loss: [{type: spike_count_l2}, "
                      "{type: rate_ceiling}], optimizer: {type: sgd}")}),
    [](const testing::TestParamInfo<Case>& of) { return of.param.name; });

}  // namespace
}  // namespace engram
