#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "core/base/sha256.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/array_table.h"
#include "server/store/blobs.h"
#include "server/store/log_table.h"
#include "tests/server/store/store_folder.h"

namespace engram::store {
namespace {

using ::testing::IsEmpty;

// In the child: logs lines 1, 2, ... with a chunk each, and writes a byte to
// the pipe for each one that is acknowledged, until it is killed.
[[noreturn]] void WriteUntilKilled(const std::filesystem::path& folder,
                                   int pipe) {
  StoreOptions options;
  options.folder = folder;
  auto store = Store::Open(options);
  if (!store.ok()) _exit(1);
  const RunKey run = SubmitSome(**store, 'a')[0];
  for (int64_t line = 1;; ++line) {
    Chunk chunk;
    chunk.data = std::string(static_cast<size_t>(line * 100), 'x');
    chunk.digest = Sha256(chunk.data);
    if (!(*store)->blobs().Put({&chunk, 1}).ok()) _exit(2);
    absl::Status status = (*store)->Write([&](Transaction& t) {
      ArrayRow array{run, "weights", line, {}};
      array.manifest.add_chunks(std::string(DigestBytes(chunk.digest)));
      StoreArray(t, array);
      AppendLog(t, run, {0, kNoonUs, 1, "info", absl::StrCat(line)});
      return absl::OkStatus();
    });
    if (!status.ok() || write(pipe, "x", 1) != 1) _exit(3);
  }
}

// Kills the child once it has acknowledged so many lines; returns how many it
// had when it was dead.
int64_t KillAfter(const std::filesystem::path& folder, int64_t lines) {
  int pipe_ends[2];
  EXPECT_EQ(pipe(pipe_ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    close(pipe_ends[0]);
    WriteUntilKilled(folder, pipe_ends[1]);
  }
  close(pipe_ends[1]);
  int64_t acknowledged = 0;
  char byte;
  while (read(pipe_ends[0], &byte, 1) == 1)
    if (++acknowledged == lines) kill(child, SIGKILL);
  close(pipe_ends[0]);
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status)) << "exit status " << WEXITSTATUS(status);
  return acknowledged;
}

class CrashTest : public ::testing::TestWithParam<int> {};

TEST_P(CrashTest, EveryAcknowledgedLineIsThereAndTheFilesAreWhole) {
  StoreFolder folder;
  const int64_t acknowledged = KillAfter(folder.path(), GetParam());
  auto store = folder.Open();
  ASSERT_NE(store, nullptr);
  const auto check = store->Check(/*deep=*/true);
  ASSERT_TRUE(check.ok()) << check.status();
  EXPECT_THAT(check->problems, IsEmpty());
  Ask(*store, [&](Reader& r) {
    const RunKey run = *FindRun(r, *FindExperiment(r, "aaaa"), 0);
    const auto lines = ReadLog(r, run, 0, 100'000);
    EXPECT_GE(static_cast<int64_t>(lines.size()), acknowledged);
    for (size_t i = 0; i < lines.size(); ++i)
      EXPECT_EQ(lines[i].text, absl::StrCat(i + 1));
    EXPECT_EQ(ReadArrays(r, run).size(), lines.size()) << "one transaction";
    return 0;
  });
  SubmitSome(*store, 'b');
}

INSTANTIATE_TEST_SUITE_P(AtSeveralMoments, CrashTest,
                         ::testing::Values(1, 2, 3, 7, 19, 40, 83));

}  // namespace
}  // namespace engram::store
