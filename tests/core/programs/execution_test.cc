#include "core/programs/execution.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stop_token>
#include <string>

#include "tests/core/programs/small_tree.h"

namespace engram {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ExecutionTest : public testing::Test {
 protected:
  std::unique_ptr<Execution> Make(RecordPolicy policy = {},
                                  const Component& tree = SmallTree(),
                                  uint64_t seed = 1) {
    auto made = Execution::Make(tree, seed, policy, {parallel_, inputs_});
    EXPECT_TRUE(made.ok()) << made.status();
    return *std::move(made);
  }

  Progress Advance(Execution& execution, int64_t ticks) {
    auto progress = execution.Advance(ticks, record_, {});
    EXPECT_TRUE(progress.ok()) << progress.status();
    return *progress;
  }

  std::vector<double> SeriesX(const std::string& name) {
    std::vector<double> x;
    for (const auto& [at, value] : record_.series[name].points) x.push_back(at);
    return x;
  }

  std::vector<int64_t> SnapshotSteps(const std::string& path) {
    std::vector<int64_t> steps;
    for (const auto& [key, array] : record_.arrays) {
      if (key.first == path) steps.push_back(key.second);
    }
    return steps;
  }

  ScopedNumericEnvironment environment_;
  Parallel parallel_{1};
  NoInputs inputs_;
  MemoryRecorder record_;
};

TEST_F(ExecutionTest, AdvancesByTicksUntilFinished) {
  const std::unique_ptr<Execution> execution = Make();
  Progress progress = Advance(*execution, 2);
  EXPECT_EQ(progress.tick, 2);
  EXPECT_EQ(progress.total, 5);
  EXPECT_FALSE(progress.finished);
  EXPECT_THAT(SeriesX("weight_norm"), ElementsAre(1, 2));
  progress = Advance(*execution, 100);
  EXPECT_EQ(progress.tick, 5);
  EXPECT_TRUE(progress.finished);
  EXPECT_EQ(Advance(*execution, 1).tick, 5);
  EXPECT_EQ(execution->summary().size(), record_.summary.size());
}

TEST_F(ExecutionTest, SnapshotsComeAtTheirTicksHoweverTicksAreCut) {
  RecordPolicy policy;
  policy.snapshots["rule.weights"] = {0, 2, -1};
  policy.snapshots["network.weights"] = {3};
  policy.snapshots["network.initial_weights"] = {0};
  const std::unique_ptr<Execution> execution = Make(policy);
  Advance(*execution, 100);
  EXPECT_THAT(SnapshotSteps("rule.weights"), ElementsAre(-1, 0, 2));
  EXPECT_THAT(SnapshotSteps("network.weights"), ElementsAre(3));
  EXPECT_THAT(SnapshotSteps("network.initial_weights"), ElementsAre(0));
  for (double weight : record_.arrays.at({"rule.weights", 0}).Doubles()) {
    EXPECT_EQ(weight, 0);
  }
  EXPECT_NE(record_.arrays.at({"rule.weights", 2}),
            record_.arrays.at({"rule.weights", -1}));
}

TEST_F(ExecutionTest, ASnapshotBehindTheEndIsMissedAloud) {
  RecordPolicy policy;
  policy.snapshots["rule.weights"] = {100};
  const std::unique_ptr<Execution> execution = Make(policy);
  Advance(*execution, 100);
  EXPECT_THAT(record_.log,
              testing::Contains("warning: no snapshot of rule.weights at 100: "
                                "the run ends at 5"));
}

TEST_F(ExecutionTest, MetricsAreThinnedByTheirX) {
  RecordPolicy policy;
  policy.metrics_every = 2;
  const std::unique_ptr<Execution> execution = Make(policy);
  Advance(*execution, 100);
  EXPECT_THAT(SeriesX("weight_norm"), ElementsAre(2, 4));
}

TEST_F(ExecutionTest, WithoutMetricsSummaryAndHashStayTheSame) {
  RecordPolicy policy;
  policy.metrics_every = 0;
  const std::unique_ptr<Execution> execution = Make(policy);
  Advance(*execution, 100);
  EXPECT_TRUE(record_.series.empty());
  EXPECT_EQ(execution->ResultHash(), RunTree(SmallTree())->result_hash);
}

TEST_F(ExecutionTest, StopEndsBetweenTicks) {
  const std::unique_ptr<Execution> execution = Make();
  std::stop_source stop;
  stop.request_stop();
  const auto progress = execution->Advance(3, record_, stop.get_token());
  ASSERT_TRUE(progress.ok());
  EXPECT_EQ(progress->tick, 0);
  EXPECT_EQ(Advance(*execution, 1).tick, 1);
}

TEST_F(ExecutionTest, UnknownSnapshotPathsAreRefused) {
  RecordPolicy policy;
  policy.snapshots["rule.wieghts"] = {0};
  const auto made =
      Execution::Make(SmallTree(), 1, policy, {parallel_, inputs_});
  EXPECT_THAT(std::string(made.status().message()),
              HasSubstr("did you mean rule.weights?"));
}

TEST_F(ExecutionTest, StateArraysAreSortedAndSaved) {
  const std::unique_ptr<Execution> execution = Make();
  std::vector<std::string> paths;
  for (const Execution::NamedArray& a : execution->StateArrays()) {
    paths.push_back(a.path);
  }
  EXPECT_THAT(paths,
              ElementsAre("network.rates", "network.state", "rule.trace_post",
                          "rule.trace_pre", "rule.weights", "trial"));
}

TEST_F(ExecutionTest, ResultHashNeedsTheEnd) {
  EXPECT_THROW(Make()->ResultHash(), ContractViolation);
}

TEST_F(ExecutionTest, ForeignAndDamagedCheckpointsAreRefusedAndChangeNothing) {
  const std::unique_ptr<Execution> execution = Make();
  Advance(*execution, 2);
  std::string bytes, other_seed, other_rule, before, after;
  ASSERT_TRUE(execution->Checkpoint(&bytes).ok());
  ASSERT_TRUE(Make({}, SmallTree(), 2)->Checkpoint(&other_seed).ok());
  ASSERT_TRUE(
      Make({}, SmallTree("{type: hebbian}"))->Checkpoint(&other_rule).ok());
  const std::string cut = bytes.substr(0, bytes.size() / 2);
  std::string altered = bytes;
  altered[bytes.size() / 2] = static_cast<char>(altered[bytes.size() / 2] ^ 1);

  const std::unique_ptr<Execution> fresh = Make();
  ASSERT_TRUE(fresh->Checkpoint(&before).ok());
  for (const std::string& bad : {std::string(), std::string("not one"), cut,
                                 altered, other_seed, other_rule}) {
    const absl::Status status = fresh->Restore(bad);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
    EXPECT_THAT(std::string(status.message()),
                HasSubstr("not a checkpoint of this run"));
  }
  ASSERT_TRUE(fresh->Checkpoint(&after).ok());
  EXPECT_EQ(after, before);
  EXPECT_TRUE(fresh->Restore(bytes).ok());
  EXPECT_EQ(fresh->progress().tick, 2);
}

TEST_F(ExecutionTest, AFinishedRunIsRestoredWithItsSummary) {
  const std::unique_ptr<Execution> execution = Make();
  Advance(*execution, 100);
  std::string bytes;
  ASSERT_TRUE(execution->Checkpoint(&bytes).ok());
  const std::unique_ptr<Execution> again = Make();
  ASSERT_TRUE(again->Restore(bytes).ok());
  EXPECT_TRUE(again->progress().finished);
  EXPECT_EQ(again->ResultHash(), execution->ResultHash());
}

TEST_F(ExecutionTest, ACheckpointThatCannotBeWrittenLeavesTheRunGoingOn) {
  const std::unique_ptr<Execution> execution = Make();
  Advance(*execution, 2);
  const absl::Status status = execution->WriteCheckpoint(
      [](absl::string_view) { return absl::UnavailableError("disk full"); });
  EXPECT_EQ(status, absl::UnavailableError("disk full"));
  Advance(*execution, 100);
  EXPECT_TRUE(execution->progress().finished);
}

TEST_F(ExecutionTest, ARunThatDivergesSaysWhereAndStaysFailed) {
  Component tree = SmallTree("{type: hebbian}");
  tree.slots.at("rule").front().parameters["eta"] = 1e308;
  const std::unique_ptr<Execution> execution = Make({}, tree);
  const auto progress = execution->Advance(1, record_, {});
  EXPECT_EQ(progress.status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_THAT(
      std::string(progress.status().message()),
      HasSubstr("rule.weights, what hebbian learned on the network's recurrent "
                "projection, is not finite after trial 1 (step 130)"));
  EXPECT_FALSE(execution->Advance(1, record_, {}).ok());
  std::string bytes;
  EXPECT_EQ(execution->Checkpoint(&bytes).code(),
            absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace engram
