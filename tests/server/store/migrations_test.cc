#include "server/store/migrations.h"

#include "SQLiteCpp/SQLiteCpp.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/connection.h"
#include "tests/server/store/store_folder.h"

namespace engram::store {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

// What the database says its tables and indexes are.
std::string Shape(const fs::path& file) {
  SQLite::Database database(file, SQLite::OPEN_READWRITE);
  SQLite::Statement read(
      database, "SELECT type || name || sql FROM sqlite_master ORDER BY name");
  std::string shape;
  while (read.executeStep()) shape += read.getColumn(0).getString() + "\n";
  return shape;
}

class MigrationsTest : public ::testing::Test {
 protected:
  // Takes the file from where it is to the end of the scripts.
  absl::Status MigrateTo(std::span<const char* const> scripts) {
    auto connection = Connection::OpenWriter(file_, {});
    EXPECT_TRUE(connection.ok()) << connection.status();
    absl::Status status = Migrate(**connection, {kMainFileId, scripts},
                                  folder_.path() / "backup");
    (*connection)->Checkpoint(/*truncate=*/true);
    return status;
  }
  int64_t Version(const fs::path& file) {
    SQLite::Database database(file, SQLite::OPEN_READWRITE);
    return database.execAndGet("PRAGMA user_version").getInt64();
  }

  StoreFolder folder_;
  const fs::path file_ = folder_.path() / "engram.db";
};

TEST_F(MigrationsTest, EveryEarlierSchemaBecomesTheNewest) {
  const std::span<const char* const> all = MainSchema().scripts;
  ASSERT_TRUE(MigrateTo(all).ok());
  const std::string newest = Shape(file_);
  for (size_t version = 1; version <= all.size(); ++version) {
    fs::remove(file_);
    ASSERT_TRUE(MigrateTo(all.first(version)).ok());
    ASSERT_TRUE(MigrateTo(all).ok());
    EXPECT_EQ(Shape(file_), newest) << "from version " << version;
    EXPECT_EQ(Version(file_), static_cast<int64_t>(all.size()));
  }
}

TEST_F(MigrationsTest, VerificationsOfTheFirstSchemaAreKept) {
  const std::span<const char* const> all = MainSchema().scripts;
  ASSERT_TRUE(MigrateTo(all.first(1)).ok());
  {
    SQLite::Database database(file_, SQLite::OPEN_READWRITE);
    database.exec(
        "INSERT INTO experiment VALUES (3, 'aaaaaaaaaa', '', 'ada', 'e1:a', 1,"
        " 1, NULL, '', 0, 0, 1, 1, 0, '', '', '', x'', '', '', '');"
        "INSERT INTO run (key, experiment, point, state, state_actor,"
        " state_reason, state_time_us, seed, run_hash, cpus, memory_bytes,"
        " time_us, tree) VALUES (7, 3, 0, 'succeeded', '', '', 1, 1, 's1:a',"
        " 1, 1, 0, x'');"
        "INSERT INTO verification VALUES (7, 1, 'different', 'item 17', 16,"
        " 'r1:x', 'b', 1, 'users/ada', 5, 6)");
  }
  ASSERT_TRUE(MigrateTo(all).ok());
  SQLite::Database database(file_, SQLite::OPEN_READWRITE);
  SQLite::Statement read(
      database,
      "SELECT run || number || outcome || difference || items_compared ||"
      " result_hash || build || current || actor || create_time_us ||"
      " end_time_us, length(comparison) FROM verification");
  ASSERT_TRUE(read.executeStep());
  EXPECT_EQ(read.getColumn(0).getString(),
            "71differentitem 1716r1:xb1users/ada56");
  EXPECT_EQ(read.getColumn(1).getInt(), 0);
}

TEST_F(MigrationsTest, EveryTableIsStrict) {
  ASSERT_TRUE(MigrateTo(MainSchema().scripts).ok());
  SQLite::Database database(file_, SQLite::OPEN_READWRITE);
  SQLite::Statement lax(database,
                        "SELECT group_concat(name) FROM pragma_table_list"
                        " WHERE NOT strict AND schema = 'main'"
                        " AND name NOT LIKE 'sqlite_%'");
  ASSERT_TRUE(lax.executeStep());
  EXPECT_TRUE(lax.getColumn(0).isNull()) << lax.getColumn(0).getString();
}

TEST_F(MigrationsTest, KeepsACopyOfTheFileBefore) {
  const char* const scripts[] = {"CREATE TABLE a (x) ; INSERT INTO a VALUES(7)",
                                 "DROP TABLE a; CREATE TABLE b (x)"};
  ASSERT_TRUE(MigrateTo(std::span(scripts).first(1)).ok());
  EXPECT_FALSE(fs::exists(folder_.path() / "backup"));
  ASSERT_TRUE(MigrateTo(scripts).ok());
  const fs::path copy = folder_.path() / "backup" / "engram-schema-1.db";
  ASSERT_TRUE(fs::exists(copy));
  EXPECT_EQ(Version(copy), 1);
  SQLite::Database database(copy, SQLite::OPEN_READWRITE);
  EXPECT_EQ(database.execAndGet("SELECT x FROM a").getInt(), 7);
}

TEST_F(MigrationsTest, AScriptThatFailsChangesNothing) {
  const char* const scripts[] = {"CREATE TABLE a (x)",
                                 "CREATE TABLE b (x); CREATE TABLE a (x)"};
  ASSERT_TRUE(MigrateTo(std::span(scripts).first(1)).ok());
  const std::string before = Shape(file_);
  EXPECT_FALSE(MigrateTo(scripts).ok());
  EXPECT_EQ(Shape(file_), before);
  EXPECT_EQ(Version(file_), 1);
}

TEST_F(MigrationsTest, ANewerFileIsRefused) {
  const char* const scripts[] = {"CREATE TABLE a (x)", "CREATE TABLE b (x)"};
  ASSERT_TRUE(MigrateTo(scripts).ok());
  const absl::Status status = MigrateTo(std::span(scripts).first(1));
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(status.message(), HasSubstr("schema 2"));
}

}  // namespace
}  // namespace engram::store
