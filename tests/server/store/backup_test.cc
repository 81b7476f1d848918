#include <fstream>
#include <thread>

#include "core/base/sha256.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/array_table.h"
#include "server/store/backup_manifest.h"
#include "server/store/log_table.h"
#include "server/store/migrations.h"
#include "tests/server/store/store_folder.h"

namespace engram::store {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

std::string Bytes(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> NamesIn(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    names.push_back(entry.path().filename().string());
  return names;
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
  const std::string text = Bytes(backup->folder / "manifest.txt");
  for (const char* name : {"engram.db", "blobs.db"})
    EXPECT_THAT(text, HasSubstr("\n" + Sha256Hex(Bytes(backup->folder / name)) +
                                "  " + name + "\n"));
  const auto manifest = ParseManifest(text);
  ASSERT_TRUE(manifest.ok()) << manifest.status();
  EXPECT_EQ(manifest->time, "2026-01-31T12:00:00+00:00");
  EXPECT_EQ(manifest->schema, MainSchema().version());
  EXPECT_EQ(backup->file_count, 2);
}

TEST(BackupTest, ANamedFolderIsMadeOrEmpty) {
  StoreFolder folder, other;
  auto store = folder.Open();
  const auto made = store->Backup(kNoonUs, other.path() / "one");
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_TRUE(fs::exists(other.path() / "one" / "manifest.txt"));
  const auto again = store->Backup(kNoonUs, other.path() / "one");
  EXPECT_EQ(again.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(again.status().message(), HasSubstr("not empty"));
  EXPECT_EQ(store->Backup(kNoonUs, "relative").status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(store->Backup(kNoonUs, "/no/such/parent").status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(BackupTest, ABackupThatFailsLeavesNothing) {
  StoreFolder folder, other;
  auto store = folder.Open();
  // Where the copy of a build is to go there is a folder in the way: the
  // backup's own path is as long as a path may be, but for the build's name.
  const fs::path build = folder.path() / "builds" / std::string(64, 'c');
  fs::create_directories(build.parent_path());
  std::ofstream(build) << "a program";
  fs::path deep = other.path();
  while (deep.string().size() < 3900) deep /= std::string(150, 'd');
  deep /= std::string(4095 - 60 - deep.string().size(), 'e');
  fs::create_directories(deep.parent_path());
  const auto made = store->Backup(kNoonUs, deep);
  EXPECT_FALSE(made.ok());
  EXPECT_FALSE(fs::exists(deep));
}

TEST(BackupTest, OfPeriodicOnesTheNewestStay) {
  StoreFolder folder;
  auto store = folder.Open();
  EXPECT_EQ(store->LastBackupUs(), std::nullopt);
  const auto by_hand = store->Backup(kNoonUs);
  ASSERT_TRUE(by_hand.ok());
  constexpr int64_t kDayUs = int64_t{86'400} * 1'000'000;
  for (int day = 1; day <= 4; ++day) {
    const auto made = store->BackUpPeriodically(kNoonUs + day * kDayUs, 2);
    ASSERT_TRUE(made.ok()) << made.status();
  }
  EXPECT_THAT(NamesIn(folder.path() / "backup" / "periodic"),
              UnorderedElementsAre("2026-02-03T120000Z", "2026-02-04T120000Z"));
  EXPECT_TRUE(fs::exists(by_hand->folder)) << "what a person made stays";
  EXPECT_EQ(store->LastBackupUs(), kNoonUs + 4 * kDayUs);
}

TEST(BackupTest, WhatACutOffBackupLeftIsRemovedByTheNext) {
  StoreFolder folder;
  auto store = folder.Open();
  const fs::path half = folder.path() / "backup" / "2025-12-31T000000Z";
  fs::create_directories(half);
  std::ofstream(half / "engram.db") << "half";
  EXPECT_EQ(store->LastBackupUs(), std::nullopt) << "it is no backup";
  ASSERT_TRUE(store->Backup(kNoonUs).ok());
  EXPECT_FALSE(fs::exists(half));
  EXPECT_EQ(store->BackupUnderWay().has_value(), false);
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
