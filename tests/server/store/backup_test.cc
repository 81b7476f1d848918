#include <fstream>
#include <thread>

#include "core/base/sha256.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/array_table.h"
#include "server/store/log_table.h"
#include "tests/server/store/store_folder.h"

namespace engram::store {
namespace {

namespace fs = std::filesystem;
using ::testing::IsEmpty;

std::string Bytes(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(BackupTest, OpensAsAStoreOfItsOwn) {
  StoreFolder folder, restored;
  auto store = folder.Open();
  const RunKey run = SubmitSome(*store, 'a', 5)[0];
  Chunk chunk;
  chunk.data = "weights";
  chunk.digest = Sha256(chunk.data);
  ASSERT_TRUE(store->blobs().Put({&chunk, 1}).ok());
  ArrayRow array{run, "weights", -1, {}};
  array.manifest.add_chunks(std::string(DigestBytes(chunk.digest)));
  Do(*store, [&](Transaction& t) { StoreArray(t, array); });
  const auto backup = store->Backup(kNoonUs);
  ASSERT_TRUE(backup.ok()) << backup.status();
  EXPECT_EQ(backup->folder.filename(), "2026-01-31T120000Z");
  EXPECT_GT(backup->byte_size, 0);
  for (const char* name : {"engram.db", "blobs.db"})
    fs::copy(backup->folder / name, restored.path() / name);
  auto copy = restored.Open();
  EXPECT_EQ(Ask(*copy, [](Reader& r) { return StateCounts(r)["queued"]; }), 5);
  EXPECT_EQ(*copy->blobs().Get(chunk.digest), "weights");
  EXPECT_THAT(copy->Check(/*deep=*/true)->problems, IsEmpty());
}

TEST(BackupTest, ItsManifestHasTheDigestOfEachFile) {
  StoreFolder folder;
  const auto backup = folder.Open()->Backup(kNoonUs);
  ASSERT_TRUE(backup.ok()) << backup.status();
  std::string wanted;
  for (const char* name : {"engram.db", "blobs.db"})
    wanted += Sha256Hex(Bytes(backup->folder / name)) + "  " + name + "\n";
  EXPECT_EQ(Bytes(backup->folder / "manifest.txt"), wanted);
}

TEST(BackupTest, TwoInOneSecondGetFoldersOfTheirOwn) {
  StoreFolder folder;
  auto store = folder.Open();
  EXPECT_NE(store->Backup(kNoonUs)->folder, store->Backup(kNoonUs)->folder);
}

TEST(BackupTest, WritesGoOnWhileItRunsAndTheCopyIsWhole) {
  StoreFolder folder, restored;
  auto store = folder.Open();
  const RunKey run = SubmitSome(*store, 'a', 2000)[0];
  const auto log = [&] {
    Do(*store, [&](Transaction& t) {
      AppendLog(t, run, {0, kNoonUs, 1, "info", std::string(3000, 'x')});
    });
  };
  std::thread writing([&] {
    for (int i = 0; i < 100; ++i) log();
  });
  const auto backup = store->Backup(kNoonUs);
  writing.join();
  ASSERT_TRUE(backup.ok()) << backup.status();
  for (const char* name : {"engram.db", "blobs.db"})
    fs::copy(backup->folder / name, restored.path() / name);
  EXPECT_THAT(restored.Open()->Check(/*deep=*/true)->problems, IsEmpty());
}

}  // namespace
}  // namespace engram::store
