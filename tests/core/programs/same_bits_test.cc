// Same tree, same seed, same build: the same result hash and the same record,
// whatever the threads, the memory, the caches, the ticks, the recording, and
// wherever the run was killed and resumed.

#include <gtest/gtest.h>

#include <Eigen/Core>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/programs/catalog.h"
#include "core/rules/catalog.h"
#include "tests/core/programs/program_trees.h"
#include "tests/support/allocations.h"

namespace engram {
namespace {

// Large enough that a step is cut into several blocks.
Component LargeTree(const std::string& rule) {
  return Tree("{type: sequence_learning, repetitions: 2, rule: {type: " + rule +
              "}, network: {type: rate_rnn, units: 320, sigma: 0.1}, "
              "task: {type: item_sequence, items: 3, item_duration: 15 ms, "
              "silence: 10 ms, recall_duration: 60 ms}, "
              "analyses: [{type: weight_structure}, {type: recall}]}");
}

Component Small(const std::string& rule) {
  return SmallTree("{type: " + rule + "}");
}

void ExpectSame(const FinishedRun& a, const FinishedRun& b) {
  EXPECT_EQ(a.result_hash, b.result_hash);
  EXPECT_EQ(a.record.summary, b.record.summary);
  EXPECT_EQ(a.record.series, b.record.series);
  EXPECT_EQ(a.record.arrays, b.record.arrays);
}

std::vector<std::string> RuleTypes() {
  constexpr Signal kGiven[] = {Signal::kRates};
  return RulesReadingOnly(kGiven);
}

std::string ParamName(const testing::TestParamInfo<std::string>& info) {
  return info.param;
}

class SameBitsTest : public testing::TestWithParam<std::string> {
 protected:
  void TearDown() override { ShiftAllocations(0); }

  std::unique_ptr<Execution> Make(const Component& tree, RecordPolicy policy) {
    auto made = Execution::Make(tree, 1, std::move(policy), context_);
    EXPECT_TRUE(made.ok()) << made.status();
    return *std::move(made);
  }

  // Runs `tree` in calls of `ticks`.
  std::unique_ptr<FinishedRun> RunSliced(const Component& tree, int64_t ticks,
                                         RecordPolicy policy = {}) {
    const std::unique_ptr<Execution> execution = Make(tree, std::move(policy));
    auto run = std::make_unique<FinishedRun>();
    while (!execution->progress().finished) {
      EXPECT_TRUE(execution->Advance(ticks, run->record, {}).ok());
    }
    run->result_hash = execution->ResultHash();
    return run;
  }

