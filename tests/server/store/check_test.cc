#include <fstream>

#include "SQLiteCpp/SQLiteCpp.h"
#include "core/base/sha256.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/array_table.h"
#include "server/store/log_table.h"
#include "tests/server/store/store_folder.h"

namespace engram::store {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// A store with three runs and one array of one chunk.
class CheckTest : public ::testing::Test {
 protected:
  CheckTest() {
    auto store = folder_.Open();
    const RunKey run = SubmitSome(*store, 'a', 3)[1];
    Chunk chunk;
    chunk.data = std::string(100'000, 'w');
    digest_ = chunk.digest = Sha256(chunk.data);
    EXPECT_TRUE(store->blobs().Put({&chunk, 1}).ok());
    ArrayRow array{run, "rule.weights", -1, {}};
    array.manifest.add_chunks(std::string(DigestBytes(chunk.digest)));
    Do(*store, [&](Transaction& t) {
      StoreArray(t, array);
      for (int i = 0; i < 200; ++i)
        AppendLog(t, run, {0, kNoonUs, 1, "info", std::string(1000, 'x')});
    });
  }
  // As a person with a shell would, while no server runs.
  void Change(const char* file, const std::string& sql) {
    SQLite::Database((folder_.path() / file).string(), SQLite::OPEN_READWRITE)
        .exec(sql);
  }
  CheckResult Check(bool deep) {
    auto result = folder_.Open()->Check(deep);
    EXPECT_TRUE(result.ok()) << result.status();
    return *std::move(result);
  }
  static std::string Hex(const std::string& data) { return Sha256Hex(data); }

  StoreFolder folder_;
  Digest digest_;
};

TEST_F(CheckTest, AWholeStoreHasNoProblemsAndItsCounts) {
  for (const bool deep : {false, true}) {
    const CheckResult result = Check(deep);
    EXPECT_THAT(result.problems, IsEmpty());
    EXPECT_EQ(result.advice, "");
    EXPECT_EQ(result.experiments_read, 1);
    EXPECT_EQ(result.runs_read, 3);
    EXPECT_EQ(result.chunks_named, 1);
    EXPECT_EQ(result.chunks_read, deep ? 1 : 0);
  }
}

TEST_F(CheckTest, AMissingChunkIsNamedWithItsArrayAndRun) {
  Change("blobs.db", "DELETE FROM chunk");
  const CheckResult result = Check(/*deep=*/false);
  EXPECT_THAT(result.problems,
              ElementsAre(AllOf(
                  HasSubstr("array rule.weights (final) of run aaaaaaaaaa/1"),
                  HasSubstr(Hex(std::string(100'000, 'w'))),
                  HasSubstr("not in blobs.db"))));
  EXPECT_THAT(result.advice, HasSubstr("The databases are whole"));
}

TEST_F(CheckTest, AChangedChunkIsFoundByADeepCheckAlone) {
  Change("blobs.db", "UPDATE chunk SET compressed = 0, data = x'00'");
  EXPECT_THAT(Check(/*deep=*/false).problems, IsEmpty());
  const CheckResult result = Check(/*deep=*/true);
  EXPECT_THAT(result.problems,
              ElementsAre(AllOf(HasSubstr("aaaaaaaaaa/1"),
                                HasSubstr("do not match their digest"))));
}

TEST_F(CheckTest, ADamagedPageIsAProblemAndNotAFailure) {
  const fs::path file = folder_.path() / "engram.db";
  const auto pages = fs::file_size(file) / 4096;
  ASSERT_GT(pages, 60u);
  {
    std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
    out.seekp(static_cast<std::streamoff>((pages - 20) * 4096));
    out << std::string(8 * 4096, '\x5a');
  }
  const CheckResult result = Check(/*deep=*/true);
  EXPECT_THAT(result.problems, Contains(HasSubstr("engram.db")));
  EXPECT_THAT(result.advice, AllOf(HasSubstr("Stop the server"),
                                   HasSubstr("engramd restore")));
}

TEST_F(CheckTest, RowsThatNameNothingAreFound) {
  Change("engram.db",
         "PRAGMA foreign_keys=OFF; DELETE FROM run WHERE point = 2");
  const CheckResult result = Check(/*deep=*/false);
  EXPECT_THAT(result.problems,
              Contains(HasSubstr("runs are missing of experiment aaaaaaaaaa")));
  EXPECT_THAT(result.problems,
              Contains(HasSubstr("rows name others that are not there")));
}

TEST_F(CheckTest, AStateWithoutItsTransitionIsFound) {
  Change("engram.db", "UPDATE run SET state = 'running' WHERE point = 0");
  EXPECT_THAT(Check(/*deep=*/false).problems,
              ElementsAre(HasSubstr("last transition of run aaaaaaaaaa/0")));
}

TEST_F(CheckTest, AnAlteredBuildIsFoundByADeepCheck) {
  const std::string program = "a program";
  fs::create_directory(folder_.path() / "builds");
  const fs::path build = folder_.path() / "builds" / Sha256Hex(program);
  std::ofstream(build) << program;
  EXPECT_THAT(Check(/*deep=*/true).problems, IsEmpty());
  std::ofstream(build) << "another program";
  EXPECT_THAT(Check(/*deep=*/true).problems,
              ElementsAre(HasSubstr("was altered")));
}

TEST_F(CheckTest, ManyProblemsAreCutShort) {
  Change("engram.db", "UPDATE run SET state = 'running' WHERE point = 0");
  auto store = folder_.Open();
  SubmitSome(*store, 'b', 1200);
  store.reset();
  Change("engram.db", "UPDATE run SET state = 'running'");
  const CheckResult result = Check(/*deep=*/false);
  EXPECT_EQ(result.problems.size(), 1001u);
  EXPECT_EQ(result.problems.back(), "and 203 more");
}

}  // namespace
}  // namespace engram::store
