// How an attempt saves its run's state and goes on from one.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "server/array/manifest.h"
#include "server/worker/course.h"
#include "tests/server/worker/attempt_test.h"

namespace engram {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

class CheckpointTest : public AttemptTest {
 protected:
  std::vector<v1::Checkpoint> Checkpoints() const {
    std::vector<v1::Checkpoint> checkpoints;
    for (const v1::WorkerEvent& event : events_) {
      if (event.has_checkpoint()) checkpoints.push_back(event.checkpoint());
    }
    return checkpoints;
  }
  std::vector<int64_t> Ticks() const {
    std::vector<int64_t> ticks;
    for (const v1::Checkpoint& checkpoint : Checkpoints()) {
      ticks.push_back(checkpoint.state().tick());
    }
    return ticks;
  }
  std::string BytesOf(const v1::Checkpoint& checkpoint) const {
    return keeper_.Bytes(checkpoint.state().manifest().chunks());
  }

  // A run whose ticks take so long each.
  v1::Finished ExecuteTicksOf(std::chrono::nanoseconds length) {
    return Execute([=, this](int64_t) {
      now_ += length;
      UploadAll();
      return absl::OkStatus();
    });
  }

  // The state of a run like that of the fixture after so many ticks.
  v1::SavedState StateAt(int64_t tick) {
    const std::string bytes = absl::StrCat("tick ", tick);
    v1::SavedState state;
    state.set_tick(tick);
    state.set_item_count(tick);
    std::vector<std::string> digests;
    for (const Chunk& chunk :
         CutIntoChunks(std::as_bytes(std::span(bytes.data(), bytes.size())))) {
      keeper_.chunks[chunk.digest] = bytes;
      digests.push_back(chunk.digest);
    }
    *state.mutable_manifest() = ManifestOfBytes(std::ssize(bytes), digests);
    return state;
  }
};

TEST_F(CheckpointTest, TheFinalStateComesJustBeforeTheEnd) {
  ExecuteTicksOf(1ms);
  ASSERT_GE(events_.size(), 3u);
  const v1::WorkerEvent& event = events_[events_.size() - 2];
  ASSERT_TRUE(event.has_checkpoint());
  EXPECT_TRUE(event.checkpoint().is_final());
  EXPECT_EQ(event.checkpoint().state().tick(), 10);
  EXPECT_EQ(event.checkpoint().state().item_count(), 10);
  EXPECT_TRUE(CheckManifest(event.checkpoint().state().manifest()).ok());
  EXPECT_EQ(BytesOf(event.checkpoint()), "tick 10");
  EXPECT_EQ(Checkpoints().size(), 1u) << "too short for another";
}

TEST_F(CheckpointTest, IsSavedEveryThirtySeconds) {
  ExecuteTicksOf(11s);
  EXPECT_THAT(Ticks(), ElementsAre(3, 6, 9, 10));
  EXPECT_EQ(BytesOf(Checkpoints()[1]), "tick 6");
  EXPECT_FALSE(Checkpoints()[1].is_final());
}

TEST_F(CheckpointTest, ComesAfterTheItemsThatItCounts) {
  ExecuteTicksOf(11s);
  int64_t items = 0;
  for (const v1::WorkerEvent& event : events_) {
    items += event.items().items_size();
    if (event.has_checkpoint()) {
      EXPECT_EQ(event.checkpoint().state().item_count(), items);
    }
  }
  EXPECT_EQ(items, 10);
}

TEST_F(CheckpointTest, NoOtherIsDueWhileOneIsNotUploaded) {
  Execute([this](int64_t) {
    now_ += 40s;
    return absl::OkStatus();
  });
  EXPECT_THAT(Ticks(), ElementsAre(1, 10));
}

TEST_F(CheckpointTest, ACancelledRunLeavesItsState) {
  const v1::Finished end = Execute([this](int64_t tick) {
    if (tick == 2) stop_.Cancel();
    return absl::OkStatus();
  });
  EXPECT_EQ(end.state(), v1::RUN_STATE_CANCELLED);
  EXPECT_THAT(Ticks(), ElementsAre(2));
  EXPECT_TRUE(events_[events_.size() - 2].has_checkpoint());
  EXPECT_EQ(keeper_.deadline, now_ + Course::kGrace);
}

TEST_F(CheckpointTest, WithoutTimeForItACancelledRunLeavesNone) {
  state_padding_ = 10;
  const AttemptContext context = Context(
      [this](const v1::RunAssignment&,
             engram::Context) -> absl::StatusOr<std::unique_ptr<Simulation>> {
        return std::make_unique<FakeSimulation>(
            10,
            [this](int64_t tick) {
              if (tick == 2) stop_.Cancel();
              return absl::OkStatus();
            },
            10);
      });
  AttemptContext slow = context;
  // Each look at the clock finds another four seconds gone.
  slow.now = [this] { return now_ += 4s; };
  EXPECT_EQ(Execute(slow).state(), v1::RUN_STATE_CANCELLED);
  EXPECT_TRUE(Checkpoints().empty());
  outbox_.Acknowledge(std::ssize(events_));
  EXPECT_EQ(spool_->memory_bytes(), 0) << "what was begun of it is forgotten";
}

TEST_F(CheckpointTest, AnUploadThatTakesTooLongDoesNotHoldACancelUp) {
  const v1::Finished end = Execute([this](int64_t tick) {
    if (tick == 2) stop_.Cancel();
    keeper_.answer = absl::DeadlineExceededError("too slow");
    return absl::OkStatus();
  });
  EXPECT_EQ(end.state(), v1::RUN_STATE_CANCELLED);
  EXPECT_TRUE(Checkpoints().empty());
}

TEST_F(CheckpointTest, ARunThatYieldsIsQueuedWithItsState) {
  const v1::Finished end = Execute([this](int64_t tick) {
    if (tick == 2) stop_.Yield();
    return absl::OkStatus();
  });
  EXPECT_EQ(end.state(), v1::RUN_STATE_QUEUED);
  EXPECT_FALSE(end.has_error());
  EXPECT_THAT(Ticks(), ElementsAre(2));
}

TEST_F(CheckpointTest, ACancelAfterAYieldIsACancel) {
  const v1::Finished end = Execute([this](int64_t tick) {
    if (tick == 2) {
      stop_.Yield();
      stop_.Cancel();
    }
    return absl::OkStatus();
  });
  EXPECT_EQ(end.state(), v1::RUN_STATE_CANCELLED);
}

TEST_F(CheckpointTest, ARunThatIsOutOfTimeLeavesItsState) {
  assignment_.mutable_resources()->mutable_time()->set_seconds(2);
  const v1::Finished end = ExecuteTicksOf(1s);
  EXPECT_EQ(end.state(), v1::RUN_STATE_TIMED_OUT);
  EXPECT_THAT(Ticks(), ElementsAre(2));
}

TEST_F(CheckpointTest, AFailedRunLeavesNone) {
  Execute([](int64_t tick) {
    return tick < 3 ? absl::OkStatus() : absl::OutOfRangeError("diverged");
  });
  EXPECT_TRUE(Checkpoints().empty());
}

TEST_F(CheckpointTest, AVerificationSavesNothing) {
  assignment_.set_verify(true);
  EXPECT_EQ(ExecuteTicksOf(40s).state(), v1::RUN_STATE_SUCCEEDED);
  EXPECT_TRUE(Checkpoints().empty());
  EXPECT_EQ(keeper_.calls, 0);
}

TEST_F(CheckpointTest, GoesOnWhereTheStateWasSaved) {
  *assignment_.mutable_resume() = StateAt(6);
  std::vector<int64_t> ticks;
  const v1::Finished end = Execute([&](int64_t tick) {
    now_ += 1s;
    ticks.push_back(tick);
    return absl::OkStatus();
  });
  EXPECT_EQ(end.state(), v1::RUN_STATE_SUCCEEDED) << end.DebugString();
  EXPECT_THAT(ticks, ElementsAre(7, 8, 9, 10));
  EXPECT_EQ(events_[1].items().first_ordinal(), 7);
  EXPECT_EQ(end.item_count(), 10) << "over all attempts";
  EXPECT_THAT(Ticks(), ElementsAre(10));
  EXPECT_NEAR(messages_.front().live().progress().ticks_per_second(), 1, 1e-9)
      << "of this attempt's own ticks";
}

TEST_F(CheckpointTest, AStateThatIsNotThereFailsTheAttempt) {
  *assignment_.mutable_resume() = StateAt(6);
  keeper_.chunks.clear();
  const v1::Finished end = ExecuteTicksOf(1s);
  EXPECT_EQ(end.state(), v1::RUN_STATE_FAILED);
  EXPECT_EQ(end.error().reason(), "CHECKPOINT");
  EXPECT_THAT(end.error().message(),
              testing::AllOf(HasSubstr("tick 6"), HasSubstr("no such chunk")));
}

TEST_F(CheckpointTest, AStoreThatFailsIsNotTheStatesFault) {
  *assignment_.mutable_resume() = StateAt(6);
  keeper_.fetch_answer = absl::InternalError("the disk cannot be read");
  const v1::Finished end = ExecuteTicksOf(1s);
  EXPECT_EQ(end.error().reason(), "STORAGE");
  EXPECT_THAT(end.error().message(), HasSubstr("the disk cannot be read"));
}

TEST_F(CheckpointTest, AStateThatDoesNotFitFailsTheAttempt) {
  state_padding_ = 3;
  *assignment_.mutable_resume() = StateAt(6);
  const v1::Finished end = ExecuteTicksOf(1s);
  EXPECT_EQ(end.error().reason(), "CHECKPOINT");
  EXPECT_THAT(end.error().message(), HasSubstr("not a state of this run"));
}

TEST_F(CheckpointTest, AStateOfAnotherTickFailsTheAttempt) {
  *assignment_.mutable_resume() = StateAt(6);
  assignment_.mutable_resume()->set_tick(5);
  const v1::Finished end = ExecuteTicksOf(1s);
  EXPECT_EQ(end.error().reason(), "CHECKPOINT");
  EXPECT_THAT(end.error().message(), HasSubstr("the assignment says 5"));
}

TEST_F(CheckpointTest, AManifestThatIsNoStatesFailsTheAttempt) {
  *assignment_.mutable_resume() = StateAt(6);
  assignment_.mutable_resume()->mutable_manifest()->set_byte_size(5);
  EXPECT_EQ(ExecuteTicksOf(1s).error().reason(), "CHECKPOINT");
}

ssize_t WriteToFullDisk(int, const void*, size_t, off_t) {
  errno = ENOSPC;
  return -1;
}

TEST_F(CheckpointTest, AFullDiskCostsACheckpointButNotTheRun) {
  TestSpool full(
      {.memory_bytes = 1 << 16, .patience = 1ms, .write = WriteToFullDisk});
  Outbox outbox(full);
  state_padding_ = 1 << 17;
  AttemptContext context = Context(
      [this](const v1::RunAssignment&,
             engram::Context) -> absl::StatusOr<std::unique_ptr<Simulation>> {
        return std::make_unique<FakeSimulation>(
            10,
            [this](int64_t) {
              now_ += 40s;
              return absl::OkStatus();
            },
            state_padding_);
      });
  const AttemptContext on_full{.make = context.make,
                               .outbox = outbox,
                               .chunks = keeper_,
                               .inputs = context.inputs,
                               .now = context.now};
  ExecuteAttempt(assignment_, on_full, {});
  v1::WorkerEvent last;
  int64_t items = 0;
  while (auto message = outbox.Next(0ms)) {
    if (message->has_event()) last = message->event();
    items += message->event().items().items_size();
  }
  EXPECT_EQ(items, 10) << "nothing of the record is lost";
  EXPECT_EQ(last.finished().error().reason(), "STORAGE")
      << "the final state is part of the record";
  EXPECT_THAT(last.finished().error().message(),
              HasSubstr(full.folder().path()));
}

}  // namespace
}  // namespace engram
