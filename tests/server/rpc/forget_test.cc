#include "server/rpc/forget.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>

namespace engram {
namespace {

TEST(ForgetTest, GoesOnUntilNothingIsLeft) {
  int64_t left = 25;
  int calls = 0;
  const absl::Status status = ForgetInBatches(
      10,
      [&]() -> absl::StatusOr<int64_t> {
        ++calls;
        const int64_t count = std::min<int64_t>(left, 10);
        left -= count;
        return count;
      },
      [] { return true; });
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(left, 0);
  EXPECT_EQ(calls, 3);
}

TEST(ForgetTest, EndsWhenItsTimeIsOverOrACommitFails) {
  int calls = 0;
  const auto full = [&]() -> absl::StatusOr<int64_t> {
    ++calls;
    return 10;
  };
  EXPECT_TRUE(ForgetInBatches(10, full, [&] { return calls < 4; }).ok());
  EXPECT_EQ(calls, 4);
  const absl::Status failed = ForgetInBatches(
      10,
      []() -> absl::StatusOr<int64_t> {
        return absl::ResourceExhaustedError("the disk is full");
      },
      [] { return true; });
  EXPECT_EQ(failed.code(), absl::StatusCode::kResourceExhausted);
}

TEST(ForgetTest, UploadsThatNobodyWentOnWithAreRemoved) {
  std::string pattern = testing::TempDir() + "/uploads-XXXXXX";
  const std::filesystem::path folder = mkdtemp(pattern.data());
  const auto now = std::filesystem::file_time_type::clock::now();
  for (const char* name : {"old", "young"}) std::ofstream(folder / name) << 'x';
  std::filesystem::last_write_time(folder / "old",
                                   now - std::chrono::hours(24 * 8));
  EXPECT_EQ(TidyUploads(folder, now - std::chrono::hours(24 * 7)), 1);
  EXPECT_FALSE(std::filesystem::exists(folder / "old"));
  EXPECT_TRUE(std::filesystem::exists(folder / "young"));
  std::filesystem::remove_all(folder);
  EXPECT_EQ(TidyUploads(folder, now), 0);
}

}  // namespace
}  // namespace engram
