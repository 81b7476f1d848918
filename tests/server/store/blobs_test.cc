#include "server/store/blobs.h"

#include <random>

#include "core/base/sha256.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/array_table.h"
#include "server/store/zstd_frame.h"
#include "tests/server/store/store_folder.h"

namespace engram::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int64_t kHourUs = 3'600'000'000;

Chunk ChunkOf(std::string data) {
  Chunk chunk;
  chunk.digest = Sha256(data);
  chunk.data = std::move(data);
  return chunk;
}

std::string Noise(size_t size) {
  std::minstd_rand random(7);
  std::string noise(size, '\0');
  for (char& c : noise) c = static_cast<char>(random() >> 8);
  return noise;
}

class BlobsTest : public ::testing::Test {
 protected:
  absl::Status Put(const Chunk& chunk) {
    return store_->blobs().Put({&chunk, 1});
  }
  CollectResult Collect(bool dry_run) {
    auto result = store_->CollectGarbage(dry_run);
    EXPECT_TRUE(result.ok()) << result.status();
    return *result;
  }
  // As an array of the run.
  void Name(const Chunk& chunk) {
    ArrayRow row{SubmitSome(*store_, 'a')[0], "weights", -1, {}};
    row.manifest.add_chunks(std::string(DigestBytes(chunk.digest)));
    Do(*store_, [&](Transaction& t) { StoreArray(t, row); });
  }

  StoreFolder folder_;
  int64_t now_us_ = kNoonUs;
  std::unique_ptr<Store> store_ = [this] {
    StoreOptions options = folder_.options();
    options.now_us = [this] { return now_us_; };
    options.steady_us = options.now_us;
    return *Store::Open(options);
  }();
};

TEST_F(BlobsTest, GivesBackWhatWasPut) {
  for (const Chunk& chunk :
       {ChunkOf(""), ChunkOf("short"), ChunkOf(std::string(1 << 20, 'x')),
        ChunkOf(Noise(1 << 20))}) {
    ASSERT_TRUE(Put(chunk).ok());
    EXPECT_EQ(*store_->blobs().Get(chunk.digest), chunk.data);
  }
}

TEST_F(BlobsTest, TakesCompressedChunksByThePlainBytesDigest) {
  Chunk chunk = ChunkOf(std::string(100'000, 'x'));
  const std::string plain = chunk.data;
  chunk.data = Compress(plain, 3);
  chunk.compressed = true;
  ASSERT_TRUE(Put(chunk).ok());
  EXPECT_EQ(*store_->blobs().Get(chunk.digest), plain);
}

TEST_F(BlobsTest, KeepsEachChunkOnceAndSmall) {
  const Chunk chunk = ChunkOf(std::string(1 << 20, 'x'));
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(Put(chunk).ok());
  now_us_ += 2 * kHourUs;
  const CollectResult unused = Collect(/*dry_run=*/true);
  EXPECT_EQ(unused.chunk_count, 1);
  EXPECT_LT(unused.byte_size, 1000) << "compressed";
}

TEST_F(BlobsTest, WhatIsHereCostsNoCommit) {
  const Chunk first = ChunkOf(Noise(1 << 20)), second = ChunkOf("second");
  ASSERT_TRUE(Put(first).ok());
  const int64_t commits = store_->blobs().commit_count();
  ASSERT_TRUE(Put(first).ok());
  EXPECT_EQ(store_->blobs().commit_count(), commits);
  const Chunk batch[] = {first, second, second};
  ASSERT_TRUE(store_->blobs().Put(batch).ok());
  EXPECT_EQ(store_->blobs().commit_count(), commits + 1);
  EXPECT_EQ(*store_->blobs().Get(second.digest), "second");
}

TEST_F(BlobsTest, FindsWhatIsMissing) {
  const Chunk here = ChunkOf("here");
  const Chunk missing = ChunkOf("missing");
  ASSERT_TRUE(Put(here).ok());
  const Digest asked[] = {here.digest, missing.digest};
  EXPECT_THAT(*store_->blobs().FindMissing(asked), ElementsAre(missing.digest));
  EXPECT_EQ(store_->blobs().Get(missing.digest).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(BlobsTest, RefusesAWholeBatchForOneWrongDigest) {
  Chunk wrong = ChunkOf("wrong");
  wrong.data = "changed on the way";
  const Chunk batch[] = {ChunkOf("good"), wrong};
  const absl::Status status = store_->blobs().Put(batch);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(status.message(), HasSubstr("send them again"));
  const Digest asked[] = {batch[0].digest};
  EXPECT_EQ(store_->blobs().FindMissing(asked)->size(), 1u);
}

TEST_F(BlobsTest, RefusesChunksThatAreTooLarge) {
  const Chunk plain = ChunkOf(std::string((1 << 20) + 1, 'x'));
  EXPECT_EQ(Put(plain).code(), absl::StatusCode::kInvalidArgument);
  // A frame that would unpack to a gigabyte is refused before it does.
  Chunk bomb = plain;
  bomb.data = Compress(plain.data, 3);
  bomb.compressed = true;
  EXPECT_EQ(Put(bomb).code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace engram::store
