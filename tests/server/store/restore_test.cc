#include "server/store/restore.h"

#include <fstream>

#include "core/base/sha256.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/array_table.h"
#include "server/store/backup_manifest.h"
#include "server/store/event_table.h"
#include "tests/server/store/store_folder.h"

namespace engram::store {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string Bytes(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void Write(const fs::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}

std::vector<std::string> NamesIn(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

// A store with a run, an array of one chunk and a kept build, backed up.
class RestoreTest : public ::testing::Test {
 protected:
  RestoreTest() {
    auto store = folder_.Open();
    const RunKey run = SubmitSome(*store, 'a', 5)[0];
    Chunk chunk;
    chunk.data = "weights";
    chunk_ = chunk.digest = Sha256(chunk.data);
    EXPECT_TRUE(store->blobs().Put({&chunk, 1}).ok());
    ArrayRow array{run, "weights", -1, {}};
    array.manifest.add_chunks(std::string(DigestBytes(chunk.digest)));
    Do(*store, [&](Transaction& t) { StoreArray(t, array); });
    fs::create_directory(folder_.path() / "builds");
    Write(folder_.path() / "builds" / build_, "a program");
    Write(folder_.path() / "builds" / "half-written.tmp", "not kept");
    auto made = store->Backup(kNoonUs);
    EXPECT_TRUE(made.ok()) << made.status();
    backup_ = made->folder;
  }

  absl::Status Restore(const fs::path& data) {
    return RestoreBackup(backup_, data, kNoonUs).status();
  }
  // A restore into a new folder is refused so, and leaves nothing.
  void ExpectRefused(absl::StatusCode code, const std::string& part) {
    const fs::path data = parent_.path() / "data";
    const absl::Status status = Restore(data);
    EXPECT_EQ(status.code(), code) << status;
    EXPECT_THAT(status.message(), HasSubstr(part));
    EXPECT_THAT(NamesIn(parent_.path()), IsEmpty());
  }

  const std::string build_ = std::string(64, 'b');
  StoreFolder folder_, parent_;
  Digest chunk_;
  fs::path backup_;
};

TEST_F(RestoreTest, ARestoredFolderIsTheStoreThatWasBackedUp) {
  const fs::path data = parent_.path() / "data";
  int64_t last_done = 0, last_total = -1;
  const auto restored =
      RestoreBackup(backup_, data, kNoonUs, [&](int64_t done, int64_t total) {
        EXPECT_GT(done, last_done);
        last_done = done;
        last_total = total;
      });
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ(restored->file_count, 3);
  EXPECT_EQ(restored->byte_size, last_done);
  EXPECT_EQ(restored->byte_size, last_total);
  EXPECT_THAT(NamesIn(data), ElementsAre("blobs.db", "builds", "engram.db"));
  EXPECT_EQ(Bytes(data / "builds" / build_), "a program");
  EXPECT_EQ(fs::status(data).permissions(), fs::perms::owner_all);
  EXPECT_EQ(fs::status(data / "builds" / build_).permissions(),
            fs::perms::owner_all)
      << "a build that is not executable could not be started";
  StoreOptions options;
  options.folder = data;
  auto copy = Store::Open(options);
  ASSERT_TRUE(copy.ok()) << copy.status();
  EXPECT_EQ(Ask(**copy, [](Reader& r) { return StateCounts(r)["queued"]; }), 5);
  EXPECT_EQ(*(*copy)->blobs().Get(chunk_), "weights");
}

TEST_F(RestoreTest, EventsGoOnUnderNumbersThatTheLostServerNeverGave) {
  // More happened after the backup, and somebody watched it.
  int64_t lost = 0;
  {
    auto store = folder_.Open();
    SubmitSome(*store, 'b', 50);
    lost = Ask(*store, [](Reader& r) { return LastSequence(r); });
  }
  ASSERT_GT(lost, 0);
  const auto restored = [&](const fs::path& data, int64_t now_us) {
    EXPECT_TRUE(RestoreBackup(backup_, data, now_us).ok());
    StoreOptions options;
    options.folder = data;
    auto copy = Store::Open(options);
    EXPECT_TRUE(copy.ok()) << copy.status();
    return *std::move(copy);
  };
  auto copy = restored(parent_.path() / "data", kNoonUs);
  // Who comes with a bookmark of the lost server's starts anew.
  EXPECT_LT(lost, Ask(*copy, [](Reader& r) { return ForgottenSequence(r); }));
  SubmitSome(*copy, 'c', 50);
  const int64_t last = Ask(*copy, [](Reader& r) { return LastSequence(r); });
  EXPECT_GT(last, kNoonUs);
  const auto events = Ask(*copy, [&](Reader& r) {
    return ReadEvents(r, {.after_sequence = 0, .limit = 1000});
  });
  EXPECT_LE(events.front().sequence, lost) << "what was backed up is kept";
  // The same backup once more, a second later.
  auto again = restored(parent_.path() / "again", kNoonUs + 1'000'000);
  EXPECT_GT(Ask(*again, [](Reader& r) { return LastSequence(r); }), last);
  // And by a clock that is wrong: still above the backup's own.
  auto early = restored(parent_.path() / "early", 5);
  const int64_t own = Ask(*early, [](Reader& r) { return LastSequence(r); });
  EXPECT_GT(own, 5);
  EXPECT_EQ(own, Ask(*early, [](Reader& r) { return ForgottenSequence(r); }));
}

TEST_F(RestoreTest, AnEmptyFolderIsTakenAsItIs) {
  StoreFolder empty;
  fs::create_directory(empty.path() / "lost+found");
  ASSERT_TRUE(Restore(empty.path()).ok());
  EXPECT_TRUE(fs::exists(empty.path() / "engram.db"));
}

TEST_F(RestoreTest, AFolderWithAnythingInItIsRefused) {
  StoreFolder other;
  Write(other.path() / "notes.txt", "mine");
  const absl::Status status = Restore(other.path());
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(status.message(),
              AllOf(HasSubstr("not empty"), HasSubstr(other.path().string())));
  EXPECT_THAT(NamesIn(other.path()), ElementsAre("notes.txt"));
}

TEST_F(RestoreTest, AChangedByteOfEachFileIsRefusedByNameAndDigest) {
  for (const std::string& name :
       {std::string("engram.db"), std::string("blobs.db"),
        "builds/" + build_}) {
    const std::string before = Bytes(backup_ / name);
    for (const size_t at : {size_t{0}, before.size() / 2, before.size() - 1}) {
      std::string changed = before;
      changed[at] = static_cast<char>(changed[at] ^ 1);
      Write(backup_ / name, changed);
      ExpectRefused(absl::StatusCode::kDataLoss,
                    name + " was altered: it has the digest " +
                        Sha256Hex(changed) + ", its manifest says " +
                        Sha256Hex(before));
    }
    Write(backup_ / name, before);
  }
  EXPECT_TRUE(Restore(parent_.path() / "data").ok());
}

TEST_F(RestoreTest, AChangedByteAnywhereInTheManifestIsRefused) {
  const std::string before = Bytes(backup_ / kManifestFile);
  for (size_t at = 0; at < before.size(); ++at) {
    std::string changed = before;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    Write(backup_ / kManifestFile, changed);
    const auto restored =
        RestoreBackup(backup_, parent_.path() / "data", kNoonUs);
    ASSERT_EQ(restored.status().code(), absl::StatusCode::kDataLoss) << at;
  }
  EXPECT_THAT(NamesIn(parent_.path()), IsEmpty());
}

TEST_F(RestoreTest, AFileThatIsMissingOrCutShortIsRefused) {
  const std::string before = Bytes(backup_ / "blobs.db");
  fs::resize_file(backup_ / "blobs.db", before.size() / 2);
  ExpectRefused(absl::StatusCode::kDataLoss, "blobs.db was altered");
  fs::remove(backup_ / "blobs.db");
  ExpectRefused(absl::StatusCode::kDataLoss, "blobs.db");
  fs::remove(backup_ / kManifestFile);
  ExpectRefused(absl::StatusCode::kNotFound, "is no backup");
}

TEST_F(RestoreTest, ANewerSchemaIsRefused) {
  auto manifest = ParseManifest(Bytes(backup_ / kManifestFile));
  ASSERT_TRUE(manifest.ok()) << manifest.status();
  manifest->schema += 1;
  Write(backup_ / kManifestFile, FormatManifest(*manifest));
  ExpectRefused(absl::StatusCode::kFailedPrecondition, "or a newer one");
}

TEST_F(RestoreTest, ADatabaseThatWasDamagedBeforeTheBackupIsRefused) {
  std::string bytes = Bytes(backup_ / "engram.db");
  for (size_t at = 3 * 4096; at < 4 * 4096; ++at) bytes[at] = '\xff';
  Write(backup_ / "engram.db", bytes);
  auto manifest = ParseManifest(Bytes(backup_ / kManifestFile));
  ASSERT_TRUE(manifest.ok()) << manifest.status();
  manifest->digests["engram.db"] = Sha256Hex(bytes);
  Write(backup_ / kManifestFile, FormatManifest(*manifest));
  ExpectRefused(absl::StatusCode::kDataLoss, "engram.db");
}

TEST_F(RestoreTest, AManifestNamesNothingOutsideTheFolder) {
  BackupManifest manifest;
  for (const char* name : {"engram.db", "blobs.db"})
    manifest.digests[name] = Sha256Hex("");
  ASSERT_TRUE(ParseManifest(FormatManifest(manifest)).ok());
  for (const std::string& name :
       {std::string("../secret"), std::string("/etc/passwd"),
        std::string("builds/../../x"), std::string("builds/short"),
        "builds/" + build_ + "/../../../x", "builds/" + build_ + "//x"}) {
    BackupManifest wrong = manifest;
    wrong.digests[name] = Sha256Hex("");
    EXPECT_EQ(ParseManifest(FormatManifest(wrong)).status().code(),
              absl::StatusCode::kDataLoss)
        << name;
  }
}

TEST_F(RestoreTest, AServerRefusesAFolderWhoseRestoreWasCutOff) {
  StoreFolder cut;
  fs::create_directory(cut.path() / kRestoreFolder);
  const auto store = Store::Open(cut.options());
  EXPECT_EQ(store.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(store.status().message(), HasSubstr("restore"));
  EXPECT_FALSE(fs::exists(cut.path() / "engram.db"));
}

}  // namespace
}  // namespace engram::store
