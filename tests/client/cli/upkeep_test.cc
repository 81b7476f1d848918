// `engram admin backup`, `check` and `gc`.
#include <atomic>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/client/cli/lab.h"

namespace engram::cli {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

v1::BackupResponse ABackup() {
  v1::BackupResponse made;
  made.set_folder("/srv/backup/one");
  made.set_byte_size(3'400'000);
  made.set_file_count(3);
  return made;
}

TEST(UpkeepTest, BackupNamesItsFolderAndHowToRestore) {
  FakeServer server;
  server.On<v1::BackupRequest, v1::BackupResponse>(
      calls::kBackup, [](const v1::BackupRequest&) { return ABackup(); });
  const Outcome done = Engram(server, {"admin", "backup", "/srv/backup/one"});
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.out,
              AllOf(HasSubstr("3 files, 3.4 MB"),
                    HasSubstr("engramd restore /srv/backup/one --data")));
  const auto asked = server.Requests(calls::kBackup);
  ASSERT_THAT(asked, SizeIs(1));
  EXPECT_EQ(asked[0].folder(), "/srv/backup/one");
  EXPECT_NE(asked[0].request_id(), "");
}

TEST(UpkeepTest, BackupDrawsItsProgressOnATerminal) {
  FakeServer server;
  std::atomic<bool> was_asked = false;
  server.On<v1::GetStatusRequest, v1::ServerStatus>(
      calls::kGetStatus, [&](const v1::GetStatusRequest&) {
        was_asked = true;
        was_asked.notify_all();
        v1::ServerStatus status;
        status.mutable_backup()->set_done_bytes(1'000'000);
        status.mutable_backup()->set_total_bytes(3'400'000);
        return status;
      });
  // Answers once the client has asked how far it is.
  server.On<v1::BackupRequest, v1::BackupResponse>(
      calls::kBackup, [&](const v1::BackupRequest&) {
        was_asked.wait(false);
        return ABackup();
      });
  const Outcome done = Engram(server, {"admin", "backup"}, {.terminal = true});
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.out, AllOf(HasSubstr("1.0 MB of about 3.4 MB"),
                              HasSubstr("/srv/backup/one")));
}

TEST(UpkeepTest, BackupElsewhereDrawsNothing) {
  FakeServer server;
  server.On<v1::BackupRequest, v1::BackupResponse>(
      calls::kBackup, [](const v1::BackupRequest&) { return ABackup(); });
  const Outcome done =
      Engram(server, {"admin", "backup", "-o", "json"}, {.terminal = true});
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.out, AllOf(HasSubstr("\"fileCount\": 3"),
                              Not(HasSubstr("backing up"))));
}

TEST(UpkeepTest, CheckEndsWithZeroWhenEverythingFits) {
  FakeServer server;
  server.On<v1::CheckRequest, v1::CheckResponse>(
      calls::kCheck, [](const v1::CheckRequest& request) {
        v1::CheckResponse check;
        check.set_runs_read(12);
        check.set_experiments_read(2);
        check.set_chunks_named(7);
        check.set_chunks_read(request.deep() ? 7 : 0);
        return check;
      });
  const Outcome done = Engram(server, {"admin", "check", "--deep"});
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(done.out,
            "2 experiments, 12 runs, 7 chunks named, 7 compared: everything "
            "fits together\n");
}

TEST(UpkeepTest, CheckEndsWithOneAndSaysWhatToDo) {
  FakeServer server;
  server.On<v1::CheckRequest, v1::CheckResponse>(
      calls::kCheck, [](const v1::CheckRequest&) {
        v1::CheckResponse check;
        check.add_problems("engram.db: page 7 is never used");
        check.set_advice("Stop the server.");
        return check;
      });
  const Outcome done = Engram(server, {"admin", "check"});
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(done.out,
              AllOf(HasSubstr("problem: engram.db: page 7 is never used\n"),
                    HasSubstr("1 problem\nStop the server.\n")));
}

TEST(UpkeepTest, GarbageSaysWhatWouldGoAndWhatIsSpared) {
  FakeServer server;
  server.On<v1::CollectGarbageRequest, v1::CollectGarbageResponse>(
      calls::kCollectGarbage, [](const v1::CollectGarbageRequest& request) {
        v1::CollectGarbageResponse garbage;
        garbage.set_chunk_count(3);
        garbage.set_byte_size(2'000'000);
        garbage.set_spared_chunk_count(request.dry_run() ? 1 : 0);
        garbage.set_spared_byte_size(500'000);
        return garbage;
      });
  const Outcome dry = Engram(server, {"admin", "gc", "--dry-run"});
  EXPECT_EQ(dry.code, 0) << dry.err;
  EXPECT_THAT(dry.out, AllOf(HasSubstr("3 chunks of 2.0 MB would be removed"),
                             HasSubstr("1 chunk of 500 kB more")));
  const Outcome done = Engram(server, {"admin", "gc"});
  EXPECT_THAT(done.out, AllOf(HasSubstr("were removed"),
                              Not(HasSubstr("more that nothing names"))));
}

}  // namespace
}  // namespace engram::cli
