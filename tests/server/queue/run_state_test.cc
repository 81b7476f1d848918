#include "server/queue/run_state.h"

#include <set>
#include <utility>

#include "gtest/gtest.h"

namespace engram {
namespace {

using enum RunState;

TEST(RunStateTest, NamesReadBack) {
  EXPECT_EQ(AllRunStates().size(), 8u);
  for (const RunState state : AllRunStates()) {
    EXPECT_EQ(ParseRunState(RunStateName(state)), state);
  }
  EXPECT_EQ(RunStateName(kTimedOut), "timed_out");
  EXPECT_EQ(ParseRunState("QUEUED"), std::nullopt);
}

TEST(RunStateTest, EveryStateIsReachedAndNoChangeIsListedTwice) {
  std::set<std::pair<RunState, RunState>> seen;
  std::set<RunState> reached = {kQueued};
  for (const RunStateChange& change : RunStateChanges()) {
    EXPECT_TRUE(seen.emplace(change.from, change.to).second) << change.cause;
    reached.insert(change.to);
  }
  EXPECT_EQ(reached.size(), AllRunStates().size());
}

TEST(RunStateTest, SucceededIsFinal) {
  for (const RunState state : AllRunStates()) {
    EXPECT_FALSE(IsAllowed(kSucceeded, state)) << RunStateName(state);
  }
}

TEST(RunStateTest, OtherEndsAreLeftOnlyForTheQueue) {
  for (const RunState from : {kFailed, kCancelled, kTimedOut}) {
    EXPECT_TRUE(CanBeRetried(from));
    for (const RunState to : AllRunStates()) {
      EXPECT_EQ(IsAllowed(from, to), to == kQueued);
    }
  }
}

TEST(RunStateTest, OnlyWhatWaitedIsGivenToAWorker) {
  for (const RunState from : AllRunStates()) {
    EXPECT_EQ(IsAllowed(from, kStarting), from == kQueued);
    EXPECT_EQ(IsAllowed(from, kRunning), from == kStarting);
  }
}

TEST(RunStateTest, AStateWaitsIsHeldOrHasEnded) {
  for (const RunState state : AllRunStates()) {
    EXPECT_EQ((state == kQueued) + IsHeld(state) + HasEnded(state), 1)
        << RunStateName(state);
  }
}

}  // namespace
}  // namespace engram
