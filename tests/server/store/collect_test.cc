#include <atomic>
#include <thread>

#include "core/base/sha256.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/array_table.h"
#include "server/store/input_table.h"
#include "tests/server/store/store_folder.h"

namespace engram::store {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int64_t kHourUs = 3'600'000'000;

Chunk ChunkOf(std::string data) {
  Chunk chunk;
  chunk.digest = Sha256(data);
  chunk.data = std::move(data);
  return chunk;
}

// A store whose steady clock is turned by hand, and which has run for long.
class CollectTest : public ::testing::Test {
 protected:
  CollectTest() { Open(); }
  void Open() {
    store_.reset();
    StoreOptions options = folder_.options();
    options.steady_us = [this] { return steady_us_.load(); };
    auto store = Store::Open(options);
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }
  void Put(const Chunk& chunk) {
    ASSERT_TRUE(store_->blobs().Put({&chunk, 1}).ok());
  }
  CollectResult Collect(bool dry_run = false) {
    auto result = store_->CollectGarbage(dry_run);
    EXPECT_TRUE(result.ok()) << result.status();
    return *result;
  }
  bool IsMissing(const Chunk& chunk) {
    return !store_->blobs().FindMissing({&chunk.digest, 1})->empty();
  }
  bool IsHere(const Chunk& chunk) {
    return store_->blobs().Get(chunk.digest).ok();
  }
  // As an array of the run.
  void Name(const Chunk& chunk) {
    ArrayRow row{SubmitSome(*store_, 'a')[0], "weights", -1, {}};
    row.manifest.add_chunks(std::string(DigestBytes(chunk.digest)));
    Do(*store_, [&](Transaction& t) { StoreArray(t, row); });
  }

  StoreFolder folder_;
  std::atomic<int64_t> steady_us_ = kHourUs;
  std::unique_ptr<Store> store_;
};

TEST_F(CollectTest, TakesOnlyWhatNothingNames) {
  const Chunk named = ChunkOf("named"), unnamed = ChunkOf("unnamed");
  Put(named);
  Put(unnamed);
  Name(named);
  steady_us_ += 2 * kHourUs;
  const CollectResult dry = Collect(/*dry_run=*/true);
  EXPECT_EQ(dry.chunk_count, 1);
  EXPECT_GT(dry.byte_size, 0);
  EXPECT_EQ(dry.spared_chunk_count, 0);
  EXPECT_TRUE(IsHere(unnamed)) << "only counted";
  const CollectResult done = Collect();
  EXPECT_EQ(done.chunk_count, dry.chunk_count);
  EXPECT_EQ(done.byte_size, dry.byte_size);
  EXPECT_FALSE(IsHere(unnamed));
  EXPECT_TRUE(IsHere(named));
}

TEST_F(CollectTest, KeepsWhatAnExperimentReadsWhateverBecomesOfItsSource) {
  const Chunk chunk = ChunkOf("the weights of another run");
  Put(chunk);
  Name(chunk);  // of experiment a
  SubmitSome(*store_, 'b');
  InputRow input{"aaaaaaaaaa/0/snapshots/weights@final", {}};
  input.manifest.set_digest(std::string(32, 'd'));
  input.manifest.add_chunks(std::string(DigestBytes(chunk.digest)));
  const auto remove = [&](char letter) {
    Do(*store_, [&](Transaction& t) {
      const auto key = FindExperiment(t, std::string(10, letter));
      ASSERT_TRUE(key.ok());
      ASSERT_TRUE(ChangeState(t, *FindRun(t, *key, 0),
                              {.from = "queued",
                               .to = "cancelled",
                               .now_us = 1,
                               .end_time_us = 1}));
      ASSERT_TRUE(DeleteExperiment(t, *key).ok());
    });
  };
  Do(*store_, [&](Transaction& t) {
    InsertInputs(t, *FindExperiment(t, std::string(10, 'b')), {&input, 1});
  });
  remove('a');
  steady_us_ += 2 * kHourUs;
  EXPECT_EQ(Collect().chunk_count, 0);
  EXPECT_TRUE(IsHere(chunk));
  remove('b');
  EXPECT_EQ(Collect().chunk_count, 1);
}

TEST_F(CollectTest, SparesForAnHourWhatWasStoredOrAskedFor) {
  const Chunk chunk = ChunkOf("about to be named");
  steady_us_ += 2 * kHourUs;
  Put(chunk);
  const CollectResult fresh = Collect();
  EXPECT_EQ(fresh.chunk_count, 0);
  EXPECT_EQ(fresh.spared_chunk_count, 1);
  EXPECT_GT(fresh.spared_byte_size, 0);
  steady_us_ += kHourUs;
  EXPECT_FALSE(IsMissing(chunk));
  steady_us_ += kHourUs - 1;
  EXPECT_EQ(Collect().chunk_count, 0) << "asked for less than an hour ago";
  steady_us_ += 1;
  EXPECT_EQ(Collect().chunk_count, 1);
}

TEST_F(CollectTest, SparesEverythingInAServersFirstHour) {
  // Workers that outlive a server may name what the last one told them of.
  const Chunk chunk = ChunkOf("asked for under the last server");
  Put(chunk);
  steady_us_ += 10 * kHourUs;
  Open();
  EXPECT_EQ(Collect().spared_chunk_count, 1);
  steady_us_ += kHourUs;
  EXPECT_EQ(Collect().chunk_count, 1);
}

TEST_F(CollectTest, RemovesMoreThanOneTransactionTakes) {
  constexpr int kMany = 600;
  std::vector<Chunk> chunks;
  for (int i = 0; i < kMany; ++i) chunks.push_back(ChunkOf(absl::StrCat(i)));
  ASSERT_TRUE(store_->blobs().Put(chunks).ok());
  steady_us_ += 2 * kHourUs;
  const int64_t before = store_->blobs().commit_count();
  EXPECT_EQ(Collect().chunk_count, kMany);
  EXPECT_EQ(store_->blobs().commit_count() - before, 3);
  EXPECT_EQ(Collect().chunk_count, 0);
}

// Whoever is told that a chunk is here can rely on it, however the collection
// falls in between; whoever is told that it is missing can store it.
TEST_F(CollectTest, NeverTakesWhatSomebodyWasToldIsHere) {
  int told_here = 0, told_missing = 0;
  for (int round = 0; round < 150; ++round) {
    const Chunk chunk = ChunkOf(absl::StrCat("round ", round));
    Put(chunk);
    steady_us_ += 2 * kHourUs;
    std::atomic<bool> go = false;
    std::thread collector([&] {
      while (!go) std::this_thread::yield();
      Collect();
    });
    go = true;
    const bool was_missing = IsMissing(chunk);
    if (was_missing) Put(chunk);
    collector.join();
    ++(was_missing ? told_missing : told_here);
    ASSERT_TRUE(IsHere(chunk))
        << "round " << round << (was_missing ? ", stored again" : "");
  }
  EXPECT_EQ(told_here + told_missing, 150);
}

}  // namespace
}  // namespace engram::store
