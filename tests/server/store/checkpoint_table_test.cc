#include "server/store/checkpoint_table.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/array_table.h"
#include "server/store/experiment_table.h"
#include "tests/server/store/store_folder.h"

namespace engram::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class CheckpointTableTest : public ::testing::Test {
 protected:
  // Of a state with one chunk, whose 32 bytes are all `letter`.
  CheckpointRow At(int64_t tick, char letter, bool is_final = false) const {
    CheckpointRow row{.run = run_,
                      .is_final = is_final,
                      .tick = tick,
                      .item_count = 2 * tick,
                      .attempt = 3,
                      .build = "b",
                      .time_us = kNoonUs,
                      .stood_still_us = 17};
    row.manifest.set_byte_size(100);
    row.manifest.add_chunks(std::string(32, letter));
    return row;
  }
  std::vector<int64_t> Ticks() {
    std::vector<int64_t> ticks;
    for (const auto& row :
         Ask(*store_, [&](Reader& r) { return ReadCheckpoints(r, run_); })) {
      ticks.push_back(row.tick);
    }
    return ticks;
  }
  std::string UsedChunks() {
    return Ask(*store_, [](Reader& r) {
      std::string letters;
      ForEachUsedChunk(r, [&](absl::string_view digest) {
        letters.push_back(digest.front());
      });
      return letters;
    });
  }
  int64_t StoredBytes() {
    return Ask(*store_, [&](Reader& r) { return ReadRun(r, run_); })
        .stored_bytes;
  }

  StoreFolder folder_;
  std::unique_ptr<Store> store_ = folder_.Open();
  const RunKey run_ = SubmitSome(*store_, 'a')[0];
};

TEST_F(CheckpointTableTest, KeepsTheLastTwoAndFreesTheChunksOfOthers) {
  Do(*store_, [&](Transaction& t) {
    StoreCheckpoint(t, At(10, 'x'));
    StoreCheckpoint(t, At(20, 'y'));
    StoreCheckpoint(t, At(30, 'z'));
  });
  EXPECT_THAT(Ticks(), ElementsAre(30, 20));
  EXPECT_THAT(UsedChunks(), UnorderedElementsAre('y', 'z'));
  EXPECT_EQ(StoredBytes(), 200);
}

TEST_F(CheckpointTableTest, IsReadAsItWasStored) {
  Do(*store_, [&](Transaction& t) {
    StoreCheckpoint(t, At(10, 'x'));
    const auto rows = ReadCheckpoints(t, run_);
    ASSERT_THAT(rows, SizeIs(1));
    EXPECT_FALSE(rows[0].is_final);
    EXPECT_EQ(rows[0].item_count, 20);
    EXPECT_EQ(rows[0].attempt, 3);
    EXPECT_EQ(rows[0].build, "b");
    EXPECT_EQ(rows[0].time_us, kNoonUs);
    EXPECT_EQ(rows[0].stood_still_us, 17);
    EXPECT_EQ(rows[0].manifest.chunks(0), std::string(32, 'x'));
  });
}

TEST_F(CheckpointTableTest, OneOfTheSameTickReplacesTheOther) {
  Do(*store_, [&](Transaction& t) {
    StoreCheckpoint(t, At(10, 'x'));
    StoreCheckpoint(t, At(10, 'y'));
  });
  EXPECT_THAT(Ticks(), ElementsAre(10));
  EXPECT_EQ(UsedChunks(), "y");
  EXPECT_EQ(StoredBytes(), 100);
}

TEST_F(CheckpointTableTest, TheEndOfTheRunLeavesWhatItIsToldTo) {
  Do(*store_, [&](Transaction& t) {
    StoreCheckpoint(t, At(10, 'x'));
    StoreCheckpoint(t, At(20, 'y'));
    StoreCheckpoint(t, At(20, 'f', true));
    KeepAtEnd(t, run_, KeptState::kFinal);
    EXPECT_TRUE(FindFinalState(t, run_).has_value());
    EXPECT_THAT(ReadCheckpoints(t, run_), IsEmpty());
    StoreCheckpoint(t, At(10, 'x'));
    StoreCheckpoint(t, At(20, 'y'));
    KeepAtEnd(t, run_, KeptState::kLast);
    EXPECT_FALSE(FindFinalState(t, run_).has_value());
  });
  EXPECT_THAT(Ticks(), ElementsAre(20));
  Do(*store_, [&](Transaction& t) { KeepAtEnd(t, run_, KeptState::kNone); });
  EXPECT_EQ(UsedChunks(), "");
  EXPECT_EQ(StoredBytes(), 0);
}

TEST_F(CheckpointTableTest, UnreadableOnesAreDropped) {
  Do(*store_, [&](Transaction& t) {
    StoreCheckpoint(t, At(10, 'x'));
    StoreCheckpoint(t, At(20, 'y'));
    DropCheckpointsFrom(t, run_, 20);
  });
  EXPECT_THAT(Ticks(), ElementsAre(10));
  EXPECT_EQ(StoredBytes(), 100);
}

TEST_F(CheckpointTableTest, GoWithTheRecordAndWithTheExperiment) {
  Do(*store_, [&](Transaction& t) {
    StoreCheckpoint(t, At(10, 'x'));
    ClearRecord(t, run_);
    EXPECT_THAT(ReadCheckpoints(t, run_), IsEmpty());
    StoreCheckpoint(t, At(20, 'f', true));
    ChangeState(t, run_,
                {.from = "queued", .to = "cancelled", .end_time_us = 1});
    ASSERT_TRUE(DeleteExperiment(t, *FindExperiment(t, "aaaa")).ok());
  });
  EXPECT_EQ(UsedChunks(), "");
}

}  // namespace
}  // namespace engram::store