  ScopedNumericEnvironment environment_;
  Parallel parallel_{1};
  NoInputs inputs_;
  Context context_{parallel_, inputs_};
};

TEST_P(SameBitsTest, WhateverTheThreads) {
  const Component tree = LargeTree(GetParam());
  const std::unique_ptr<FinishedRun> one = RunTree(tree, 1, {}, 1);
  for (int threads : {2, 3}) ExpectSame(*RunTree(tree, 1, {}, threads), *one);
}

TEST_P(SameBitsTest, WhereverMemoryLies) {
  const std::unique_ptr<FinishedRun> plain = RunTree(Small(GetParam()));
  for (size_t shift : {16, 48, 176}) {
    ShiftAllocations(shift);
    ExpectSame(*RunTree(Small(GetParam())), *plain);
  }
}

TEST_P(SameBitsTest, WhateverCachesTheMachineHas) {
  const std::unique_ptr<FinishedRun> plain = RunTree(Small(GetParam()));
  // A run pins the sizes, and refuses to start where they are others.
  Eigen::setCpuCacheSizes(1024, 4096, 65536);
  EXPECT_FALSE(Execution::Make(Small(GetParam()), 1, {}, context_).ok());
  ExpectSame(*RunTree(Small(GetParam())), *plain);
}

TEST_P(SameBitsTest, HoweverTicksAreCut) {
  const std::unique_ptr<FinishedRun> whole = RunSliced(Small(GetParam()), 100);
  for (int64_t ticks : {1, 2, 3}) {
    ExpectSame(*RunSliced(Small(GetParam()), ticks), *whole);
  }
}

TEST_P(SameBitsTest, WhateverIsRecorded) {
  const std::unique_ptr<FinishedRun> plain = RunSliced(Small(GetParam()), 100);
  RecordPolicy policy;
  policy.metrics_every = 3;
  policy.snapshots = {{"network.weights", {0, 1, 2, -1}},
                      {"network.rates", {3}}};
  const std::unique_ptr<FinishedRun> other =
      RunSliced(Small(GetParam()), 100, policy);
  EXPECT_EQ(other->result_hash, plain->result_hash);
  EXPECT_EQ(other->record.summary, plain->record.summary);
}

TEST_P(SameBitsTest, WhereverItWasKilledAndResumed) {
  const Component tree = Small(GetParam());
  RecordPolicy policy;
  policy.snapshots = {{"rule.weights", {0, 2, -1}}};
  const std::unique_ptr<FinishedRun> whole = RunSliced(tree, 100, policy);
  for (int64_t at = 0; at <= 5; ++at) {
    auto run = std::make_unique<FinishedRun>();
    std::string checkpoint;
    {
      const std::unique_ptr<Execution> first = Make(tree, policy);
      if (at > 0) {
        ASSERT_TRUE(first->Advance(at, run->record, {}).ok());
      }
      ASSERT_TRUE(first->Checkpoint(&checkpoint).ok());
    }
    const std::unique_ptr<Execution> second = Make(tree, policy);
    ASSERT_TRUE(second->Restore(checkpoint).ok());
    while (!second->progress().finished) {
      ASSERT_TRUE(second->Advance(1, run->record, {}).ok());
    }
    run->result_hash = second->ResultHash();
    ExpectSame(*run, *whole);
  }
}

TEST_P(SameBitsTest, OtherSeedsGiveOtherBits) {
  const Component tree = Small(GetParam());
  EXPECT_NE(RunTree(tree, 1)->result_hash, RunTree(tree, 2)->result_hash);
}

// The same for every program, whatever its parts.
class ProgramBitsTest : public SameBitsTest {
 protected:
  const ProgramTrees& trees_ = TreesOf(GetParam());
};

TEST_P(ProgramBitsTest, WhateverTheThreads) {
  const Component tree = trees_.wide();
  const std::unique_ptr<FinishedRun> one = RunTree(tree, 1, {}, 1);
  for (int threads : {2, 3}) ExpectSame(*RunTree(tree, 1, {}, threads), *one);
}

TEST_P(ProgramBitsTest, WhereverMemoryLies) {
  const std::unique_ptr<FinishedRun> plain = RunTree(trees_.small());
  for (size_t shift : {16, 48, 176}) {
    ShiftAllocations(shift);
    ExpectSame(*RunTree(trees_.small()), *plain);
  }
}

TEST_P(ProgramBitsTest, HoweverTicksAreCut) {
  const std::unique_ptr<FinishedRun> whole = RunSliced(trees_.small(), 1000);
  for (int64_t ticks : {1, 2, 3}) {
    ExpectSame(*RunSliced(trees_.small(), ticks), *whole);
  }
}

TEST_P(ProgramBitsTest, OtherSeedsGiveOtherBits) {
  const Component tree = trees_.small();
  EXPECT_NE(RunTree(tree, 1)->result_hash, RunTree(tree, 2)->result_hash);
}

std::vector<std::string> ProgramTypes() {
  std::vector<std::string> types;
  for (const ProgramRow& row : ProgramRows()) types.push_back(row.spec.type);
  return types;
}

INSTANTIATE_TEST_SUITE_P(Programs, ProgramBitsTest,
                         testing::ValuesIn(ProgramTypes()), ParamName);

INSTANTIATE_TEST_SUITE_P(Rules, SameBitsTest, testing::ValuesIn(RuleTypes()),
                         ParamName);

}  // namespace
}  // namespace engram
