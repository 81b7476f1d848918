#include "server/worker/assignments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <string>
#include <thread>

namespace engram {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Effect = Assignments::StopEffect;

v1::AttemptKey Key(const std::string& attempt, int64_t token = 1) {
  v1::AttemptKey key;
  key.set_attempt(attempt);
  key.set_fencing_token(token);
  return key;
}

v1::RunAssignment Assignment(const std::string& attempt) {
  v1::RunAssignment assignment;
  *assignment.mutable_key() = Key(attempt);
  return assignment;
}

std::vector<std::string> Names(const std::vector<v1::AttemptKey>& keys) {
  std::vector<std::string> names;
  for (const v1::AttemptKey& key : keys) names.push_back(key.attempt());
  return names;
}

TEST(AssignmentsTest, AreTakenInTheOrderGiven) {
  Assignments assignments;
  for (const char* name : {"a", "b", "c"}) {
    ASSERT_TRUE(assignments.Give(Assignment(name)));
  }
  EXPECT_EQ(assignments.Take()->assignment.key().attempt(), "a");
  EXPECT_THAT(Names(assignments.Keys()), ElementsAre("a", "b", "c"));
  assignments.Ended();
  EXPECT_EQ(assignments.Take()->assignment.key().attempt(), "b");
}

TEST(AssignmentsTest, HoldsSixteenBesideTheRunningOne) {
  Assignments assignments;
  for (size_t i = 0; i < Assignments::kMaxHeld + 1; ++i) {
    ASSERT_TRUE(assignments.Give(Assignment(std::to_string(i))));
  }
  EXPECT_FALSE(assignments.Give(Assignment("x")));
  ASSERT_TRUE(assignments.Take());
  EXPECT_FALSE(assignments.Give(Assignment("x")));
  assignments.Ended();
  ASSERT_TRUE(assignments.Take());
  EXPECT_TRUE(assignments.Give(Assignment("x")));
}

TEST(AssignmentsTest, TheSameAgainChangesNothing) {
  Assignments assignments;
  ASSERT_TRUE(assignments.Give(Assignment("a")));
  ASSERT_TRUE(assignments.Take());
  EXPECT_TRUE(assignments.Give(Assignment("a")));
  EXPECT_TRUE(assignments.Give(Assignment("b")));
  EXPECT_TRUE(assignments.Give(Assignment("b")));
  EXPECT_THAT(Names(assignments.Keys()), ElementsAre("a", "b"));
}

TEST(AssignmentsTest, StopReachesTheRunningOneAlone) {
  Assignments assignments;
  ASSERT_TRUE(assignments.Give(Assignment("a")));
  ASSERT_TRUE(assignments.Give(Assignment("b")));
  const auto first = assignments.Take();
  EXPECT_EQ(assignments.Stop(Key("a", 2), /*yield=*/false), Effect::kUnknown)
      << "other token";
  EXPECT_FALSE(first->stop.is_given());
  EXPECT_EQ(assignments.Stop(Key("a"), /*yield=*/false), Effect::kRunning);
  EXPECT_TRUE(first->stop.is_given());
  assignments.Ended();
  EXPECT_EQ(assignments.Stop(Key("a"), /*yield=*/false), Effect::kUnknown)
      << "it has ended";
  EXPECT_FALSE(assignments.Take()->stop.is_given());
}

TEST(AssignmentsTest, StopForgetsAHeldOne) {
  Assignments assignments;
  ASSERT_TRUE(assignments.Give(Assignment("a")));
  EXPECT_EQ(assignments.Stop(Key("a"), /*yield=*/false), Effect::kHeld);
  EXPECT_THAT(assignments.Keys(), IsEmpty());
}

TEST(AssignmentsTest, QuitHandsBackWhatIsHeldAndLetsTheRunningOneEnd) {
  Assignments assignments;
  ASSERT_TRUE(assignments.Give(Assignment("a")));
  ASSERT_TRUE(assignments.Give(Assignment("b")));
  const auto running = assignments.Take();
  EXPECT_THAT(Names(assignments.Quit()), ElementsAre("b"));
  EXPECT_FALSE(running->stop.is_given());
  EXPECT_FALSE(assignments.finished());
  EXPECT_FALSE(assignments.Give(Assignment("c")));
  assignments.Ended();
  EXPECT_TRUE(assignments.finished());
  EXPECT_FALSE(assignments.Take());
}

TEST(AssignmentsTest, AbandonStopsTheRunningOneAndEndsAWait) {
  Assignments assignments;
  ASSERT_TRUE(assignments.Give(Assignment("a")));
  const auto running = assignments.Take();
  assignments.Abandon();
  EXPECT_TRUE(running->stop.is_given());
  Assignments idle;
  std::promise<bool> taken;
  std::thread executor([&] { taken.set_value(idle.Take().has_value()); });
  idle.Abandon();
  EXPECT_FALSE(taken.get_future().get());
  executor.join();
}

}  // namespace
}  // namespace engram
