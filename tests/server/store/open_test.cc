#include <fstream>

#include "SQLiteCpp/SQLiteCpp.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/server/store/store_folder.h"

namespace engram::store {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

std::string Bytes(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void Write(const fs::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}

// Opening fails with a message that has `part`, and changes no database file.
void ExpectRefused(const StoreOptions& options, const std::string& part) {
  const std::string main = Bytes(options.folder / "engram.db");
  const std::string blobs = Bytes(options.folder / "blobs.db");
  const auto store = Store::Open(options);
  EXPECT_EQ(store.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(store.status().message(), HasSubstr(part));
  EXPECT_EQ(Bytes(options.folder / "engram.db"), main);
  EXPECT_EQ(Bytes(options.folder / "blobs.db"), blobs);
}

TEST(OpenTest, MakesAFolderForItsOwnerAlone) {
  StoreFolder folder;
  StoreOptions options = folder.options();
  options.folder /= "data";
  ASSERT_TRUE(Store::Open(options).ok());
  EXPECT_EQ(fs::status(options.folder).permissions(), fs::perms::owner_all);
}

TEST(OpenTest, KeepsWhatWasStored) {
  StoreFolder folder;
  SubmitSome(*folder.Open(), 'a', 3);
  EXPECT_EQ(
      Ask(*folder.Open(), [](Reader& r) { return StateCounts(r)["queued"]; }),
      3);
}

TEST(OpenTest, RefusesASecondServer) {
  StoreFolder folder;
  auto first = folder.Open();
  const auto second = Store::Open(folder.options());
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(second.status().message(), HasSubstr("another engramd (process"));
  first.reset();
  EXPECT_TRUE(Store::Open(folder.options()).ok());
}

TEST(OpenTest, RefusesANewerSchema) {
  for (const char* name : {"engram.db", "blobs.db"}) {
    StoreFolder folder;
    folder.Open();
    SQLite::Database(folder.path() / name, SQLite::OPEN_READWRITE)
        .exec("PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE)");
    ExpectRefused(folder.options(), "has schema 99");
  }
}

TEST(OpenTest, RefusesATruncatedFile) {
  StoreFolder folder;
  SubmitSome(*folder.Open(), 'a', 100);
  const fs::path file = folder.path() / "engram.db";
  fs::resize_file(file, fs::file_size(file) / 2);
  ExpectRefused(folder.options(), "is truncated");
}

TEST(OpenTest, RefusesAFileThatIsNoDatabase) {
  StoreFolder folder;
  Write(folder.path() / "engram.db", std::string(5000, 'x'));
  ExpectRefused(folder.options(), "is not a database");
}

TEST(OpenTest, RefusesAnotherProgramsDatabase) {
  StoreFolder folder;
  SQLite::Database(folder.path() / "engram.db",
                   SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
      .exec("CREATE TABLE theirs (a)");
  ExpectRefused(folder.options(), "another program's");
}

TEST(OpenTest, RefusesTheTwoFilesSwapped) {
  StoreFolder folder;
  folder.Open();
  fs::rename(folder.path() / "engram.db", folder.path() / "x");
  fs::rename(folder.path() / "blobs.db", folder.path() / "engram.db");
  fs::rename(folder.path() / "x", folder.path() / "blobs.db");
  ExpectRefused(folder.options(), "another program's");
}

TEST(OpenTest, RefusesNetworkFileSystems) {
  constexpr std::pair<int64_t, const char*> kNetworks[] = {
      {0x6969, "NFS"}, {0xFF534D42, "CIFS"}, {0x65735546, "FUSE"}};
  for (const auto& [magic, name] : kNetworks) {
    StoreFolder folder;
    StoreOptions options = folder.options();
    options.file_system_magic = [magic = magic](const fs::path&) {
      return magic;
    };
    ExpectRefused(options, name);
    EXPECT_FALSE(fs::exists(folder.path() / "engram.db"));
  }
}

TEST(OpenTest, TakesUpAFileWhoseMakingWasCutOff) {
  StoreFolder folder;
  SQLite::Database(folder.path() / "engram.db",
                   SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
      .exec("PRAGMA journal_mode=WAL");
  SubmitSome(*folder.Open(), 'a');
  EXPECT_EQ(Ask(*folder.Open(), [](Reader& r) { return StateCounts(r); }),
            (std::map<std::string, int64_t>{{"queued", 1}}));
}

}  // namespace
}  // namespace engram::store
