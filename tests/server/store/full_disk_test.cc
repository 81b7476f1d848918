#include "core/base/sha256.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/log_table.h"
#include "server/store/setting_table.h"
#include "tests/server/store/store_folder.h"

namespace engram::store {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A database that may have no more than so many pages fails as one on a full
// disk does: with SQLITE_FULL, in the middle of a transaction.
class FullDiskTest : public ::testing::Test {
 protected:
  absl::Status LogMuch() {
    return store_->Write([&](Transaction& t) {
      for (int i = 0; i < 100; ++i)
        AppendLog(t, run_, {0, kNoonUs, 1, "info", std::string(4000, 'x')});
      return absl::OkStatus();
    });
  }

  StoreFolder folder_;
  std::unique_ptr<Store> store_ = [this] {
    StoreOptions options = folder_.options();
    options.max_page_count = 250;
    auto store = Store::Open(options);
    EXPECT_TRUE(store.ok()) << store.status();
    return *std::move(store);
  }();
  RunKey run_ = SubmitSome(*store_, 'a')[0];
};

TEST_F(FullDiskTest, AWriteThatDoesNotFitLeavesTheStoreUsable) {
  absl::Status status;
  int stored = 0;
  while ((status = LogMuch()).ok()) ++stored;
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(status.message(), HasSubstr("full"));
  // Nothing of the write that failed is there, and small writes go through.
  Do(*store_, [](Transaction& t) { StoreSetting(t, "a", "1"); });
  Ask(*store_, [&](Reader& r) {
    EXPECT_EQ(ReadLog(r, run_, 0, 100'000).size(), 100u * stored);
    return 0;
  });
  EXPECT_THAT(store_->Check(/*deep=*/true)->problems, IsEmpty());
}

TEST_F(FullDiskTest, BlobsFailAndRecoverLikewise) {
  absl::Status status;
  for (int i = 0; status.ok() && i < 10'000; ++i) {
    Chunk chunk;
    for (int part = 0; part < 2000; ++part)
      chunk.data += Sha256Hex(absl::StrCat(i, " ", part));
    chunk.digest = Sha256(chunk.data);
    status = store_->blobs().Put({&chunk, 1});
  }
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  Chunk small;
  small.data = "small";
  small.digest = Sha256(small.data);
  const Digest asked[] = {small.digest};
  EXPECT_EQ(store_->blobs().FindMissing(asked)->size(), 1u);
  EXPECT_THAT(store_->Check(/*deep=*/true)->problems, IsEmpty());
}

}  // namespace
}  // namespace engram::store
