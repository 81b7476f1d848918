#include "server/worker/core_simulation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <thread>
#include <vector>

#include "core/base/numerics.h"
#include "server/worker/attempt.h"
#include "server/worker/uploader.h"
#include "tests/server/worker/fake_keeper.h"
#include "tests/server/worker/flagship_tree.h"
#include "tests/server/worker/test_spool.h"

namespace engram {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

class CoreSimulationTest : public testing::Test {
 protected:
  CoreSimulationTest() {
    assignment_.set_tree_json(FlagshipTree("stdp_rate"));
    assignment_.mutable_record()->set_metrics_every(1);
    assignment_.mutable_resources()->set_cpus(1);
  }

  struct Record {
    std::string items;  // serialized, in order
    v1::Finished end;
    std::vector<v1::Checkpoint> checkpoints;
    std::map<std::string, double> summary;
    std::vector<int64_t> weights_at;
    int points = 0;
  };

  // Executes the assignment; the clock says that each call took `step`, which
  // the pace then follows.
  Record Execute(std::chrono::nanoseconds step) {
    TestSpool spool;
    Outbox outbox(spool);
    InputCache inputs(spool.folder().path(), keeper_);
    std::thread uploading([&] { Uploader(outbox, keeper_).Run(); });
    std::chrono::steady_clock::time_point now;
    ExecuteAttempt(assignment_,
                   {.make = MakeCoreSimulation,
                    .outbox = outbox,
                    .chunks = keeper_,
                    .inputs = inputs,
                    .now = [&] { return now += step; },
                    .cadence = cadence_},
                   {});
    Record record;
    while (!record.end.has_error() && record.end.result_hash().empty()) {
      const auto message = outbox.Next(20s);
      if (!message) break;
      if (message->event().has_finished()) {
        record.end = message->event().finished();
      }
      if (message->event().has_checkpoint()) {
        record.checkpoints.push_back(message->event().checkpoint());
      }
      for (const v1::Item& item : message->event().items().items()) {
        record.items += item.SerializeAsString();
        if (item.array().path() == "rule.weights") {
          record.weights_at.push_back(item.array().step());
        }
        record.points += item.has_point() ? 1 : 0;
        if (!item.has_summary()) continue;
        record.summary[item.summary().name()] = item.summary().value();
      }
    }
    outbox.Close();
    uploading.join();
    return record;
  }

  const ScopedNumericEnvironment environment_;
  v1::RunAssignment assignment_;
  FakeKeeper keeper_;
  Cadence::Timing cadence_;
};

TEST_F(CoreSimulationTest, TheSameItemsAndResultHoweverItIsPaced) {
  v1::RecordOptions::Snapshot& snapshot =
      *assignment_.mutable_record()->add_snapshots();
  snapshot.set_path("rule.weights");
  for (const int64_t tick : {0, 3, -1}) snapshot.add_steps(tick);
  const Record slow = Execute(1s);
  EXPECT_EQ(slow.end.state(), v1::RUN_STATE_SUCCEEDED)
      << slow.end.DebugString();
  EXPECT_THAT(slow.end.result_hash(), testing::StartsWith("r1:"));
  EXPECT_THAT(slow.weights_at, testing::ElementsAre(0, 3, -1));
  EXPECT_GT(slow.points, 1);
  EXPECT_FALSE(slow.summary.empty());
  assignment_.mutable_resources()->set_cpus(2);
  const Record fast = Execute(1us);
  EXPECT_EQ(slow.items, fast.items);
  EXPECT_EQ(slow.end.result_hash(), fast.end.result_hash());
}

TEST_F(CoreSimulationTest, WhatIsRecordedDoesNotChangeTheResult) {
  const Record all = Execute(1ms);
  assignment_.mutable_record()->set_metrics_every(0);
  const Record none = Execute(1ms);
  EXPECT_EQ(none.points, 0);
  EXPECT_EQ(all.end.result_hash(), none.end.result_hash());
  EXPECT_EQ(all.summary, none.summary);
}

TEST_F(CoreSimulationTest, AnotherSeedIsAnotherResult) {
  const Record one = Execute(1ms);
  assignment_.set_tree_json(FlagshipTree("stdp_rate", 2));
  EXPECT_NE(Execute(1ms).end.result_hash(), one.end.result_hash());
}

TEST_F(CoreSimulationTest, RefusesATreeThatTheBuildDoesNotKnow) {
  assignment_.set_tree_json(FlagshipTree("stdp_rat"));
  const v1::Finished end = Execute(1ms).end;
  EXPECT_EQ(end.state(), v1::RUN_STATE_FAILED);
  EXPECT_EQ(end.error().reason(), "INVALID");
  EXPECT_THAT(end.error().message(), HasSubstr("did you mean stdp_rate"));
}

TEST_F(CoreSimulationTest, RefusesASnapshotOfAnArrayThatIsNotThere) {
  v1::RecordOptions::Snapshot& snapshot =
      *assignment_.mutable_record()->add_snapshots();
  snapshot.set_path("rule.weight");
  snapshot.add_steps(-1);
  const v1::Finished end = Execute(1ms).end;
  EXPECT_EQ(end.error().reason(), "INVALID");
  EXPECT_THAT(end.error().message(), HasSubstr("rule.weights"));
}

TEST_F(CoreSimulationTest, GoesOnFromTheFirstAndTheLastStateToTheSameEnd) {
  // Each state is saved as soon as the one before it is kept.
  cadence_ = {.least = 0s, .cost_factor = 0};
  const Record whole = Execute(1s);
  ASSERT_EQ(whole.end.state(), v1::RUN_STATE_SUCCEEDED);
  ASSERT_GE(whole.checkpoints.size(), 2u);
  EXPECT_TRUE(whole.checkpoints.back().is_final());
  for (const size_t i : {size_t{0}, whole.checkpoints.size() - 1}) {
    *assignment_.mutable_resume() = whole.checkpoints[i].state();
    assignment_.mutable_resources()->set_cpus(2);
    const Record rest = Execute(1ms);
    EXPECT_EQ(rest.end.state(), v1::RUN_STATE_SUCCEEDED)
        << rest.end.DebugString();
    EXPECT_EQ(rest.end.result_hash(), whole.end.result_hash());
    EXPECT_EQ(rest.end.item_count(), whole.end.item_count());
    EXPECT_EQ(rest.checkpoints.back().state().SerializeAsString(),
              whole.checkpoints.back().state().SerializeAsString());
  }
}

TEST_F(CoreSimulationTest, ACheckpointOfAnotherRunIsRefused) {
  const Record other = Execute(1ms);
  assignment_.set_tree_json(FlagshipTree("stdp_rate", 2));
  *assignment_.mutable_resume() = other.checkpoints.at(0).state();
  const v1::Finished end = Execute(1ms).end;
  EXPECT_EQ(end.error().reason(), "CHECKPOINT");
  EXPECT_THAT(end.error().message(), HasSubstr("not a checkpoint of this run"));
}

}  // namespace
}  // namespace engram
